import Foundation
import ValenceKernels

/// A transformer encoder over clips packed without padding: a dense layer from I to W values, layers, a last
/// normalization.
///
/// A clip attends to itself alone and is taken through all layers by one thread. Formulas and names of the layers
/// are those of torch.nn.TransformerEncoder with `norm_first`, below `transformer.`.
final class TransformerStack {
  private let input: DenseLayer
  /// `[steps, W]`: what is added to the input; nil for positions of another kind.
  private let sinusoids: Rows?
  private let layers: [TransformerLayer]
  private let norm: LayerNorm
  /// `[rows, W]`: what the first layer reads, and what comes out of the last normalization.
  private let embedded: Rows
  private let normed: Rows
  /// `[rows, W]`: the gradient that goes down the layers.
  private let gradient: Rows
  private let gradients: TransformerLayer.Gradients

  /// Adds the parameters below `transformer.`.
  ///
  /// - Parameter steps: the greatest number of steps of a clip.
  init(
    _ options: TransformerOptions, inputWidth: Int, steps: Int, clips: Int,
    state: inout StateLayout
  ) {
    let (width, rows) = (options.width, clips * steps)
    let rotary =
      options.positions == .rotary
      ? RotaryPositions(steps: steps, width: width / options.heads) : nil
    let shared = SelfAttention.Shared(options: options, rows: rows, rotary: rotary)
    (input, layers, norm) = state.scoped("transformer.") { state in
      (
        DenseLayer("input.", (inputWidth, width), state: &state),
        (0..<options.layers).map { TransformerLayer($0, shared, state: &state) },
        LayerNorm("norm.", width: width, rows: rows, state: &state)
      )
    }
    sinusoids =
      options.positions == .sinusoidal ? Self.sinusoids(steps: steps, width: width) : nil
    embedded = Rows(zeros: rows, width: width)
    normed = Rows(zeros: rows, width: width)
    gradient = Rows(zeros: rows, width: width)
    gradients = TransformerLayer.Gradients(shared)
  }

  /// The output of the last `forward`, `[rows, W]`.
  func output(rows: Int) -> Rows { normed.prefix(rows) }

  /// Runs all layers on `x`, `[rows, I]`.
  func forward(_ x: Rows, packing: PackedRows, pass: Pass) {
    pass.workers.forEach(parts: packing.clips) { clip in
      let rows = packing.rows(of: clip)
      let first = embedded[rows]
      input.forward(x[rows], into: first, pass: pass)
      if let sinusoids {
        first.floats.setSum(first.floats, sinusoids.prefix(rows.count).floats)
      }
      var below = embedded
      for layer in layers {
        layer.forward(below, clip: clip, rows: rows, pass: pass)
        below = layer.output
      }
      norm.forward(below, into: normed, rows: rows, pass: pass)
    }
  }

  /// Overwrites dL/dx and the gradients of the parameters, after a `forward` of the same x.
  ///
  /// - Parameter outputGradient: `[rows, W]`.
  func backward(
    _ outputGradient: Rows, input x: Rows, inputGradient: Rows, packing: PackedRows, pass: Pass
  ) {
    let rows = packing.rows
    let outputs = [embedded] + layers.map(\.output)
    gradient.prefix(rows).fill(0)
    pass.workers.forEach(parts: packing.clips) { clip in
      norm.backward(
        outputGradient, x: outputs[layers.count], addingTo: gradient,
        rows: packing.rows(of: clip), pass: pass)
    }
    norm.fillParameterGradients(outputs[layers.count].prefix(rows), outputGradient, pass: pass)
    for (index, layer) in layers.enumerated().reversed() {
      pass.workers.forEach(parts: packing.clips) { clip in
        layer.backward(
          gradient, x: outputs[index], clip: (clip, packing.rows(of: clip)),
          gradients: gradients, pass: pass)
      }
      layer.fillParameterGradients(outputs[index].prefix(rows), gradients: gradients, pass: pass)
    }
    pass.workers.forEach(parts: packing.clips) { clip in
      let rows = packing.rows(of: clip)
      input.fillInputGradient(inputGradient[rows], from: gradient[rows], pass: pass)
    }
    input.fillParameterGradients(x, gradient.prefix(rows), pass: pass)
  }

  /// Values 2i and 2i + 1 of a step are the sine and cosine of step · 10000^(−2i / W).
  private static func sinusoids(steps: Int, width: Int) -> Rows {
    let values = (0..<steps).flatMap { step in
      (0..<width).map { index -> Float in
        let angle = Double(step) * pow(10_000, -Double(index / 2 * 2) / Double(width))
        return Float(index.isMultiple(of: 2) ? sin(angle) : cos(angle))
      }
    }
    return Rows(Floats(values), count: steps, width: width)
  }
}
