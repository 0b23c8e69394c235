/// The classes of a batch's clips: one each, or two where clips are mixed.
package struct BatchTargets: Hashable, Sendable {
  /// The class of each clip, `[B]`, each in 0 ..< K.
  package let classes: [Int]
  /// How the clips are mixed, if they are.
  package let mixup: Mixup?

  /// Names the class of each clip.
  package init(_ classes: [Int], mixup: Mixup? = nil) {
    precondition(
      mixup.map { $0.partners.count == classes.count } ?? true,
      "\(classes.count) clips for \(mixup?.partners.count ?? 0) partners")
    (self.classes, self.mixup) = (classes, mixup)
  }
}
