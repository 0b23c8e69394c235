/// What a network sees of a clip: one image, or one for each branch.
public struct NetworkInput: Hashable, Sendable {
  /// One image: `[T, bins, channels]`, channels last.
  public struct Branch: Hashable, Sendable {
    /// `mel`, `mfcc`, …; what the branch's parameters are named after where there are several.
    public let name: String
    /// The number of planes.
    public let channels: Int
    /// The number of bins a frame.
    public let bins: Int

    /// Describes an image.
    public init(name: String, channels: Int, bins: Int) {
      self.name = name
      self.channels = channels
      self.bins = bins
    }
  }

  /// The images; one, unless features are fused as branches.
  public let branches: [Branch]
  /// The greatest number of frames of a clip.
  public let frames: Int

  /// Describes the input.
  public init(branches: [Branch], frames: Int) {
    precondition(!branches.isEmpty && frames > 0, "\(branches.count) branches, \(frames) frames")
    self.branches = branches
    self.frames = frames
  }
}

/// A layer that cannot fit its input.
public struct ShapeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The key of the experiment file that is at fault, for example `model.cnn.pool`.
  public let key: String
  /// What does not fit and what would, in one sentence.
  public let message: String

  /// Describes what does not fit.
  public init(key: String, message: String) {
    self.key = key
    self.message = message
  }

  /// `KEY: message`.
  public var description: String { "\(key): \(message)" }
}
