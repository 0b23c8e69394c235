/// The windows of a long clip that a network is asked about, in frames.
///
/// They overlap by half, and the last one ends with the clip, so that every frame is heard and none
/// but those near the ends much more often than others.
package struct ClipWindows {
  /// The frames of a window; nil where clips are as long as they may be.
  let frames: Int?

  package init(frames: Int?) { self.frames = frames }

  /// The windows of a clip of `count` frames: the clip itself, if it is no longer than one.
  ///
  /// They are worked out when they are asked for: a damaged header may promise a length of years.
  package func windows(of count: Int) -> Windows {
    guard let frames, count > frames else {
      return Windows(frames: count, last: 0, step: 1)
    }
    return Windows(frames: frames, last: count - frames, step: max(1, frames / 2))
  }

  /// Windows of `frames` frames, one every `step` of them, and one that begins with the frame `last`.
  package struct Windows: RandomAccessCollection {
    fileprivate let frames: Int
    fileprivate let last: Int
    fileprivate let step: Int

    package let startIndex = 0
    package var endIndex: Int { last / step + (last.isMultiple(of: step) ? 0 : 1) + 1 }

    package subscript(number: Int) -> Range<Int> {
      let start = number == endIndex - 1 ? last : number * step
      return start..<start + frames
    }
  }

  /// The window at a place from 0, the beginning, to 1, the end; the whole of a clip that is no
  /// longer than one.
  func window(of count: Int, at place: Double) -> Range<Int> {
    guard let frames, count > frames else { return 0..<count }
    let start = Int((place * Double(count - frames)).rounded())
    return start..<start + frames
  }
}
