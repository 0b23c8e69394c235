/// How the time steps of a batch's clips are packed as rows, one clip after another without padding.
///
/// Clip `b` owns the rows `offsets[b] ..< offsets[b + 1]`. All layers behind the convolution stacks work
/// on such rows, `[rows, width]`.
package struct PackedRows: Hashable, Sendable {
  /// The first row of each clip, and at the end the number of rows.
  package let offsets: [Int]

  /// Packs clips with the given numbers of steps.
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
