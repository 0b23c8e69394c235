import ValenceKernels

/// The sum of what several branches say of a time step, each value weighted by a learned gate.
///
/// h[i] = tanh(W[i]·x[i] + b[i]), z = σ(Z·[x[1] … x[k]] + c), out = Σ z[i] ⊙ h[i]. Widths may differ:
/// each branch is first brought to the width of the sum. Source: the gated multimodal unit of Arevalo et
/// al. (2017), figure 2a, for any number of branches; here with biases, as torch.nn.Linear has them.
final class GatedJoin {
  private struct Branch {
    let column: Int
    let width: Int
    let weight: Range<Int>
    let bias: Range<Int>
  }

  private let width: Int
  /// Of all branches together.
  private let inputWidth: Int
  private let branches: [Branch]
  private let gateWeight: Range<Int>
  private let gateBias: Range<Int>
  /// `[rows, k·J]`: h and z, all branches side by side, and dL/d of what tanh and σ were taken of.
  private let values: Floats
  private let gates: Floats
  private let valueGradients: Floats
  private let gateGradients: Floats
  /// `[rows, J]`.
  private let output: Floats

  /// The width of the sum: the channels of the last convolution.
  static func width(_ cnn: CNNOptions) -> Int { cnn.channels.last ?? 1 }

  /// Adds `join.<branch>.weight` `[J, I[i]]` and `join.gates.weight` `[k·J, I]`, both kept transposed, with
  /// their biases.
  init(
    _ inputs: [(name: String, width: Int)], width: Int, rows: Int,
    parameters: inout ParameterLayout
  ) {
    self.width = width
    func bound(_ inputs: Int) -> Initializer { .uniform(bound: 1 / Float(inputs).squareRoot()) }
    var branches: [Branch] = []
    var column = 0
    for input in inputs {
      let bound = bound(input.width)
      branches.append(
        Branch(
          column: column, width: input.width,
          weight: parameters.add(
            "join.\(input.name).weight", shape: [width, input.width], initializer: bound,
            axes: [1, 0]),
          bias: parameters.add("join.\(input.name).bias", shape: [width], initializer: bound)))
      column += input.width
    }
    (self.branches, inputWidth) = (branches, column)
    let all = inputs.count * width
    gateWeight = parameters.add(
      "join.gates.weight", shape: [all, column], initializer: bound(column), axes: [1, 0])
    gateBias = parameters.add("join.gates.bias", shape: [all], initializer: bound(column))
    values = Floats(zeros: rows * all)
    gates = Floats(zeros: rows * all)
    valueGradients = Floats(zeros: rows * all)
    gateGradients = Floats(zeros: rows * all)
    output = Floats(zeros: rows * width)
  }

  /// What the last `forward` put out, `[rows, J]`.
  func output(rows: Int) -> Floats { output[0..<rows * width] }

  private var all: Int { branches.count * width }

  /// Joins `input`, `[rows, I]`.
  func forward(_ input: Floats, rows: PackedRows, pass: Pass) {
    forEachShard(rows, pass) { range in
      let x = part(range, of: input, inputWidth)
      let (h, z) = (part(range, of: values, all), part(range, of: gates, all))
      for (index, branch) in branches.enumerated() {
        GEMM.multiply(
          x[branch.column..<x.count], pass.parameters[branch.weight],
          into: h[index * width..<h.count], m: range.count, n: width, k: branch.width,
          lda: inputWidth, ldc: all)
      }
      GEMM.multiply(x, pass.parameters[gateWeight], into: z, m: range.count, n: all, k: inputWidth)
      GateKernel(values: h, gates: z, branches: branches.count, width: width).forward(
        valueBiases: branches.map { pass.parameters[$0.bias] },
        gateBias: pass.parameters[gateBias], into: part(range, of: output, width))
    }
  }

  /// Overwrites dL/dinput and the gradients of the parameters, after a `forward` of the same input.
  ///
  /// - Parameter outputGradient: `[rows, J]`.
  func backward(
    _ outputGradient: Floats, input: Floats, inputGradient: Floats, rows: PackedRows, pass: Pass
  ) {
    forEachShard(rows, pass) { range in
      let dx = part(range, of: inputGradient, inputWidth)
      let (dh, dz) = (part(range, of: valueGradients, all), part(range, of: gateGradients, all))
      GateKernel(
        values: part(range, of: values, all), gates: part(range, of: gates, all),
        branches: branches.count, width: width
      ).backward(part(range, of: outputGradient, width), values: dh, gates: dz)
      GEMM.multiply(
        dz, transposed: false, pass.parameters[gateWeight], transposed: true, into: dx,
        m: range.count, n: inputWidth, k: all)
      for (index, branch) in branches.enumerated() {
        GEMM.multiply(
          dh[index * width..<dh.count], transposed: false, pass.parameters[branch.weight],
          transposed: true, into: dx[branch.column..<dx.count], m: range.count, n: branch.width,
          k: width, lda: all, ldc: inputWidth, accumulate: true)
      }
    }
    parameterGradients(input, rows: rows.rows, pass: pass)
  }

  private func parameterGradients(_ input: Floats, rows: Int, pass: Pass) {
    let (dh, dz) = (valueGradients[0..<rows * all], gateGradients[0..<rows * all])
    GEMM.multiply(
      input, transposed: true, dz, into: pass.gradients[gateWeight], m: inputWidth, n: all, k: rows)
    Rows.sums(dz, rows: rows, into: pass.gradients[gateBias])
    let sums = Floats(zeros: all)
    Rows.sums(dh, rows: rows, into: sums)
    for (index, branch) in branches.enumerated() {
      let start = index * width
      GEMM.multiply(
        input[branch.column..<input.count], transposed: true, dh[start..<dh.count],
        into: pass.gradients[branch.weight], m: branch.width, n: width, k: rows, lda: inputWidth,
        ldb: all)
      pass.gradients[branch.bias].copy(sums[start..<start + width])
    }
  }

  private func part(_ range: Range<Int>, of x: Floats, _ width: Int) -> Floats {
    x[range.lowerBound * width..<range.upperBound * width]
  }

  /// Lends the rows of each shard.
  private func forEachShard(_ rows: PackedRows, _ pass: Pass, _ body: (Range<Int>) -> Void) {
    let shards = BatchShape.shards(clips: rows.clips)
    pass.workers.forEach(parts: shards.count) { index in
      let clips = shards[index]
      body(rows.offsets[clips.lowerBound]..<rows.offsets[clips.upperBound])
    }
  }
}
