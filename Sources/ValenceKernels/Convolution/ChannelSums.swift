/// Two sums in double precision for each clip and channel, filled by the passes over single clips.
///
/// Unchecked: each clip's sums are written by the one thread that has the clip, and read after all
/// threads are done.
@safe
package final class ChannelSums: @unchecked Sendable {
  private let base: UnsafeMutablePointer<Double>
  private let clips: Int
  private let channels: Int

  /// Allocates zeros.
  package init(clips: Int, channels: Int) {
    self.clips = clips
    self.channels = channels
    unsafe base = .allocate(capacity: 2 * clips * channels)
    unsafe base.initialize(repeating: 0, count: 2 * clips * channels)
  }

  deinit { unsafe base.deallocate() }

  @unsafe func pointers(
    clip: Int, channels: Int
  ) -> (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>) {
    precondition(clip >= 0 && clip < clips && channels == self.channels, "sums of clip \(clip)")
    let first = unsafe base + 2 * clip * channels
    return unsafe (first, first + channels)
  }

  /// Both sums of a channel, over the first `clips` clips in their order.
  package func total(clips: Int, channel: Int) -> (first: Double, second: Double) {
    var total = (first: 0.0, second: 0.0)
    for clip in 0..<clips {
      let sums = self[clip, channel]
      total.first += sums.first
      total.second += sums.second
    }
    return total
  }

  /// Mean and sum of squared deviations of a channel, from each clip's sum and squared deviations
  /// from its own mean (Chan et al., 1983).
  ///
  /// - Parameter counts: how many values each clip has.
  package func moments(counts: [Int], channel: Int) -> (mean: Double, squares: Double) {
    let total = total(clips: counts.count, channel: channel)
    let mean = total.first / Double(counts.reduce(0, +))
    var squares = total.second
    for (clip, count) in counts.enumerated() {
      let distance = self[clip, channel].first / Double(count) - mean
      squares += Double(count) * distance * distance
    }
    return (mean, squares)
  }

  /// Mean and sum of squared deviations of a clip over its first `channels` channels.
  ///
  /// - Parameter count: how many values each channel has.
  package func moments(clip: Int, count: Int, channels: Int) -> (mean: Double, squares: Double) {
    let values = (0..<channels).map { self[clip, $0] }
    let mean = values.reduce(0) { $0 + $1.first } / Double(count * channels)
    let squares = values.reduce(0) { squares, sums in
      let distance = sums.first / Double(count) - mean
      return squares + sums.second + Double(count) * distance * distance
    }
    return (mean, squares)
  }

  /// Both sums of one clip's channel.
  package subscript(clip: Int, channel: Int) -> (first: Double, second: Double) {
    precondition(clip >= 0 && clip < clips && channel >= 0 && channel < channels)
    let first = unsafe base + 2 * clip * channels
    return unsafe (first[channel], first[channels + channel])
  }
}
