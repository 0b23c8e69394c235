/// The input of a network for one clip: one image or sequence of frames, or one for each branch.
package struct NetworkInput: Hashable, Sendable {
  /// One image or one sequence of frames.
  package struct Branch: Hashable, Sendable {
    /// How the values of a clip lie, and which layers read them.
    package enum Form: Hashable, Sendable {
      /// An image for convolutions: `[T, bins, channels]`, channels last.
      case image
      /// Frames of an encoder, whose bins have no neighborhood, for a dense layer: `[T, channels, bins]`, where
      /// channels are states of the encoder that are mixed into one.
      ///
      /// `averaging` frames become one time step by their mean; as convolutions do, it drops frames at the end
      /// that do not fill a step. It is 1 unless the steps must agree with those of images.
      case frames(averaging: Int)
      /// One vector for the whole clip, `[1, bins]`, for a dense layer; its bins have no neighborhood. Beside
      /// frames it meets them as they are pooled, before the head.
      case vector

      /// How many frames become one time step of a dense layer; nil for images.
      var averaging: Int? {
        switch self {
        case .image: nil
        case .frames(let averaging): averaging
        case .vector: 1
        }
      }
    }

    /// `mel`, `mfcc`, …; what the branch's parameters are named after where there are several.
    package let name: String
    /// The number of planes, or of states.
    package let channels: Int
    /// The number of bins a frame.
    package let bins: Int
    package let form: Form

    package init(name: String, channels: Int, bins: Int, form: Form = .image) {
      if case .frames(let averaging) = form {
        precondition(averaging > 0, "means of \(averaging) frames")
      }
      self.name = name
      self.channels = channels
      self.bins = bins
      self.form = form
    }

    /// The number of values of a frame.
    package var width: Int { bins * channels }

    /// The number of its own frames, of a clip of so many.
    package func frames(of count: Int) -> Int { form == .vector ? 1 : count }

    /// The fewest frames of a clip that leave at least one time step.
    func minimumFrames(_ cnn: CNNOptions) -> Int {
      form.averaging ?? cnn.minimumFrames
    }
  }

  /// Where and how several branches meet.
  package enum Join: Hashable, Sendable, CaseIterable {
    /// Behind their stacks, side by side at each time step.
    case sideBySide
    /// Behind their stacks, as a sum weighted by learned gates at each time step.
    case gated
    /// At the very end: each branch has a whole network, and their logits are averaged. That of a vector is a
    /// dense layer and a head.
    case late
  }

  /// The images and sequences; one, unless features are fused as branches.
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

  /// The fewest frames of a clip that leave at least one time step of every branch.
  package func minimumFrames(_ cnn: CNNOptions) -> Int {
    branches.map { $0.minimumFrames(cnn) }.max() ?? 1
  }

  /// Whether a branch is a vector of the clip, and others are frames, which it meets before the head.
  func isBesideFrames(_ branch: Branch) -> Bool {
    branch.form == .vector && branches.contains { $0.form != .vector }
  }

  /// The branches that share recurrent layers, pooling and a head, and the prefix of the names of each
  /// group's parameters.
  var towers: [(prefix: String, input: NetworkInput)] {
    guard join == .late, branches.count > 1 else { return [("", self)] }
    return branches.map {
      ("\($0.name).", NetworkInput(branches: [$0], frames: $0.frames(of: frames)))
    }
  }
}
