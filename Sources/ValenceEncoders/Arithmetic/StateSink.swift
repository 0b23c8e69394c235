import ValenceKernels

/// Where hidden states go: the features that were asked for, each of all frames that are kept.
///
/// Blocks of frames arrive on several threads; each writes rows of its own.
struct StateSink: Sendable {
  let shape: EncoderShape
  private let outputs: [(layer: EncoderLayer, rows: Rows)]

  /// - Parameter frames: how many are kept, from the first on.
  init(_ layers: [EncoderLayer], shape: EncoderShape, frames: Int) {
    self.shape = shape
    outputs = layers.map {
      ($0, Rows(zeros: frames, width: $0.states(shape) * shape.width))
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

  /// What was taken, in the order of the layers asked for.
  var features: [[Float]] { outputs.map(\.rows.floats.array) }

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
