import Foundation
import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceEncoders

/// Tiny encoders of every family, with what Hugging Face's transformers computes of a clip
/// (`make_encoders.py`).
enum TinyEncoders {
  static let names = [
    "wav2vec2-base", "wav2vec2-large", "hubert-base", "hubert-large", "wavlm-base", "wavlm-large",
    "data2vec-base", "whisper",
  ]
  static let fixture = Fixture(.module)

  static func folder(_ name: String) throws -> EncoderFolder {
    try EncoderFolder(fixture.folder.appending(path: name))
  }

  /// 6000 samples, of which the families make 18 frames and Whisper 19.
  static func clip() throws -> [Float] {
    try #require(fixture.arrays("clip.safetensors")["samples"]).values
  }

  static func expected(_ name: String) throws -> [String: Safetensors.Array] {
    try fixture.arrays("\(name)/expected.safetensors")
  }
}

@Suite("Encoders beside Hugging Face's")
struct ParityTests {
  private static let layers: [EncoderLayer] = [.state(0), .state(1), .state(2), .last]
  private static let keys = ["state.0", "state.1", "state.2", "last"]

  @Test("every hidden state is the same to 2e-5", arguments: TinyEncoders.names)
  func states(name: String) throws {
    let encoder = try Encoder(try TinyEncoders.folder(name), layers: Self.layers)
    let expected = try TinyEncoders.expected(name)
    let isWhisper = name == "whisper"
    for padS in isWhisper ? [nil, 3] : [nil] {
      let features = try encoder.encode(
        try TinyEncoders.clip(), Self.layers, padS: padS, workers: .single)
      for (key, feature) in zip(Self.keys, features) {
        let theirs = try #require(expected[isWhisper && padS == nil ? "alone.\(key)" : key])
        #expect(theirs.shape == [encoder.frames(samples: 6000), encoder.shape.width])
        let far = Deviation(feature, from: theirs.values, absolute: 2e-5, relative: 0)
        #expect(far.isWithin, "\(name) \(key) padded to \(padS ?? 0) s: \(far)")
      }
    }
  }

  @Test("so it is with the plain twins of the kernels", arguments: TinyEncoders.names)
  func plainStates(name: String) throws {
    try KernelSetup.plainly {
      let encoder = try Encoder(try TinyEncoders.folder(name), layers: [.last])
      let features = try encoder.encode(
        try TinyEncoders.clip(), [.last], padS: name == "whisper" ? 3 : nil, workers: .single)
      let theirs = try #require(TinyEncoders.expected(name)["last"])
      let far = Deviation(features[0], from: theirs.values, absolute: 2e-5, relative: 0)
      #expect(far.isWithin, "\(name): \(far)")
    }
  }

  @Test("Whisper's spectrogram is the same to 2e-5")
  func spectrogram() throws {
    let samples = try TinyEncoders.clip()
    let expected = try #require(TinyEncoders.expected("whisper")["log_mel"])
    let mel = WhisperMel(bands: 80)
    let rows = Rows(zeros: WhisperMel.frames(samples: samples.count), width: 80)
    mel.write(samples, into: rows, workers: .single, pool: FloatPool())
    #expect(expected.shape == [rows.count, 80])
    let far = Deviation(rows.floats.array, from: expected.values, absolute: 2e-5, relative: 0)
    #expect(far.isWithin, "\(far)")
  }
}
