import CKernels

/// The sum of several branches' values, each weighted by a gate: out = Σ σ(z[i]) ⊙ tanh(h[i]).
package struct GateKernel: Sendable {
  /// `[rows, branches · width]`: the values before tanh; `forward` replaces them by those after it.
  package let values: Rows
  /// `[rows, branches · width]`: the gates before σ; `forward` replaces them by those after it.
  package let gates: Rows
  private let branches: Int
  private var rows: Int { values.count }
  private var width: Int { values.width / branches }

  /// Describes the values and gates of some time steps, branches side by side.
  package init(values: Rows, gates: Rows, branches: Int) {
    precondition(
      values.hasShape(of: gates) && values.width.isMultiple(of: branches),
      "\(branches) branches: [\(values.count), \(values.width)] and [\(gates.count), \(gates.width)]"
    )
    (self.values, self.gates, self.branches) = (values, gates, branches)
  }

  /// Adds the biases, takes tanh and σ in place, and fills `output`, `[rows, width]`.
  ///
  /// - Parameters:
  ///   - valueBiases: `[width]` of each branch.
  ///   - gateBias: `[branches · width]`.
  package func forward(valueBiases: [Floats], gateBias: Floats, into output: Rows) {
    precondition(
      valueBiases.count == branches && valueBiases.allSatisfy { $0.count == width }
        && gateBias.count == branches * width && output.count == rows && output.width == width
        && output.isContiguous,
      "biases \(valueBiases.map(\.count)) and \(gateBias.count), "
        + "output [\(output.count), \(output.width)]")
    output.fill(0)
    let kernel =
      KernelSetup.isPlainHere ? unsafe valence_gate_forward_plain : unsafe valence_gate_forward
    for (index, bias) in valueBiases.enumerated() {
      let start = index * width
      unsafe kernel(
        rows, width, values.stride, bias.pointer, gateBias.pointer + start,
        values.pointer + start, gates.pointer + start, output.pointer)
    }
  }

  /// Writes the gradients before tanh and σ, given dL/doutput, `[rows, width]`.
  package func backward(
    _ outputGradient: Rows, values valueGradients: Rows, gates gateGradients: Rows
  ) {
    precondition(
      outputGradient.count == rows && outputGradient.width == width && outputGradient.isContiguous
        && valueGradients.hasShape(of: values) && gateGradients.hasShape(of: values),
      "gradients of \(outputGradient.count), \(valueGradients.count), \(gateGradients.count) rows")
    for start in stride(from: 0, to: branches * width, by: width) {
      unsafe valence_gate_backward(
        rows, width, values.stride, values.pointer + start, gates.pointer + start,
        outputGradient.pointer, valueGradients.pointer + start, gateGradients.pointer + start)
    }
  }
}
