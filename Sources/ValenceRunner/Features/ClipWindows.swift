/// The windows of a long clip that a network is asked about, in frames.
///
/// They overlap by half, and the last one ends with the clip, so that every frame is heard and none
/// but those near the ends much more often than others.
struct ClipWindows {
  /// The frames of a window; nil where clips are as long as they may be.
  let frames: Int?

  /// The windows of a clip of `count` frames: the clip itself, if it is no longer than one.
  func stretches(of count: Int) -> [Range<Int>] {
    guard let frames, count > frames else { return [0..<count] }
    let last = count - frames
    let starts = Array(stride(from: 0, to: last, by: max(1, frames / 2))) + [last]
    return starts.map { $0..<$0 + frames }
  }

  /// The window at a place from 0, the beginning, to 1, the end; the whole of a clip that is no
  /// longer than one.
  func stretch(of count: Int, at place: Double) -> Range<Int> {
    guard let frames, count > frames else { return 0..<count }
    let start = Int((place * Double(count - frames)).rounded())
    return start..<start + frames
  }
}
