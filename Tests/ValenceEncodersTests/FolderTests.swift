import Foundation
import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceEncoders

@Suite("Folders of encoders")
struct FolderTests {
  /// A copy of a tiny encoder in a folder that goes away, for changes.
  private static func withCopy<Result>(
    of name: String, _ body: (URL) throws -> Result
  ) throws -> Result {
    try TemporaryFolder.with { folder in
      let copy = folder.url.appending(path: "copy")
      try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
      for file in ["config.json", "preprocessor_config.json", "model.safetensors"] {
        try FileManager.default.copyItem(
          at: TinyEncoders.fixture.folder.appending(path: "\(name)/\(file)"),
          to: copy.appending(path: file))
      }
      return try body(copy)
    }
  }

  /// The sentence with which a folder is refused, without the path in front.
  private static func refusal(_ folder: URL) -> String {
    do {
      _ = try EncoderFolder(folder)
      return "none"
    } catch {
      return error.description.replacing(folder.path, with: "FOLDER")
    }
  }

  /// That of a copy with a key of a file at another value; nil takes the key away.
  private static func refusal(
    _ name: String, _ file: String, _ key: String, _ value: Any?
  ) throws -> String {
    try withCopy(of: name) { folder in
      try change(folder.appending(path: file)) { $0[key] = value }
      return refusal(folder)
    }
  }

  private static func change(_ url: URL, _ body: (inout [String: Any]) -> Void) throws {
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    var members = try #require(json as? [String: Any])
    body(&members)
    try JSONSerialization.data(withJSONObject: members).write(to: url)
  }

  private static func changeArrays(
    _ folder: URL, _ body: ([String: Safetensors.Array]) -> [String: Safetensors.Array]
  ) throws {
    let url = folder.appending(path: "model.safetensors")
    let arrays = try Safetensors(decoding: Data(contentsOf: url), name: "a").arrays.dictionary
    try Safetensors(arrays: body(arrays)).encoded().write(to: url)
  }

  @Test(
    "options that are not supported are refused by their key",
    arguments: [
      (
        "hubert-base", "conv_pos_batch_norm", true as any Sendable,
        "is true, but only false is supported"
      ),
      ("wav2vec2-base", "add_adapter", true, "is true, but only false is supported"),
      (
        "wav2vec2-base", "adapter_attn_dim", 16,
        "has a value, but encoders with it are not supported; it should be null"
      ),
      (
        "wav2vec2-base", "position_embeddings_type", "rotary",
        "has a value, but encoders with it are not supported; it should be null"
      ),
      ("wavlm-base", "hidden_act", "relu", "is relu, but only gelu is supported"),
      (
        "wavlm-base", "feat_extract_activation", "gelu_new",
        "is gelu_new, but only gelu is supported"
      ),
      ("whisper", "activation_function", "relu", "is relu, but only gelu is supported"),
      ("whisper", "scale_embedding", true, "is true, but only false is supported"),
      (
        "hubert-base", "feat_extract_norm", "batch",
        "is batch, but only group and layer are supported"
      ),
      (
        "whisper", "model_type", "bert",
        "is bert, but only wav2vec2, hubert, wavlm, data2vec-audio, whisper are supported"
      ),
      ("hubert-base", "num_attention_heads", 5, "should divide the width 32, but is 5"),
      ("hubert-base", "num_hidden_layers", 0, "should be a whole number from 1 to 128"),
      ("hubert-base", "hidden_size", 32.5, "should be a whole number from 1 to 65536"),
      ("hubert-base", "conv_bias", 0, "should be true or false"),
      ("hubert-base", "conv_stride", [5, 2, 2, 2, 2, 2], "should have 7 numbers, as conv_dim has"),
      ("hubert-base", "conv_stride", [5, 2, 2, 2, 2, 2, 1], "should have the product 320"),
      (
        "hubert-base", "conv_kernel", [10, 3, 3, 3, 3, 2, 0],
        "should be a list of whole numbers from 1 to 65536"
      ),
      (
        "hubert-base", "conv_kernel", [10, 3, 3, 3, 3, 2, 3],
        "should make windows of 400 samples, not 560"
      ),
      ("hubert-base", "conv_dim", "16", "should be a list of whole numbers"),
      ("hubert-base", "num_conv_pos_embedding_groups", 5, "should divide the width 32, but is 5"),
      ("wavlm-base", "num_buckets", 31, "should be an even number from 4 on, but is 31"),
      ("wavlm-base", "max_bucket_distance", 8, "should be more than num_buckets / 4, but is 8"),
      ("hubert-base", "layer_norm_eps", -1, "should be a number above 0 and up to 1"),
    ])
  func options(_ name: String, _ key: String, _ value: any Sendable, _ sentence: String) throws {
    #expect(
      try Self.refusal(name, "config.json", key, value) == "FOLDER/config.json: \(key) \(sentence)."
    )
  }

  @Test(
    "so are a missing key, and what the processor's file says otherwise",
    arguments: [
      ("hubert-base", "config.json", "conv_bias", nil as (any Sendable)?),
      ("hubert-base", "config.json", "hidden_size", nil),
      ("hubert-base", "preprocessor_config.json", "do_normalize", nil),
      ("whisper", "config.json", "model_type", nil),
      ("whisper", "preprocessor_config.json", "sampling_rate", nil),
      ("whisper", "preprocessor_config.json", "sampling_rate", 8000),
      ("whisper", "preprocessor_config.json", "feature_size", 128),
      ("whisper", "preprocessor_config.json", "n_fft", 512),
      ("whisper", "preprocessor_config.json", "hop_length", 80),
      ("whisper", "preprocessor_config.json", "do_normalize", true),
    ])
  func processor(_ name: String, _ file: String, _ key: String, _ value: (any Sendable)?) throws {
    let sentence = try Self.refusal(name, file, key, value)
    if let value {
      let right = [
        "sampling_rate": "16000", "feature_size": "80", "n_fft": "400", "hop_length": "160",
      ]
      #expect(
        sentence
          == "FOLDER/\(file): \(key) is \(value), but only \(right[key] ?? "false") is supported.")
    } else {
      #expect(
        sentence
          == "FOLDER/\(file): the key \(key) is missing; use the file that was published with the weights."
      )
    }
  }

  @Test("files that are missing or no JSON, with a sentence each")
  func files() throws {
    for file in ["config.json", "preprocessor_config.json"] {
      try Self.withCopy(of: "whisper") { folder in
        let url = folder.appending(path: file)
        for text in ["", "{", "[]", "{\"a\": NaN}", String(repeating: "[", count: 100_000)] {
          try Data(text.utf8).write(to: url)
          #expect(
            Self.refusal(folder) == "FOLDER/\(file): it is not the JSON object that it should be.")
        }
        try FileManager.default.removeItem(at: url)
        #expect(
          Self.refusal(folder)
            == "FOLDER/\(file): it is missing; get it from where the weights are from.")
      }
    }
  }

  @Test("arrays that are missing, misshapen or of another model, with a sentence each")
  func arrays() throws {
    try Self.withCopy(of: "hubert-base") { folder in
      try Self.changeArrays(folder) { arrays in
        arrays.filter { $0.key != "encoder.layers.1.attention.k_proj.bias" }
      }
      #expect(
        Self.refusal(folder)
          == "FOLDER: its weights have no array encoder.layers.1.attention.k_proj.bias, which "
          + "config.json asks for; get both files of one model.")
    }
    try Self.withCopy(of: "hubert-base") { folder in
      try Self.change(folder.appending(path: "config.json")) { $0["intermediate_size"] = 65 }
      #expect(
        Self.refusal(folder)
          == "FOLDER: the array encoder.layers.0.feed_forward.intermediate_dense.weight has the shape "
          + "[64, 32] where config.json asks for [65, 32]; get both files of one model.")
    }
    try Self.withCopy(of: "hubert-base") { folder in
      try Self.changeArrays(folder) { _ in ["a": .init(shape: [1], values: [1])] }
      #expect(
        Self.refusal(folder)
          == "FOLDER: its weights have no array feature_projection.projection.weight, by itself or "
          + "behind one of the prefixes wav2vec2. hubert. wavlm. data2vec_audio. model.encoder. encoder.; "
          + "get the files of one model.")
    }
  }

  @Test("a weight that is no finite number is refused when it is loaded")
  func infiniteWeight() throws {
    try Self.withCopy(of: "whisper") { folder in
      try Self.changeArrays(folder) { arrays in
        var arrays = arrays
        arrays["layers.1.fc1.weight"]?.values[3] = .nan
        return arrays
      }
      let copy = try EncoderFolder(folder)
      #expect(
        throws: EncoderError(
          file: folder.path,
          reason:
            "the array layers.1.fc1.weight has a value that is no finite number; get the file again."
        )
      ) { try Encoder(copy, layers: [.last]) }
      // A layer that is not computed is not read.
      _ = try Encoder(copy, layers: [.state(1)])
    }
  }

  @Test("old names, prefixes and arrays of a model around it change neither identity nor states")
  func oldNames() throws {
    let prefixes = [
      ("wav2vec2-base", "wav2vec2."), ("wavlm-large", "wavlm."), ("whisper", "model.encoder."),
    ]
    for (name, prefix) in prefixes {
      let new = try TinyEncoders.folder(name)
      try Self.withCopy(of: name) { folder in
        try Self.changeArrays(folder) { arrays in
          var old: [String: Safetensors.Array] = ["classifier.bias": .init(shape: [1], values: [1])]
          for (key, array) in arrays {
            let key = key.replacing("parametrizations.weight.original0", with: "weight_g")
              .replacing("parametrizations.weight.original1", with: "weight_v")
            old[prefix + key] = array
          }
          return old
        }
        let copy = try EncoderFolder(folder)
        #expect(try copy.digest() == new.digest())
        let clip = try TinyEncoders.clip()
        let states = try [new, copy].map {
          try Encoder($0, layers: [.last]).encode(clip, [.last], padS: nil, workers: .single)
        }
        #expect(states[0] == states[1])
      }
    }
  }

  @Test("whatever moves a number moves the digest, and nothing else does")
  func digest() throws {
    let digests = try TinyEncoders.names.map { try TinyEncoders.folder($0).digest() }
    #expect(Set(digests).count == digests.count)
    try Self.withCopy(of: "wavlm-base") { folder in
      let before = try EncoderFolder(folder).digest()
      #expect(before == digests[4])
      try Self.change(folder.appending(path: "config.json")) { $0["vocab_size"] = 99 }
      #expect(try EncoderFolder(folder).digest() == before)
      try Self.change(folder.appending(path: "config.json")) { $0["max_bucket_distance"] = 81 }
      let other = try EncoderFolder(folder).digest()
      #expect(other != before)
      try Self.change(folder.appending(path: "preprocessor_config.json")) {
        $0["do_normalize"] = true
      }
      let third = try EncoderFolder(folder).digest()
      #expect(third != other)
      try Self.changeArrays(folder) { arrays in
        var arrays = arrays
        arrays["masked_spec_embed"]?.values[0] = 7
        return arrays
      }
      #expect(try EncoderFolder(folder).digest() == third)
      try Self.changeArrays(folder) { arrays in
        var arrays = arrays
        arrays["encoder.layers.0.attention.gru_rel_pos_const"]?.values[0] += 1e-6
        return arrays
      }
      #expect(try EncoderFolder(folder).digest() != third)
    }
  }

  @Test(
    "files of 16 bits and pytorch_model.bin of the same weights",
    .enabled(if: SharedData.isThere, "there is no ../shared"))
  func legacyFiles() throws {
    for name in ["wav2vec2-base", "hubert-base", "wavlm-large"] {
      let new = try EncoderFolder(SharedData.url("encoders/tiny/\(name)"))
      let source = try SharedData.url("encoders/tiny/\(name)-legacy")
      try TemporaryFolder.with { folder in
        for file in ["config.json", "pytorch_model.bin"] {
          try FileManager.default.copyItem(
            at: source.appending(path: file), to: folder.url.appending(path: file))
        }
        try FileManager.default.copyItem(
          at: SharedData.url("encoders/tiny/\(name)/preprocessor_config.json"),
          to: folder.url.appending(path: "preprocessor_config.json"))
        #expect(try EncoderFolder(folder.url).digest() == new.digest(), "\(name)")
        try FileManager.default.removeItem(at: folder.url.appending(path: "pytorch_model.bin"))
        try FileManager.default.copyItem(
          at: source.appending(path: "model.safetensors"),
          to: folder.url.appending(path: "model.safetensors"))
        let half = try EncoderFolder(folder.url)
        #expect((try half.digest() == new.digest()) == (name != "wavlm-large"))
        let clip = try TinyEncoders.clip()
        let states = try [half, new].map {
          try Encoder($0, layers: [.last]).encode(clip, [.last], padS: nil, workers: .single)[0]
        }
        let tolerance = name == "wavlm-large" ? 3.2e-3 : 1e-9
        let far = Deviation(states[0], from: states[1], absolute: tolerance, relative: 0)
        #expect(far.isWithin, "\(name): \(far)")
      }
    }
  }
}
