import Foundation

/// What moves an encoder's numbers beside its weights, as `config.json` and `preprocessor_config.json` of
/// Hugging Face's transformers say it.
struct EncoderConfig: Hashable, Sendable {
  let shape: EncoderShape
  let heads: Int
  /// The width of the hidden layer of each feed-forward network.
  let feedForward: Int
  /// What keeps the layer norms from dividing by zero.
  let epsilon: Float
  let input: Input

  /// What comes before the transformer layers.
  enum Input: Hashable, Sendable {
    case wave(Wave)
    case mel(Mel)
  }

  /// Convolutions over samples, of all families but Whisper.
  struct Wave: Hashable, Sendable {
    /// Whether each clip is moved to mean 0 and variance 1 before.
    var normalizesSamples: Bool
    var channels: [Int]
    var kernels: [Int]
    var strides: [Int]
    var hasBias: Bool
    /// Whether every convolution has a norm over the channels of a frame; else the first alone has one,
    /// of each channel over time.
    var normalizesFrames: Bool
    var normalizesProjection: Bool
    var position: Position
    /// Whether layer norms stand before attention and feed-forward network instead of behind them.
    var isPreNorm: Bool
    /// WavLM's relative position bias.
    var relative: Relative?

    /// Convolutions over frames that tell positions: one with weight norm, or data2vec's several.
    struct Position: Hashable, Sendable {
      var kernel: Int
      var groups: Int
      /// The number of data2vec's convolutions; nil for the one of the others.
      var depth: Int?
    }

    /// Distances in buckets.
    struct Relative: Hashable, Sendable {
      var buckets: Int
      var farthest: Int
    }
  }

  /// Whisper's log-mel spectrogram and two convolutions.
  struct Mel: Hashable, Sendable {
    var bands: Int
    /// The number of frames that have a position.
    var positions: Int
  }

  var width: Int { shape.width }
  /// The number of values of a head.
  var headWidth: Int { width / heads }
  var wave: Wave? { if case .wave(let wave) = input { wave } else { nil } }
  var mel: Mel? { if case .mel(let mel) = input { mel } else { nil } }
  /// Whether layer norms stand before attention and feed-forward network, and one at the very end.
  var isPreNorm: Bool { wave?.isPreNorm ?? true }

  static let fileName = "config.json"
  static let processorName = "preprocessor_config.json"

  /// Reads the two files of a folder.
  init(in folder: URL) throws(EncoderError) {
    let config = try ConfigFile(Self.fileName, in: folder)
    let processor = try ConfigFile(Self.processorName, in: folder)
    let type = try config.text("model_type")
    guard let family = EncoderShape.Family(rawValue: type) else {
      let known = EncoderShape.Family.allCases.map(\.rawValue).joined(separator: ", ")
      throw config.error("model_type", "is \(type), but only \(known) are supported")
    }
    try processor.require("sampling_rate", EncoderShape.rateHz)
    if family == .whisper {
      try self.init(whisper: config, processor)
    } else {
      try self.init(family, wave: config, processor)
    }
    if width % heads != 0 {
      throw config.error("num_attention_heads", "should divide the width \(width), but is \(heads)")
    }
  }

  private init(whisper config: ConfigFile, _ processor: ConfigFile) throws(EncoderError) {
    try config.require("activation_function", "gelu")
    try config.refuse(flags: ["scale_embedding"])
    let bands = try config.count("num_mel_bins", upTo: 512)
    try processor.require("feature_size", bands)
    try processor.require("n_fft", WhisperMel.window)
    try processor.require("hop_length", WhisperMel.hop)
    try processor.refuse(flags: ["do_normalize"])
    shape = EncoderShape(
      family: .whisper, layers: try config.count("encoder_layers", upTo: EncoderShape.mostLayers),
      width: try config.count("d_model", upTo: EncoderShape.mostWidth))
    heads = try config.count("encoder_attention_heads")
    feedForward = try config.count("encoder_ffn_dim")
    epsilon = 1e-5
    input = .mel(Mel(bands: bands, positions: try config.count("max_source_positions")))
  }

  private init(
    _ family: EncoderShape.Family, wave config: ConfigFile, _ processor: ConfigFile
  ) throws(EncoderError) {
    try config.require("feat_extract_activation", "gelu")
    try config.require("hidden_act", "gelu")
    try config.refuse(flags: ["conv_pos_batch_norm", "add_adapter"])
    try config.refuse(values: ["adapter_attn_dim", "position_embeddings_type"])
    shape = EncoderShape(
      family: family, layers: try config.count("num_hidden_layers", upTo: EncoderShape.mostLayers),
      width: try config.count("hidden_size", upTo: EncoderShape.mostWidth))
    heads = try config.count("num_attention_heads")
    feedForward = try config.count("intermediate_size")
    epsilon = Float(try config.positive("layer_norm_eps", or: 1e-5))
    let channels = try config.counts("conv_dim")
    let (kernels, strides) = (try config.counts("conv_kernel"), try config.counts("conv_stride"))
    for (key, list) in [("conv_kernel", kernels), ("conv_stride", strides)]
    where list.count != channels.count {
      throw config.error(key, "should have \(channels.count) numbers, as conv_dim has")
    }
    if strides.reduce(1, { $0.multipliedReportingOverflow(by: $1).partialValue })
      != EncoderShape.hopSamples
    {
      throw config.error("conv_stride", "should have the product \(EncoderShape.hopSamples)")
    }
    let reach = zip(kernels, strides).reversed().reduce(1) { reach, layer in
      (min(reach, 1 << 20) - 1) * layer.1 + min(layer.0, 1 << 20)
    }
    guard reach == EncoderShape.minimumSamples else {
      throw config.error(
        "conv_kernel", "should make windows of \(EncoderShape.minimumSamples) samples, not \(reach)"
      )
    }
    let isData2vec = family == .data2vec
    input = .wave(
      Wave(
        normalizesSamples: try processor.flag("do_normalize"), channels: channels,
        kernels: kernels, strides: strides, hasBias: try config.flag("conv_bias"),
        normalizesFrames: isData2vec ? true : try Self.normalizesFrames(config),
        normalizesProjection: try config.flag("feat_proj_layer_norm", or: true),
        position: try Self.position(config, isData2vec: isData2vec, width: shape.width),
        isPreNorm: isData2vec ? false : try config.flag("do_stable_layer_norm"),
        relative: family == .wavlm ? try Self.relative(config) : nil))
  }

  private static func normalizesFrames(_ config: ConfigFile) throws(EncoderError) -> Bool {
    let norm = try config.text("feat_extract_norm")
    guard ["group", "layer"].contains(norm) else {
      throw config.error("feat_extract_norm", "is \(norm), but only group and layer are supported")
    }
    return norm == "layer"
  }

  private static func position(
    _ config: ConfigFile, isData2vec: Bool, width: Int
  ) throws(EncoderError) -> Wave.Position {
    let groups = try config.count("num_conv_pos_embedding_groups")
    if width % groups != 0 {
      throw config.error(
        "num_conv_pos_embedding_groups", "should divide the width \(width), but is \(groups)")
    }
    let count = try config.count("num_conv_pos_embeddings", upTo: 4096)
    return isData2vec
      ? Wave.Position(
        kernel: try config.count("conv_pos_kernel_size", upTo: 4096), groups: groups, depth: count)
      : Wave.Position(kernel: count, groups: groups, depth: nil)
  }

  private static func relative(_ config: ConfigFile) throws(EncoderError) -> Wave.Relative {
    let buckets = try config.count("num_buckets", upTo: 1 << 16)
    guard buckets >= 4, buckets % 2 == 0 else {
      throw config.error("num_buckets", "should be an even number from 4 on, but is \(buckets)")
    }
    let farthest = try config.count("max_bucket_distance")
    guard farthest > buckets / 4 else {
      throw config.error(
        "max_bucket_distance", "should be more than num_buckets / 4, but is \(farthest)")
    }
    return Wave.Relative(buckets: buckets, farthest: farthest)
  }

  /// The settings in words that do not change with the names of this source: a part of the digest.
  var canonicalText: String {
    var words = [
      "family \(shape.family.rawValue)", "layers \(shape.layers)", "width \(width)",
      "heads \(heads)", "feed-forward \(feedForward)", "epsilon \(epsilon.bitPattern)",
    ]
    switch input {
    case .mel(let mel): words += ["bands \(mel.bands)", "positions \(mel.positions)"]
    case .wave(let wave):
      words += [
        "normalized samples \(wave.normalizesSamples)", "channels \(wave.channels)",
        "kernels \(wave.kernels)", "strides \(wave.strides)", "bias \(wave.hasBias)",
        "normalized frames \(wave.normalizesFrames)",
        "normalized projection \(wave.normalizesProjection)", "pre-norm \(wave.isPreNorm)",
        "position \(wave.position.kernel) \(wave.position.groups) \(wave.position.depth ?? 0)",
      ]
      if let relative = wave.relative {
        words.append("relative \(relative.buckets) \(relative.farthest)")
      }
    }
    return words.joined(separator: "\n")
  }
}
