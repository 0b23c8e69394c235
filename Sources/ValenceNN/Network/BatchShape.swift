import ValenceKernels

/// The true lengths of a batch's clips and how the clips are cut into shards.
///
/// The number of shards depends on the number of clips alone, never on the number of threads, and
/// whatever is summed over clips is summed in the order of the shards: so the number of threads
/// changes no bit.
package struct BatchShape: Hashable, Sendable {
  /// The number of shards of a batch with at least this number of clips; smaller batches have a shard per clip.
  package static let shardCount = 8

  /// The true number of frames of each clip; every one positive.
  package let frames: [Int]

  /// Describes a batch of clips with the given numbers of frames.
  package init(frames: [Int]) {
    precondition(!frames.isEmpty && frames.allSatisfy { $0 > 0 }, "clips of \(frames) frames")
    self.frames = frames
  }

  package var clips: Int { frames.count }

  package var shards: [Range<Int>] { Self.shards(clips: clips) }

  /// The clips of each shard of a batch.
  static func shards(clips: Int) -> [Range<Int>] {
    let count = min(shardCount, clips)
    return (0..<count).map { Part($0, of: count).range(of: clips) }
  }
}
