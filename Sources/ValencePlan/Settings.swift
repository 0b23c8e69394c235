import Foundation
public import ValenceAudio
public import ValenceCore
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

  /// Reads settings back from a variant's `identity`, as a checkpoint carries it.
  ///
  /// - Throws: `Problems` if the text of `file` is no such settings.
  public init(identity text: String, file: String) throws(Problems) {
    let folder = URL(filePath: file).deletingLastPathComponent()
    let document = try PlanDocument(text: text, file: file, folder: folder)
    var scope = PlanScope(
      document.root.entries ?? [], place: SourcePlace(file: file),
      context: PlanContext(folder: folder, environment: [:]))
    self.init(from: &scope)
    scope.finish()
    let problems = document.problems + scope.problems
    guard problems.isEmpty else { throw Problems(problems) }
  }

  /// The fewest frames of a clip that leave a frame after all pooling.
  public var minimumFrames: Int { model.cnn.pool.reduce(1, *) }

  /// The number of samples from frame to frame.
  var hopSamples: Int {
    max(1, Int((features.framing.hopMs * Double(audio.rateHz) / 1000).rounded()))
  }

  /// The number of frames of a clip of `audio.clip_s`: frames are centered, the first one on the
  /// clip's first sample.
  public var frames: Int {
    1 + Int((audio.clipS * Double(audio.rateHz)).rounded()) / hopSamples
  }

  /// What the network sees of clips of at most so many frames.
  public func networkInput(frames: Int) -> NetworkInput {
    let bands = features.mel.bands
    let planes = 1 + features.mfcc.deltas
    let cepstral = features.mfcc.coefficients * planes
    let branches: [NetworkInput.Branch] =
      switch features.fusion {
      case .mel: [.init(name: "mel", channels: 1, bins: bands)]
      case .mfcc: [.init(name: "mfcc", channels: 1, bins: cepstral)]
      case .concat: [.init(name: "concat", channels: 1, bins: bands + cepstral)]
      case .stack: [.init(name: "stack", channels: 1 + planes, bins: bands)]
      case .branches:
        [
          .init(name: "mel", channels: 1, bins: bands),
          .init(name: "mfcc", channels: 1, bins: cepstral),
        ]
      }
    return NetworkInput(branches: branches, frames: frames)
  }
}
