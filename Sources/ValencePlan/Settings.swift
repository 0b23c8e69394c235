public import ValenceAudio
public import ValenceFeatures
public import ValenceNN

/// Everything that a sweep can vary: what makes one trained network differ from another.
public struct Settings: Hashable, Sendable {
  /// How audio files become waveforms.
  public var audio = AudioOptions()
  /// How waveforms become features.
  public var features = FeatureOptions()
  /// The network.
  public var model = ModelOptions()
  /// How it is trained.
  public var training = TrainingOptions()

  /// The defaults.
  public init() {}

  /// The top-level keys of the experiment file that settings are read from.
  static let keys = ["audio", "features", "model", "training"]

  /// Reads the settings from the keys of a whole file.
  init(from scope: inout PlanScope) {
    audio = scope.options("audio")
    features = scope.options("features")
    model = scope.options("model")
    training = scope.options("training")
  }

  /// The number of frames of a clip of `audio.clip_s`.
  public var frames: Int {
    Framer(features.framing, rateHz: audio.rateHz)
      .frames(samples: Int((audio.clipS * Double(audio.rateHz)).rounded()))
  }

  /// What the network sees of clips of at most so many frames.
  public func networkInput(frames: Int) -> NetworkInput {
    let branches = features.branches.map {
      NetworkInput.Branch(name: $0.name, channels: $0.channels, bins: $0.bins)
    }
    return NetworkInput(branches: branches, frames: frames)
  }
}
