package import ValenceCore
package import ValenceKernels

/// How the clips of one batch are mixed with each other: mixup (Zhang et al., 2018).
///
/// Clip i becomes λ · clip i + (1 − λ) · clip π(i) with λ ~ Beta(α, α) and a random permutation π, both
/// drawn once a batch; the loss is mixed likewise (`CrossEntropy`).
///
/// λ is folded to at least ½. That loses nothing: λ with π makes the same clips as 1 − λ with π⁻¹, in
/// another order, and both are drawn equally often. So clip i is always the greater part of what it
/// becomes, and a mixed clip has the length of clip i: what the network sees and what it is told
/// belong mostly to one clip, which begins and ends where a clip of test data would. A longer partner
/// is cropped to that length. Behind the end of a shorter one clip i stays as it is: scaling it there
/// would fade it toward zero, which is the mean of normalized features but no silence of others.
package struct Mixup: Hashable, Sendable {
  /// λ: the part of each clip that is its own; from ½ to 1.
  package let share: Double
  /// π: for each clip the position of the clip that is mixed into it; its own leaves it as it is.
  package let partners: [Int]

  /// Draws how the clips of a batch are mixed.
  package init(alpha: Double, clips: Int, random: inout RandomStream) {
    let drawn = random.beta(alpha)
    self.init(share: max(drawn, 1 - drawn), partners: random.shuffled(Array(0..<clips)))
  }

  /// Mixes as given; `partners` must be a permutation.
  init(share: Double, partners: [Int]) {
    precondition(share >= 0 && share <= 1, "a share of \(share)")
    precondition(partners.sorted() == Array(partners.indices), "no permutation: \(partners)")
    (self.share, self.partners) = (share, partners)
  }

  /// Mixes the images of a batch in place.
  ///
  /// - Parameters:
  ///   - images: `[B, T, row]`, T the frames that there is room for.
  ///   - frames: the true length of each clip.
  ///   - row: the values of a frame.
  ///   - room: `[T, row]`, for one image.
  package func mix(_ images: Floats, frames: [Int], row: Int, room: Floats) {
    precondition(frames.count == partners.count, "\(frames.count) clips for \(partners.count)")
    let images = Rows(images, count: frames.count, width: room.count)
    var isMixed = [Bool](repeating: false, count: partners.count)
    for first in partners.indices where !isMixed[first] {
      // Along a cycle of the permutation each partner is still unmixed, but for the first clip at
      // its end.
      if partners[first] != first { room.copy(images.row(first)) }
      var clip = first
      while !isMixed[clip] {
        let partner = partners[clip]
        let common = min(frames[clip], frames[partner]) * row
        if partner != clip {
          let other = partner == first ? room : images.row(partner)
          images.row(clip)[0..<common].mix(other[0..<common], share: share)
        }
        isMixed[clip] = true
        clip = partner
      }
    }
  }
}
