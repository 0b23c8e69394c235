import ValenceKernels

/// From the steps of each clip, `[rows, W]` packed, to one vector a clip, `[B, W]`.
final class TimePooling {
  private enum Method {
    case mean
    case max
    /// How many of the values come from the forward direction.
    case last(forwardWidth: Int)
    case attention(AttentionPooling)
  }

  private let method: Method
  /// `[B, W]`.
  private let output: Rows

  /// The pooling of sequences of `width` values a step.
  static func shape(of model: ModelOptions, steps: Int, width: Int) -> LayerShape {
    if model.pooling == .attention {
      return AttentionPooling.shape(width: width, inner: model.attentionWidth, steps: steps)
    }
    var shape = LayerShape("\(model.pooling.rawValue) over time", .vector(width: width))
    shape.keptFloats = width
    return shape
  }

  /// Adds what is learned, if anything, to the layout.
  ///
  /// - Parameter width: W.
  init(
    _ model: ModelOptions, width: Int, rows: Int, clips: Int, state: inout StateLayout
  ) {
    output = Rows(zeros: clips, width: width)
    switch model.pooling {
    case .mean: method = .mean
    case .max: method = .max
    case .last:
      let directed = model.transformer == nil ? model.rnn : nil
      method = .last(forwardWidth: directed?.hidden ?? width)
    case .attention:
      method = .attention(
        AttentionPooling(
          width: width, inner: model.attentionWidth, rows: rows, state: &state))
    }
  }

  /// The vectors of the last `forward`, `[B, W]`.
  func output(clips: Int) -> Rows { output.prefix(clips) }

  /// Pools `h`, `[rows, W]`; every clip has at least one step.
  func forward(_ h: Rows, packing: PackedRows, pass: Pass) {
    if case .attention(let attention) = method {
      return attention.forward(h, packing: packing, output: output, pass: pass)
    }
    for clip in 0..<packing.clips {
      let (steps, vector) = (h[packing.rows(of: clip)], output.row(clip))
      switch method {
      case .mean: steps.columnSums(scale: 1 / Double(steps.count), into: vector)
      case .max: steps.columnMaxima(into: vector)
      case .last(let forwardWidth):
        let (first, last) = (steps.row(0), steps.row(steps.count - 1))
        vector[0..<forwardWidth].copy(last[0..<forwardWidth])
        vector.dropFirst(forwardWidth).copy(first.dropFirst(forwardWidth))
      case .attention: break
      }
    }
  }

  /// Overwrites dL/dh, `[rows, W]`, given dL/doutput, `[B, W]`, after a `forward` of the same `h`.
  func backward(
    _ outputGradient: Rows, h: Rows, inputGradient: Rows, packing: PackedRows, pass: Pass
  ) {
    if case .attention(let attention) = method {
      return attention.backward(
        outputGradient, h: h, inputGradient: inputGradient, packing: packing, pass: pass)
    }
    for clip in 0..<packing.clips {
      let rows = packing.rows(of: clip)
      let (gradient, target) = (outputGradient.row(clip), inputGradient[rows])
      switch method {
      case .mean: target.fill(repeating: gradient, scale: 1 / Double(target.count))
      case .max:
        h[rows].columnMaximaBackward(maxima: output.row(clip), gradient: gradient, into: target)
      case .last(let forwardWidth):
        target.fill(0)
        let (first, last) = (target.row(0), target.row(target.count - 1))
        last[0..<forwardWidth].copy(gradient[0..<forwardWidth])
        first.dropFirst(forwardWidth).copy(gradient.dropFirst(forwardWidth))
      case .attention: break
      }
    }
  }
}
