package import ValenceCore
package import ValenceKernels

/// Masks over time and frequency (SpecAugment; Park et al., 2019), without time warping.
package struct SpecAugment: Hashable, Sendable {
  private let options: SpecAugmentOptions

  /// Masks as the options say.
  package init(_ options: SpecAugmentOptions) { self.options = options }

  /// Sets stretches of frames and of bins of one clip to 0, the mean of normalized features.
  ///
  /// The length of each stretch is drawn from 0 to its greatest length or the clip's extent, if that
  /// is less, and then its beginning among those that fit; a stretch covers all planes. The bins of an encoder's
  /// frames have no order, so that a stretch of them is nothing: there all stretches are of frames. A vector
  /// of the whole clip is left as it is.
  ///
  /// - Parameter clip: `[T, bins, channels]`, or as the branch's form says, at its true number of frames.
  package func mask(_ clip: Floats, branch: NetworkInput.Branch, random: inout RandomStream) {
    if branch.form == .vector { return }
    let frames = Rows(clip, width: branch.width)
    for _ in 0..<options.timeMasks {
      let range = stretch(atMost: options.timeFrames, of: frames.count, &random)
      frames[range].fill(0)
    }
    guard branch.form == .image else { return }
    for _ in 0..<options.freqMasks {
      let range = stretch(atMost: options.freqBins, of: branch.bins, &random)
      // A bin's channels adjoin.
      frames.columns(range.lowerBound * branch.channels..<range.upperBound * branch.channels)
        .fill(0)
    }
  }

  private func stretch(
    atMost longest: Int, of extent: Int, _ random: inout RandomStream
  ) -> Range<Int> {
    let length = random.below(min(longest, extent) + 1)
    let start = random.below(extent - length + 1)
    return start..<start + length
  }
}
