/// An array that an encoder needs.
struct EncoderArray: Hashable, Sendable {
  /// What Hugging Face's transformers 5 calls it, without the prefix of a model around the encoder.
  let name: String
  let shape: [Int]
  /// What older files call it.
  var oldName: String?

  /// The number of values.
  var count: Int { shape.reduce(1, *) }
}

extension EncoderConfig {
  /// What comes before the names of an encoder's arrays in files of models around it.
  static let prefixes = [
    "", "wav2vec2.", "hubert.", "wavlm.", "data2vec_audio.", "model.encoder.", "encoder.",
  ]

  /// The array by which the prefix is found.
  var probe: String { mel == nil ? "feature_projection.projection.weight" : "conv1.weight" }

  /// All arrays that are used, in the order of the computation.
  var arrays: [EncoderArray] {
    let before =
      switch input {
      case .mel(let mel): Self.arrays(of: mel, width: width)
      case .wave(let wave): Self.arrays(of: wave, width: width)
      }
    let layers = (0..<shape.layers).flatMap { arrays(ofLayer: $0) }
    return before + layers + (mel == nil ? [] : Self.affine("layer_norm", width))
  }

  private static func affine(_ name: String, _ width: Int) -> [EncoderArray] {
    ["weight", "bias"].map { EncoderArray(name: "\(name).\($0)", shape: [width]) }
  }

  private static func dense(_ name: String, _ inputs: Int, _ outputs: Int) -> [EncoderArray] {
    [
      EncoderArray(name: "\(name).weight", shape: [outputs, inputs]),
      EncoderArray(name: "\(name).bias", shape: [outputs]),
    ]
  }

  private static func arrays(of mel: Mel, width: Int) -> [EncoderArray] {
    [
      EncoderArray(name: "conv1.weight", shape: [width, mel.bands, 3]),
      EncoderArray(name: "conv1.bias", shape: [width]),
      EncoderArray(name: "conv2.weight", shape: [width, width, 3]),
      EncoderArray(name: "conv2.bias", shape: [width]),
      EncoderArray(name: "embed_positions.weight", shape: [mel.positions, width]),
    ]
  }

  private static func arrays(of wave: Wave, width: Int) -> [EncoderArray] {
    var arrays: [EncoderArray] = []
    for (index, channels) in wave.channels.enumerated() {
      let name = "feature_extractor.conv_layers.\(index)"
      let inputs = index == 0 ? 1 : wave.channels[index - 1]
      arrays.append(
        EncoderArray(name: "\(name).conv.weight", shape: [channels, inputs, wave.kernels[index]]))
      if wave.hasBias { arrays.append(EncoderArray(name: "\(name).conv.bias", shape: [channels])) }
      if wave.normalizesFrames || index == 0 { arrays += affine("\(name).layer_norm", channels) }
    }
    let last = wave.channels[wave.channels.count - 1]
    if wave.normalizesProjection { arrays += affine("feature_projection.layer_norm", last) }
    arrays += dense("feature_projection.projection", last, width)
    arrays += positionArrays(of: wave.position, width: width)
    return arrays + affine("encoder.layer_norm", width)
  }

  private static func positionArrays(of position: Wave.Position, width: Int) -> [EncoderArray] {
    let shape = [width, width / position.groups, position.kernel]
    if let depth = position.depth {
      return (0..<depth).flatMap { index in
        let name = "encoder.pos_conv_embed.layers.\(index).conv"
        return [
          EncoderArray(name: "\(name).weight", shape: shape),
          EncoderArray(name: "\(name).bias", shape: [width]),
        ]
      }
    }
    let name = "encoder.pos_conv_embed.conv"
    return [
      EncoderArray(
        name: "\(name).parametrizations.weight.original0", shape: [1, 1, position.kernel],
        oldName: "\(name).weight_g"),
      EncoderArray(
        name: "\(name).parametrizations.weight.original1", shape: shape,
        oldName: "\(name).weight_v"),
      EncoderArray(name: "\(name).bias", shape: [width]),
    ]
  }

  /// What a layer's arrays are called.
  func names(ofLayer index: Int) -> LayerNames {
    mel == nil ? LayerNames(wave: index) : LayerNames(whisper: index)
  }

  private func arrays(ofLayer index: Int) -> [EncoderArray] {
    let names = names(ofLayer: index)
    var arrays: [EncoderArray] = []
    for name in ["q_proj", "k_proj", "v_proj", "out_proj"] {
      let dense = Self.dense("\(names.attention).\(name)", width, width)
      arrays += name == "k_proj" && mel != nil ? Array(dense.prefix(1)) : dense
    }
    if let relative = wave?.relative {
      arrays.append(
        EncoderArray(name: "\(names.attention).gru_rel_pos_const", shape: [1, heads, 1, 1]))
      arrays += Self.dense("\(names.attention).gru_rel_pos_linear", headWidth, 8)
      if index == 0 {
        arrays.append(
          EncoderArray(
            name: "\(names.attention).rel_attn_embed.weight", shape: [relative.buckets, heads]))
      }
    }
    arrays += Self.affine(names.firstNorm, width)
    arrays += Self.dense(names.up, width, feedForward)
    arrays += Self.dense(names.down, feedForward, width)
    return arrays + Self.affine(names.secondNorm, width)
  }
}

/// What a transformer layer's parts are called.
struct LayerNames {
  let attention: String
  let firstNorm: String
  let up: String
  let down: String
  let secondNorm: String

  /// Those of wav2vec 2.0 and its descendants.
  init(wave index: Int) {
    let layer = "encoder.layers.\(index)"
    attention = "\(layer).attention"
    firstNorm = "\(layer).layer_norm"
    up = "\(layer).feed_forward.intermediate_dense"
    down = "\(layer).feed_forward.output_dense"
    secondNorm = "\(layer).final_layer_norm"
  }

  /// Those of Whisper.
  init(whisper index: Int) {
    let layer = "layers.\(index)"
    attention = "\(layer).self_attn"
    firstNorm = "\(layer).self_attn_layer_norm"
    (up, down) = ("\(layer).fc1", "\(layer).fc2")
    secondNorm = "\(layer).final_layer_norm"
  }
}
