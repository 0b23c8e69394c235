import Foundation
import ValenceCore
import ValenceCorpora
import ValenceData
import ValenceEvaluation
import ValenceKernels
import ValenceNN

/// Runs a network on clips.
package struct Evaluator {
  let network: Network
  let assembler: BatchAssembler
  /// Clips a batch.
  let batch: Int
  let control: RunControl

  /// The logits of each clip at `indices`, in that order: `[clips][K]`; of a clip that is longer than
  /// the network's windows the mean over its windows.
  ///
  /// Clips are batched in order of length, which changes no clip's result but wastes less padding.
  /// - Throws: why the features of a clip cannot be read; `CancellationError`.
  func logits(_ indices: [Int], from source: ClipSource) throws -> [[Float]] {
    let views = indices.indices.flatMap { row in
      source.views(of: indices[row]).map { view in
        (row: row, view: view, frames: source.frames(of: indices[row], as: view))
      }
    }
    let order = views.indices.sorted { (views[$0].frames, $0) < (views[$1].frames, $1) }
    let logits = try network.logits(of: order, batch: batch, inputs: assembler.inputs) { slots in
      try control.checkInterruption()
      return try assembler.fill(
        slots.map { indices[views[$0].row] }, as: slots.map { views[$0].view }, from: source)
    }
    // Back in the order of the clips, and of the windows of each.
    var result = [[[Float]]](repeating: [], count: indices.count)
    for (slot, row) in zip(order, logits).sorted(by: { $0.0 < $1.0 }) {
      result[views[slot].row].append(row)
    }
    return result.map(Self.mean)
  }

  /// The mean logits of the windows of one clip; computed in `Double`.
  package static func mean(_ windows: [[Float]]) -> [Float] {
    guard windows.count > 1 else { return windows.first ?? [] }
    return windows[0].indices.map { index in
      Float(windows.reduce(0) { $0 + Double($1[index]) } / Double(windows.count))
    }
  }

  /// The predictions for each usable clip at `indices`.
  ///
  /// - Throws: why the features of a clip cannot be read; `CancellationError`.
  func predictions(_ indices: [Int], from source: ClipSource) throws -> [Prediction] {
    let usable = indices.filter(source.isUsable)
    return source.predictions(usable, logits: try logits(usable, from: source))
  }

  /// The probabilities of logits; computed in `Double`.
  package static func softmax(_ logits: [Float]) -> [Float] {
    let top = Double(logits.max() ?? 0)
    let powers = logits.map { exp(Double($0) - top) }
    let sum = powers.reduce(0, +)
    return powers.map { Float($0 / sum) }
  }
}

extension ClipSource {
  /// The predictions that a model's logits for some clips are.
  func predictions(_ indices: [Int], logits: [[Float]]) -> [Prediction] {
    zip(indices, logits).map { index, logits in
      let utterance = utterance(of: index)
      let span = spanS(of: index)
      return Prediction(
        segment: Segment(
          file: utterance.path, startS: span.lowerBound, endS: span.upperBound),
        speaker: utterance.speaker, truth: target(of: index),
        probabilities: Evaluator.softmax(logits))
    }
  }
}
