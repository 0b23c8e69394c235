import Foundation
import ValenceCore
import ValenceCorpora
import ValenceData
import ValenceEvaluation
import ValenceKernels
import ValenceNN

/// Asks a network about clips.
package struct Evaluator {
  let network: Network
  let assembler: BatchAssembler
  /// Clips a batch.
  let batch: Int
  let control: RunControl

  /// The logits of each clip at `indices`, in that order: `[clips][K]`; of a clip that is longer than
  /// the network's windows the mean over its windows.
  ///
  /// Clips are asked in order of length, which changes no clip's result but wastes less padding.
  /// - Throws: why the features of a clip cannot be read; `CancellationError`.
  func logits(_ indices: [Int], from source: ClipSource) throws -> [[Float]] {
    let heard = indices.indices.flatMap { row in
      source.takes(of: indices[row]).map { take in
        (row: row, take: take, frames: source.frames(of: indices[row], as: take))
      }
    }
    let order = heard.indices.sorted { (heard[$0].frames, $0) < (heard[$1].frames, $1) }
    var rows = [[Float]](repeating: [], count: heard.count)
    for start in stride(from: 0, to: order.count, by: batch) {
      try control.checkInterruption()
      let slots = order[start..<min(start + batch, order.count)]
      let shape = try assembler.fill(
        slots.map { indices[heard[$0].row] }, as: slots.map { heard[$0].take }, from: source)
      let logits = network.logits(inputs: assembler.inputs, batch: shape)
      let classes = logits.count / shape.clips
      for (row, slot) in slots.enumerated() {
        rows[slot] = Array(logits[row * classes..<(row + 1) * classes])
      }
    }
    var result = [[[Float]]](repeating: [], count: indices.count)
    for (item, row) in zip(heard, rows) { result[item.row].append(row) }
    return result.map(Self.mean)
  }

  /// The mean logits of the windows of one clip; computed in `Double`.
  package static func mean(_ windows: [[Float]]) -> [Float] {
    guard windows.count > 1 else { return windows.first ?? [] }
    return windows[0].indices.map { index in
      Float(windows.reduce(0) { $0 + Double($1[index]) } / Double(windows.count))
    }
  }

  /// What the network says of each usable clip at `indices`.
  ///
  /// - Throws: why the features of a clip cannot be read; `CancellationError`.
  func predictions(_ indices: [Int], from source: ClipSource) throws -> [Prediction] {
    let usable = indices.filter(source.isUsable)
    return zip(usable, try logits(usable, from: source)).map { index, logits in
      let utterance = source.utterance(of: index)
      let span = source.spanS(of: index)
      return Prediction(
        file: utterance.path, startS: span.lowerBound, endS: span.upperBound,
        speaker: utterance.speaker, truth: source.target(of: index),
        probabilities: Self.softmax(logits))
    }
  }

  /// The probabilities of logits; computed in `Double`.
  package static func softmax(_ logits: [Float]) -> [Float] {
    let top = Double(logits.max() ?? 0)
    let powers = logits.map { exp(Double($0) - top) }
    let sum = powers.reduce(0, +)
    return powers.map { Float($0 / sum) }
  }
}
