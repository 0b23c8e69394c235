import CKernels

/// The sum of several branches' values, each weighted by a gate: out = Σ σ(z[i]) ⊙ tanh(h[i]).
package struct GateKernel: Sendable {
  /// `[rows, branches · width]`: what tanh is taken of before `forward`, its result after.
  package let values: Floats
  /// `[rows, branches · width]`: what σ is taken of before `forward`, its result after.
  package let gates: Floats
  private let branches: Int
  private let width: Int
  private var rows: Int { values.count / (branches * width) }

  /// Describes the values and gates of a few time steps, branches side by side.
  package init(values: Floats, gates: Floats, branches: Int, width: Int) {
    precondition(
      values.count == gates.count && values.count.isMultiple(of: branches * width),
      "\(branches) branches of \(width): \(values.count) and \(gates.count) floats")
    (self.values, self.gates) = (values, gates)
    (self.branches, self.width) = (branches, width)
  }

  /// Adds the biases, takes tanh and σ in place, and fills `output`, `[rows, width]`.
  ///
  /// - Parameters:
  ///   - valueBiases: `[width]` of each branch.
  ///   - gateBias: `[branches · width]`.
  package func forward(valueBiases: [Floats], gateBias: Floats, into output: Floats) {
    precondition(
      valueBiases.count == branches && valueBiases.allSatisfy { $0.count == width }
        && gateBias.count == branches * width && output.count == rows * width,
      "biases \(valueBiases.map(\.count)) and \(gateBias.count), output \(output.count)")
    output.fill(0)
    let kernel =
      KernelSetup.isPlainHere ? unsafe valence_gate_forward_plain : unsafe valence_gate_forward
    for (index, bias) in valueBiases.enumerated() {
      let start = index * width
      unsafe kernel(
        rows, width, branches * width, bias.pointer, gateBias.pointer + start,
        values.pointer + start, gates.pointer + start, output.pointer)
    }
  }

  /// Writes dL/d of what tanh and σ were taken of, given dL/doutput, `[rows, width]`.
  package func backward(
    _ outputGradient: Floats, values valueGradients: Floats, gates gateGradients: Floats
  ) {
    precondition(
      outputGradient.count == rows * width && valueGradients.count == values.count
        && gateGradients.count == values.count,
      "\(outputGradient.count), \(valueGradients.count) and \(gateGradients.count) floats")
    for start in stride(from: 0, to: branches * width, by: width) {
      unsafe valence_gate_backward(
        rows, width, branches * width, values.pointer + start, gates.pointer + start,
        outputGradient.pointer, valueGradients.pointer + start, gateGradients.pointer + start)
    }
  }
}
