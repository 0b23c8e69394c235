import ValenceKernels

/// The sum of several branches at each time step, each value weighted by a learned gate.
///
/// h[i] = tanh(W[i]·x[i] + b[i]), z = σ(Z·[x[1] … x[k]] + c), out = Σ z[i] ⊙ h[i]. Widths may differ:
/// each branch is first brought to the width of the sum. Source: the gated multimodal unit of Arevalo et
/// al. (2017), figure 2a, for any number of branches; here with biases, as torch.nn.Linear has them.
final class GatedJoin {
  private struct GatedBranch {
    /// Its columns of the input, and its columns of the values and gates.
    let columns: Range<Int>
    let gates: Range<Int>
    let weight: Range<Int>
    let bias: Range<Int>
  }

  /// J.
  private let width: Int
  private let branches: [GatedBranch]
  private let gateWeight: Range<Int>
  private let gateBias: Range<Int>
  /// `[rows, k·J]`: h and z, all branches side by side, and the gradients before tanh and σ.
  private let values: Rows
  private let gates: Rows
  private let valueGradients: Rows
  private let gateGradients: Rows
  /// `[rows, J]`.
  private let output: Rows

  /// The width of the sum: the channels of the last convolution; where there is none, that of the projection.
  static func width(_ model: ModelOptions, _ branches: [NetworkInput.Branch]) -> Int {
    if branches.contains(where: { $0.form == .image }) { return model.cnn.channels.last ?? 1 }
    return model.projection?.width ?? branches[0].bins
  }

  /// The sum over branches of the given widths, to one of `width` values a step.
  static func shape(of widths: [Int], to width: Int, steps: Int) -> LayerShape {
    let (all, count) = (widths.reduce(0, +), widths.count)
    let weights = all * width + all * count * width
    var shape = LayerShape("gates", .sequence(steps: steps, width: width))
    shape.parameters = weights + 2 * count * width
    shape.multiplyAdds = weights * steps
    shape.keptFloats = steps * (2 * count + 1) * width
    return shape
  }

  /// Adds `join.<branch>.weight` `[J, I[i]]` and `join.gates.weight` `[k·J, I]`, both kept transposed, with
  /// their biases.
  init(
    _ inputs: [(name: String, width: Int)], width: Int, rows: Int,
    state: inout StateLayout
  ) {
    self.width = width
    func bound(_ inputs: Int) -> Initializer { .uniform(bound: 1 / Float(inputs).squareRoot()) }
    var branches: [GatedBranch] = []
    var column = 0
    for (index, input) in inputs.enumerated() {
      let bound = bound(input.width)
      branches.append(
        GatedBranch(
          columns: column..<column + input.width, gates: index * width..<(index + 1) * width,
          weight: state.addParameter(
            "join.\(input.name).weight", shape: [width, input.width], initializer: bound,
            axes: [1, 0]),
          bias: state.addParameter("join.\(input.name).bias", shape: [width], initializer: bound)))
      column += input.width
    }
    self.branches = branches
    let all = inputs.count * width
    gateWeight = state.addParameter(
      "join.gates.weight", shape: [all, column], initializer: bound(column), axes: [1, 0])
    gateBias = state.addParameter("join.gates.bias", shape: [all], initializer: bound(column))
    values = Rows(zeros: rows, width: all)
    gates = Rows(zeros: rows, width: all)
    valueGradients = Rows(zeros: rows, width: all)
    gateGradients = Rows(zeros: rows, width: all)
    output = Rows(zeros: rows, width: width)
  }

  /// The output of the last `forward`, `[rows, J]`.
  func output(rows: Int) -> Rows { output.prefix(rows) }

  /// Joins `input`, `[rows, I]`.
  func forward(_ input: Rows, packing: PackedRows, pass: Pass) {
    pass.forEachShard(packing) { _, rows in
      let (x, h, z) = (input[rows], values[rows], gates[rows])
      for branch in branches {
        GEMM.multiply(
          x.columns(branch.columns), weight(of: branch, pass.parameters),
          into: h.columns(branch.gates))
      }
      GEMM.multiply(x, gateWeight(pass.parameters), into: z)
      GateKernel(values: h, gates: z, branches: branches.count).forward(
        valueBiases: branches.map { pass.parameters[$0.bias] },
        gateBias: pass.parameters[gateBias], into: output[rows])
    }
  }

  /// Overwrites dL/dinput and the gradients of the parameters, after a `forward` of the same input.
  ///
  /// - Parameter outputGradient: `[rows, J]`.
  func backward(
    _ outputGradient: Rows, input: Rows, inputGradient: Rows, packing: PackedRows, pass: Pass
  ) {
    pass.forEachShard(packing) { _, rows in
      let (dx, dh, dz) = (inputGradient[rows], valueGradients[rows], gateGradients[rows])
      GateKernel(values: values[rows], gates: gates[rows], branches: branches.count)
        .backward(outputGradient[rows], values: dh, gates: dz)
      GEMM.multiply(dz, gateWeight(pass.parameters), transposing: .right, into: dx)
      for branch in branches {
        GEMM.multiply(
          dh.columns(branch.gates), weight(of: branch, pass.parameters), transposing: .right,
          into: dx.columns(branch.columns), accumulate: true)
      }
    }
    fillParameterGradients(input.prefix(packing.rows), pass: pass)
  }

  private func fillParameterGradients(_ x: Rows, pass: Pass) {
    let (dh, dz) = (valueGradients.prefix(x.count), gateGradients.prefix(x.count))
    GEMM.multiply(x, dz, transposing: .left, into: gateWeight(pass.gradients))
    dz.columnSums(into: pass.gradients[gateBias])
    let sums = Floats(zeros: dh.width)
    dh.columnSums(into: sums)
    for branch in branches {
      GEMM.multiply(
        x.columns(branch.columns), dh.columns(branch.gates), transposing: .left,
        into: weight(of: branch, pass.gradients))
      pass.gradients[branch.bias].copy(sums[branch.gates])
    }
  }

  private func weight(of branch: GatedBranch, _ block: Floats) -> Rows {
    Rows(block[branch.weight], width: width)
  }

  private func gateWeight(_ block: Floats) -> Rows { Rows(block[gateWeight], width: gates.width) }
}
