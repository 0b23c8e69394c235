/// What is known of an encoder without reading its weights.
package struct EncoderShape: Hashable, Sendable {
  /// How an encoder computes.
  package enum Family: String, Hashable, Sendable, CaseIterable {
    /// wav2vec 2.0 (Baevski et al., 2020).
    case wav2vec2
    /// HuBERT (Hsu et al., 2021).
    case hubert
    /// WavLM (Chen et al., 2022).
    case wavlm
    /// data2vec for audio (Baevski et al., 2022).
    case data2vec = "data2vec-audio"
    /// The encoder of Whisper (Radford et al., 2023).
    case whisper
  }

  package let family: Family
  /// The number of transformer layers, L.
  package let layers: Int
  /// The number of values of a frame, d.
  package let width: Int

  package init(family: Family, layers: Int, width: Int) {
    (self.family, self.layers, self.width) = (family, layers, width)
  }

  /// The most layers that an encoder may have; the largest published ones have 48.
  package static let mostLayers = 128
  /// The greatest width that an encoder may have; the widest published ones have 1920.
  static let mostWidth = 65_536

  /// The only sampling rate that the published encoders read.
  package static let rateHz = 16_000
  /// The distance from frame to frame: 20 ms.
  package static let hopSamples = 320

  /// The sample in the middle of frame 0.
  package var firstCenter: Int { family == .whisper ? 0 : 200 }

  /// The fewest samples that give a frame: one window of the convolutions, or of Whisper's log-mel.
  package static let minimumSamples = 400

  /// The number of frames T of so many samples.
  ///
  /// The convolutions of the wave families together span 400 samples and step by 320; Whisper's log-mel
  /// has a frame every 160 samples, of which its second convolution keeps every other.
  package func frames(samples: Int) -> Int {
    guard samples >= Self.minimumSamples else { return 0 }
    if family == .whisper { return (samples / (Self.hopSamples / 2) + 1) / 2 }
    return (samples - Self.minimumSamples) / Self.hopSamples + 1
  }
}

/// Which of an encoder's hidden states are its features.
package enum EncoderLayer: Hashable, Sendable {
  /// As they leave a layer, before any final norm; 0 is the input of the first layer.
  case state(Int)
  /// Behind all layers and the final norm, where the encoder has one.
  case last
  /// The mean of the states 0 … L.
  case mean
  /// The states 0 … L one after another in each frame, for a network that weighs them.
  case weighted
  /// The states 0 … L one after another in each frame, of which a classic model chooses one.
  case nested

  /// The layer's word or number in an experiment file.
  package var text: String {
    switch self {
    case .state(let number): "\(number)"
    case .last: "last"
    case .mean: "mean"
    case .weighted: "weighted"
    case .nested: "nested"
    }
  }

  /// The number of states side by side in each frame.
  package func states(_ shape: EncoderShape) -> Int {
    self == .weighted || self == .nested ? shape.layers + 1 : 1
  }

  /// The number of layers that have to be computed.
  package func depth(_ shape: EncoderShape) -> Int {
    if case .state(let number) = self { number } else { shape.layers }
  }
}
