import ValenceKernels

/// Where hidden states go: the features that were asked for, each of all frames that are kept.
///
/// Blocks of frames arrive on several threads; each writes rows of its own.
struct StateSink: Sendable {
  let shape: EncoderShape
  private let outputs: [(layer: EncoderLayer, rows: Rows)]

  /// How many floats a sink takes.
  static func count(_ layers: [EncoderLayer], shape: EncoderShape, frames: Int) -> Int {
    layers.reduce(0) { $0 + frames * $1.states(shape) * shape.width }
  }

  /// - Parameters:
  ///   - frames: how many are kept, from the first on.
  ///   - memory: `count` floats of any value.
  init(_ layers: [EncoderLayer], shape: EncoderShape, frames: Int, memory: Floats) {
    self.shape = shape
    var rest = memory
    outputs = layers.map { layer in
      let rows = Rows(rest, count: frames, width: layer.states(shape) * shape.width)
      rest = rest.dropFirst(rows.count * rows.width)
      if layer == .mean { rows.fill(0) }
      return (layer, rows)
    }
  }

  /// Takes some frames of a state as they leave a layer, or as they enter the first.
  func take(_ states: Rows, from first: Int, state: Int) {
    for (layer, output) in outputs {
      switch layer {
      case .last: continue
      case .state(let number): if number == state { write(states, first, output) }
      case .mean: add(states, first, output, isLast: state == shape.layers)
      case .weighted, .nested:
        write(states, first, output.columns(state * shape.width..<(state + 1) * shape.width))
      }
    }
  }

  /// Takes some frames behind all layers and the final norm.
  func takeLast(_ states: Rows, from first: Int) {
    for (layer, output) in outputs where layer == .last { write(states, first, output) }
  }

  /// What was taken, in the order of the layers asked for; nil unless all are finite numbers.
  func features(_ workers: Workers) -> [[Float]]? {
    let features = outputs.compactMap { $0.rows.floats.finiteArray(workers) }
    return features.count == outputs.count ? features : nil
  }

  private func write(_ states: Rows, _ first: Int, _ output: Rows) {
    let kept = kept(states, first, output)
    if kept == 0 { return }
    output[first..<first + kept].copy(states.prefix(kept))
  }

  private func add(_ states: Rows, _ first: Int, _ output: Rows, isLast: Bool) {
    let kept = kept(states, first, output)
    if kept == 0 { return }
    let target = output[first..<first + kept]
    target.add(states.prefix(kept))
    guard isLast else { return }
    let (sums, scale) = (target.floats, 1 / Float(shape.layers + 1))
    for index in 0..<sums.count { sums[index] *= scale }
  }

  private func kept(_ states: Rows, _ first: Int, _ output: Rows) -> Int {
    max(0, min(states.count, output.count - first))
  }
}
