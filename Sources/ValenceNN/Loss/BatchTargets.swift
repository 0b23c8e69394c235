/// The classes of a batch's clips: one each, or two where clips are mixed.
package struct BatchTargets: Hashable, Sendable {
  /// The class of each clip, `[B]`, each in 0 ..< K.
  package let classes: [Int]
  /// How the clips are mixed, if they are.
  package let mixup: Mixup?
  /// How much each clip counts in the mean, `[B]`, all positive; nil where all count the same.
  package let weights: [Double]?
  /// The corpus of each clip, `[B]`, for `Network.reversal`; nil where nothing is to tell corpora apart.
  package var corpora: [Int]?

  /// Names the class of each clip.
  package init(_ classes: [Int], mixup: Mixup? = nil, weights: [Double]? = nil) {
    precondition(
      mixup.map { $0.partners.count == classes.count } ?? true,
      "\(classes.count) clips for \(mixup?.partners.count ?? 0) partners")
    precondition(
      weights.map { $0.count == classes.count && $0.allSatisfy { $0 > 0 && $0.isFinite } } ?? true,
      "weights \(weights ?? []) for \(classes.count) clips")
    (self.classes, self.mixup, self.weights) = (classes, mixup, weights)
  }
}
