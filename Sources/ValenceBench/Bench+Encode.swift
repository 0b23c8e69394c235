package import Foundation
import ValenceCore
import ValenceEncoders
import ValenceKernels

/// What `Bench.encode` times: an encoder, its clips, and the repetitions.
package struct EncodeBenchOptions: Sendable {
  /// A folder as `EncoderFolder` reads it.
  package var encoder: URL
  /// The length of each clip.
  package var seconds = 3.0
  /// The deepest layer; nil for all of them and the final norm.
  package var layer: Int?
  /// Clips a step: one is encoded by all threads, several by a thread each.
  package var clips = 1
  /// Threads of a step.
  package var threads = 2
  /// Steps that are timed.
  package var repeats = 10

  /// One clip of three seconds, two threads.
  package init(encoder: URL) { self.encoder = encoder }
}

extension Bench {
  /// Times an encoder's hidden states of random clips in memory; all states where no layer is given.
  ///
  /// - Throws: `Problems` if the encoder cannot be used, or its states are not plain C's.
  package static func encode(_ options: EncodeBenchOptions) throws -> BenchResult {
    do {
      return try encode(options, EncoderFolder(options.encoder))
    } catch let error as EncoderError {
      throw Problems([Problem("\(error)")])
    }
  }

  private static func encode(
    _ options: EncodeBenchOptions, _ folder: EncoderFolder
  ) throws -> BenchResult {
    let layer = options.layer.map { EncoderLayer.state($0) } ?? .weighted
    let layers = options.layer == nil ? [layer, .last] : [layer]
    let encoder = try Encoder(folder, layers: layers)
    let count = Int((options.seconds * Double(EncoderShape.rateHz)).rounded())
    let clips = (0..<options.clips).map { noise(number: $0, count: count) }
    _ = try encoder.encode(clips[0], [.state(0)], padS: nil, workers: .single)
    let difference = try checkStates(encoder, depth: layer.depth(encoder.shape))
    let workers = Workers(threads: options.threads)
    var step = BenchOptions()
    (step.batch, step.threads, step.repeats) = (options.clips, options.threads, options.repeats)
    step.overrides = ["\(folder.name), clips of \(BenchResult.short(options.seconds)) s"]
    let operations =
      2 * options.clips
      * folder.multiplyAdds(samples: count, depth: layer.depth(encoder.shape), padS: nil)
    var result = result(
      of: "encode", step, difference: difference, operations: operations
    ) {
      // The first clip has shown that none is refused.
      if clips.count == 1 {
        _ = try? encoder.encode(clips[0], layers, padS: nil, workers: workers)
      } else {
        workers.forEach(parts: clips.count) { clip in
          _ = try? encoder.encode(clips[clip], layers, padS: nil, workers: .single)
        }
      }
    }
    result.size = nil
    result.timesRealTime = result.clipsPerS * options.seconds
    return result
  }

  /// Some frames through no more than two layers: plain C takes seconds for each.
  private static func checkStates(_ encoder: Encoder, depth: Int) throws -> Double {
    let clip = noise(number: 0, count: 2 * EncoderShape.hopSamples + encoder.minimumSamples)
    return try check("hidden states") { _ in
      try encoder.encode(clip, [.state(min(2, depth))], padS: nil, workers: .single)[0]
    }
  }

  private static func noise(number: Int, count: Int) -> [Float] {
    var random = RandomStream(seed: UInt64(number), "bench", "encode")
    return (0..<count).map { _ in Float(0.1 * random.normal()) }
  }
}
