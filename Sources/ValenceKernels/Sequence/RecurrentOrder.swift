/// In which order a recurrence visits the rows of some clips, one step of all of them at a time.
///
/// The longest clips come first, so the clips that are still running at a step are the first ones,
/// and no step computes anything for a clip that has ended.
package struct RecurrentOrder: Sendable {
  /// The end of the clip that a direction starts from.
  package enum Direction: Hashable, Sendable {
    /// From the first row to the last.
    case forward
    /// From the last row to the first.
    case reverse
  }

  /// How many clips are running at each step; never grows.
  package let running: [Int]
  /// The rows visited, step after step, and for each the row visited before it in its clip, or −1.
  let rows: [Int]
  let before: [Int]
  /// Where each step's rows begin.
  let starts: [Int]
  /// One more than the greatest row.
  let rowBound: Int

  /// Orders clips that own the given rows each.
  package init(clips: [Range<Int>], direction: Direction) {
    precondition(clips.allSatisfy { $0.lowerBound >= 0 }, "rows \(clips)")
    let sorted = clips.enumerated().sorted {
      ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
    }.map(\.element)
    var (running, rows, before, starts) = ([Int](), [Int](), [Int](), [Int]())
    for step in 0..<(sorted.first?.count ?? 0) {
      starts.append(rows.count)
      for clip in sorted.prefix(while: { $0.count > step }) {
        let row = direction == .forward ? clip.lowerBound + step : clip.upperBound - 1 - step
        rows.append(row)
        before.append(step == 0 ? -1 : direction == .forward ? row - 1 : row + 1)
      }
      running.append(rows.count - starts[step])
    }
    (self.running, self.rows, self.before, self.starts) = (running, rows, before, starts)
    rowBound = clips.reduce(0) { max($0, $1.upperBound) }
  }

  /// The number of steps of the longest clip.
  package var steps: Int { running.count }
}
