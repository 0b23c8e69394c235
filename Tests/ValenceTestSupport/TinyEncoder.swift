import Foundation
import ValenceCore

/// A folder with a tiny encoder of Whisper's kind and random weights, for tests of what encoders are used
/// for; that their numbers are right is held by the fixtures of ValenceEncodersTests.
public struct TinyEncoder {
  public let folder: URL
  private static let (width, layers, heads, bands, positions) = (8, 2, 2, 80, 1500)

  /// Writes an encoder into `name` of a folder; another seed gives other weights.
  public init(in parent: URL, name: String = "tiny-whisper", seed: UInt64 = 1) throws {
    folder = parent.appending(path: name, directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(Self.config.utf8).write(to: folder.appending(path: "config.json"))
    try Data(Self.preprocessor.utf8).write(
      to: folder.appending(path: "preprocessor_config.json"))
    var file = Safetensors(metadata: ["format": "pt"])
    for (name, shape) in Self.shapes {
      var random = RandomStream(seed: seed, name)
      let isNorm = name.hasSuffix("norm.weight")
      let values = (0..<shape.reduce(1, *)).map { _ in
        Float((isNorm ? 1 : 0) + random.normal() * 0.3)
      }
      file.arrays["model.encoder.\(name)"] = .init(shape: shape, values: values)
    }
    try file.encoded().write(to: folder.appending(path: "model.safetensors"))
  }

  private static var shapes: [(String, [Int])] {
    let (d, f) = (width, 2 * width)
    var shapes = [
      ("conv1.weight", [d, bands, 3]), ("conv1.bias", [d]), ("conv2.weight", [d, d, 3]),
      ("conv2.bias", [d]), ("embed_positions.weight", [positions, d]), ("layer_norm.weight", [d]),
      ("layer_norm.bias", [d]),
    ]
    for layer in 0..<layers {
      let parts: [(String, [Int])] = [
        ("self_attn.q_proj.weight", [d, d]), ("self_attn.q_proj.bias", [d]),
        ("self_attn.k_proj.weight", [d, d]), ("self_attn.v_proj.weight", [d, d]),
        ("self_attn.v_proj.bias", [d]), ("self_attn.out_proj.weight", [d, d]),
        ("self_attn.out_proj.bias", [d]), ("self_attn_layer_norm.weight", [d]),
        ("self_attn_layer_norm.bias", [d]), ("fc1.weight", [f, d]), ("fc1.bias", [f]),
        ("fc2.weight", [d, f]), ("fc2.bias", [d]), ("final_layer_norm.weight", [d]),
        ("final_layer_norm.bias", [d]),
      ]
      shapes += parts.map { ("layers.\(layer).\($0.0)", $0.1) }
    }
    return shapes
  }

  private static let config = """
    {"model_type": "whisper", "d_model": \(width), "encoder_layers": \(layers),
     "encoder_attention_heads": \(heads), "encoder_ffn_dim": \(2 * width), "num_mel_bins": \(bands),
     "max_source_positions": \(positions), "activation_function": "gelu", "scale_embedding": false}
    """

  private static let preprocessor = """
    {"feature_extractor_type": "WhisperFeatureExtractor", "feature_size": \(bands), "hop_length": 160,
     "n_fft": 400, "chunk_length": 30, "sampling_rate": 16000, "padding_value": 0.0}
    """
}
