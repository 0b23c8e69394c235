import Foundation
import ValenceCorpora
import ValenceEvaluation
import ValenceKernels
import ValenceNN

/// Asks a network about clips.
struct Evaluator {
  let network: Network
  let assembler: BatchAssembler
  /// Clips a batch.
  let batch: Int

  /// The logits of each clip at `indices`, in that order: `[clips][K]`.
  ///
  /// Clips are asked in order of length, which changes no clip's result but wastes less padding.
  func logits(_ indices: [Int], from source: ClipSource) -> [[Float]] {
    let order = indices.indices.sorted {
      (source.frames(of: indices[$0]), $0) < (source.frames(of: indices[$1]), $1)
    }
    var result = [[Float]](repeating: [], count: indices.count)
    for start in stride(from: 0, to: order.count, by: batch) {
      let slots = order[start..<min(start + batch, order.count)]
      let shape = assembler.fill(slots.map { indices[$0] }, from: source)
      let logits = network.logits(inputs: assembler.inputs, batch: shape)
      let classes = logits.count / shape.clips
      for (row, slot) in slots.enumerated() {
        result[slot] = Array(logits[row * classes..<(row + 1) * classes])
      }
    }
    return result
  }

  /// What the network says of each usable clip at `indices`.
  func predictions(_ indices: [Int], from source: ClipSource) -> [Prediction] {
    let usable = indices.filter(source.isUsable)
    return zip(usable, logits(usable, from: source)).map { index, logits in
      let utterance = source.utterance(of: index)
      let span = source.spanS(of: index)
      return Prediction(
        file: utterance.path, startS: span.lowerBound, endS: span.upperBound,
        speaker: utterance.speaker, truth: source.target(of: index),
        probabilities: Self.softmax(logits))
    }
  }

  /// The probabilities of logits; computed in `Double`.
  static func softmax(_ logits: [Float]) -> [Float] {
    let top = Double(logits.max() ?? 0)
    let powers = logits.map { exp(Double($0) - top) }
    let sum = powers.reduce(0, +)
    return powers.map { Float($0 / sum) }
  }
}
