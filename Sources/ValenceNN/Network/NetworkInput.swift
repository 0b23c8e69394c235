/// The input of a network for one clip: one image, or one for each branch.
package struct NetworkInput: Hashable, Sendable {
  /// One image: `[T, bins, channels]`, channels last.
  package struct Branch: Hashable, Sendable {
    /// `mel`, `mfcc`, …; what the branch's parameters are named after where there are several.
    package let name: String
    /// The number of planes.
    package let channels: Int
    /// The number of bins a frame.
    package let bins: Int

    package init(name: String, channels: Int, bins: Int) {
      self.name = name
      self.channels = channels
      self.bins = bins
    }
  }

  /// Where and how several branches meet.
  package enum Join: Hashable, Sendable, CaseIterable {
    /// Behind their stacks, side by side at each time step.
    case sideBySide
    /// Behind their stacks, as a sum weighted by learned gates at each time step.
    case gated
    /// At the very end: each branch has a whole network, and their logits are averaged.
    case late
  }

  /// The images; one, unless features are fused as branches.
  package let branches: [Branch]
  /// The greatest number of frames of a clip.
  package let frames: Int
  /// Where several branches meet; has no effect on a single branch.
  package let join: Join

  package init(branches: [Branch], frames: Int, join: Join = .sideBySide) {
    precondition(!branches.isEmpty && frames > 0, "\(branches.count) branches, \(frames) frames")
    self.branches = branches
    self.frames = frames
    self.join = join
  }

  /// The branches that share recurrent layers, pooling and a head, and the prefix of the names of each
  /// group's parameters.
  var towers: [(prefix: String, input: NetworkInput)] {
    guard join == .late, branches.count > 1 else { return [("", self)] }
    return branches.map { ("\($0.name).", NetworkInput(branches: [$0], frames: frames)) }
  }
}
