import ValenceKernels

/// Whether a network learns or is only asked.
package enum Mode: Hashable, Sendable {
  /// Batch statistics, dropout, and everything kept that `backward` needs.
  case training
  /// Running statistics, no dropout, nothing kept.
  case inference
}

/// The true lengths of a batch's clips and how the clips are cut into shards.
///
/// The number of shards depends on the number of clips alone, never on the number of threads, and
/// whatever is summed over clips is summed in the order of the shards: so the number of threads
/// changes no bit.
package struct BatchShape: Hashable, Sendable {
  /// The number of shards of a batch that has at least so many clips.
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

  /// The clips of each shard of a batch of so many clips.
  static func shards(clips: Int) -> [Range<Int>] {
    let count = min(shardCount, clips)
    return (0..<count).map { Share($0, of: count).of(clips) }
  }
}

/// Clips whose time steps lie one after another without padding: `[rows, width]`.
///
/// Clip `b` owns the rows `offsets[b] ..< offsets[b + 1]`. It is what the convolution stacks hand to
/// the recurrent layers.
package struct PackedRows: Hashable, Sendable {
  /// Where each clip begins, and at the end the number of rows.
  package let offsets: [Int]

  /// Packs clips of so many steps each.
  package init(steps: [Int]) {
    var offsets = [0]
    for count in steps { offsets.append(offsets[offsets.count - 1] + count) }
    self.offsets = offsets
  }

  /// The number of rows of all clips.
  package var rows: Int { offsets[offsets.count - 1] }
  package var clips: Int { offsets.count - 1 }
  /// The rows of one clip.
  package func rows(of clip: Int) -> Range<Int> { offsets[clip]..<offsets[clip + 1] }
}
