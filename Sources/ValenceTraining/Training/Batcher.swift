import ValenceCore

/// Cuts the training clips of an epoch into batches, in a seeded order.
///
/// Clips of similar length meet in a batch: shuffled clips are sorted by length within stretches of
/// several batches, and the batches are shuffled again.
struct Batcher {
  /// Batches per stretch that is sorted by length: enough to bring like to like, few enough that
  /// batches differ from epoch to epoch.
  private static let stretch = 8

  /// The number of frames of each clip.
  let frames: [Int]
  /// Clips a batch; the last one may have fewer.
  let batch: Int

  /// The number of batches of an epoch.
  var batches: Int { (frames.count + batch - 1) / batch }

  /// The batches of one epoch: positions in `frames`.
  func epoch(_ random: inout RandomStream) -> [[Int]] {
    let order = random.shuffled(Array(frames.indices))
    var sorted: [Int] = []
    for start in stride(from: 0, to: order.count, by: batch * Self.stretch) {
      let clips = order[start..<min(start + batch * Self.stretch, order.count)]
      // The position breaks ties, so the order is the same on every machine.
      sorted += clips.sorted { (frames[$0], $0) < (frames[$1], $1) }
    }
    let cut = stride(from: 0, to: sorted.count, by: batch).map {
      Array(sorted[$0..<min($0 + batch, sorted.count)])
    }
    return random.shuffled(cut)
  }
}
