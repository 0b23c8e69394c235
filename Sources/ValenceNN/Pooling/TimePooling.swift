import ValenceKernels

/// From the steps of each clip, `[rows, W]` packed, to one vector a clip, `[B, W]`.
final class TimePooling {
  private enum Kind {
    case mean
    case max
    /// How many of the values come from the forward direction.
    case last(forwardWidth: Int)
    case attention(AttentionPooling)
  }

  private let kind: Kind
  private let width: Int
  private let output: Floats

  /// Adds what is learned, if anything, to the layout.
  ///
  /// - Parameter width: W.
  init(
    _ model: ModelOptions, width: Int, rows: Int, clips: Int, parameters: inout ParameterLayout
  ) {
    self.width = width
    output = Floats(zeros: clips * width)
    switch model.pooling {
    case .mean: kind = .mean
    case .max: kind = .max
    case .last: kind = .last(forwardWidth: model.rnn?.hidden ?? width)
    case .attention:
      kind = .attention(
        AttentionPooling(
          width: width, inner: model.attentionWidth, rows: rows, parameters: &parameters))
    }
  }

  /// The vectors of the last `forward`, `[B, W]`.
  func output(clips: Int) -> Floats { output[0..<clips * width] }

  /// Pools `h`, `[rows, W]`; every clip has at least one step.
  func forward(_ h: Floats, rows: PackedRows, pass: Pass) {
    if case .attention(let attention) = kind {
      return attention.forward(h, rows: rows, output: output, pass: pass)
    }
    for clip in 0..<rows.clips {
      let range = rows.rows(of: clip)
      let steps = h[range.lowerBound * width..<range.upperBound * width]
      let vector = output[clip * width..<(clip + 1) * width]
      switch kind {
      case .mean: Rows.sums(steps, rows: range.count, scale: 1 / Double(range.count), into: vector)
      case .max: Rows.maxima(steps, into: vector)
      case .last(let forwardWidth):
        let last = steps[(range.count - 1) * width..<range.count * width]
        vector[0..<forwardWidth].copy(last[0..<forwardWidth])
        vector[forwardWidth..<width].copy(steps[forwardWidth..<width])
      case .attention: break
      }
    }
  }

  /// Overwrites dL/dh, `[rows, W]`, given dL/doutput, `[B, W]`, after a `forward` of the same `h`.
  func backward(
    _ outputGradient: Floats, h: Floats, inputGradient: Floats, rows: PackedRows, pass: Pass
  ) {
    if case .attention(let attention) = kind {
      return attention.backward(
        outputGradient, h: h, inputGradient: inputGradient, rows: rows, pass: pass)
    }
    for clip in 0..<rows.clips {
      let range = rows.rows(of: clip)
      let part = range.lowerBound * width..<range.upperBound * width
      let gradient = outputGradient[clip * width..<(clip + 1) * width]
      let target = inputGradient[part]
      switch kind {
      case .mean: Rows.spread(gradient, scale: 1 / Double(range.count), over: target)
      case .max:
        let vector = output[clip * width..<(clip + 1) * width]
        Rows.maximaBackward(h[part], maxima: vector, gradient: gradient, into: target)
      case .last(let forwardWidth):
        target.fill(0)
        let last = target[(range.count - 1) * width..<range.count * width]
        last[0..<forwardWidth].copy(gradient[0..<forwardWidth])
        target[forwardWidth..<width].copy(gradient[forwardWidth..<width])
      case .attention: break
      }
    }
  }
}
