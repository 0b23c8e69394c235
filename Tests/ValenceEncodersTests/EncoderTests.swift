import Foundation
import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceEncoders

@Suite("What an encoder promises")
struct EncoderTests {
  private static let all: [EncoderLayer] = [.state(1), .last, .mean, .weighted]

  private static func signal(_ count: Int, seed: UInt64 = 1) -> [Float] {
    var random = RandomStream(seed: seed, "clip")
    return (0..<count).map { _ in Float(0.1 * random.normal()) }
  }

  @Test(
    "the weighted states lie side by side, and their mean is the mean",
    arguments: TinyEncoders.names)
  func layers(name: String) throws {
    let encoder = try Encoder(try TinyEncoders.folder(name), layers: Self.all)
    let layers: [EncoderLayer] = [.weighted, .mean, .state(0), .state(1), .state(2), .last]
    let samples = try TinyEncoders.clip()
    let features = try encoder.encode(samples, layers, padS: nil, workers: .single)
    let (frames, width) = (encoder.frames(samples: samples.count), encoder.shape.width)
    for frame in 0..<frames {
      for column in 0..<width {
        let states = (0..<3).map { features[2 + $0][frame * width + column] }
        for state in 0..<3 {
          #expect(features[0][(frame * 3 + state) * width + column] == states[state])
        }
        let mean = (states[0] + states[1] + states[2]) / 3
        #expect(abs(features[1][frame * width + column] - mean) <= 1e-6)
      }
    }
    #expect(
      (features[4] == features[5])
        == ["wav2vec2-base", "hubert-base", "wavlm-base", "data2vec-base"].contains(name))
  }

  @Test(
    "threads, other clips at the same time and other layers change no bit",
    arguments: TinyEncoders.names)
  func bits(name: String) throws {
    let encoder = try Encoder(try TinyEncoders.folder(name), layers: Self.all)
    let clips = [Self.signal(24_000), Self.signal(6_001, seed: 2), Self.signal(47_999, seed: 3)]
    let alone = try clips.map {
      try encoder.encode($0, Self.all, padS: nil, workers: .single)
    }
    for threads in [2, 3, 4] {
      let workers = Workers(threads: threads)
      for (clip, expected) in zip(clips, alone) {
        let found = try encoder.encode(clip, Self.all, padS: nil, workers: workers)
        #expect(found == expected, "\(threads) threads")
      }
    }
    let together = try Workers(threads: 4).map(parts: 12) {
      try encoder.encode(clips[$0 % 3], Self.all, padS: nil, workers: .single)
    }
    for (index, found) in together.enumerated() { #expect(found == alone[index % 3]) }
    let shallow = try Encoder(try TinyEncoders.folder(name), layers: [.state(1)])
    for (clip, expected) in zip(clips, alone) {
      #expect(
        try shallow.encode(clip, [.state(1)], padS: nil, workers: .single) == [expected[0]])
    }
  }

  @Test(
    "the shortest clip has one frame, and one sample less is refused", arguments: TinyEncoders.names
  )
  func shortest(name: String) throws {
    let encoder = try Encoder(try TinyEncoders.folder(name), layers: [.last])
    let least = encoder.minimumSamples
    #expect(least == (name == "whisper" ? 201 : 400) && encoder.frames(samples: least) == 1)
    let features = try encoder.encode(
      Self.signal(least), [.last], padS: nil, workers: .single)
    #expect(features.map(\.count) == [encoder.shape.width])
    #expect(
      throws: EncoderError(
        file: name,
        reason: "a clip of \(least - 1) samples is too short; at least \(least) are needed.")
    ) {
      try encoder.encode(Self.signal(least - 1), [.last], padS: nil, workers: .single)
    }
    #expect(throws: EncoderError.self) {
      try encoder.encode([], [.last], padS: nil, workers: .single)
    }
  }

  @Test("clips that cannot be encoded, with a sentence each")
  func refusals() throws {
    func sentence(_ name: String, _ samples: [Float], _ padS: Int? = nil) throws -> String {
      let encoder = try Encoder(try TinyEncoders.folder(name), layers: [.state(0)])
      do {
        _ = try encoder.encode(samples, [.state(0)], padS: padS, workers: .single)
        return "none"
      } catch { return "\(error)" }
    }
    var clip = Self.signal(1000)
    #expect(
      try sentence("whisper", Self.signal(48_001))
        == "whisper: a clip of 48001 samples is too long; it takes at most 3 s at 16000 Hz.")
    #expect(try sentence("whisper", Self.signal(48_000)) == "none")
    #expect(
      try sentence("whisper", clip, 30)
        == "whisper: clips cannot be padded to 30 s for it, but only to 3 s, as it was trained.")
    #expect(
      try sentence("hubert-base", clip, 30)
        == "hubert-base: clips cannot be padded to 30 s for it, but not at all.")
    clip[17] = .infinity
    #expect(
      try sentence("hubert-base", clip) == "hubert-base: sample 17 of a clip is no finite number.")
    clip[17] = 3e38
    #expect(
      try sentence("whisper", clip)
        == "whisper: the frames of a clip are no finite numbers; its samples should be from -1 to 1."
    )
  }

  @Test("silence is a clip like any other", arguments: TinyEncoders.names)
  func silence(name: String) throws {
    let encoder = try Encoder(try TinyEncoders.folder(name), layers: [.last])
    let features = try encoder.encode(
      [Float](repeating: 0, count: 8000), [.last], padS: nil, workers: .single)
    #expect(features[0].allSatisfy { $0.isFinite })
  }

  @Test("a layer that is not there is refused")
  func missingLayer() throws {
    let folder = try TinyEncoders.folder("whisper")
    for number in [-1, 3] {
      #expect(
        throws: EncoderError(
          file: "whisper", reason: "it has no layer \(number); its layers are 0 to 2.")
      ) { try Encoder(folder, layers: [.last, .state(number)]) }
    }
  }

  @Test("sizes and costs follow from the config")
  func sizes() throws {
    let base = try TinyEncoders.folder("wav2vec2-base")
    #expect(base.shape == EncoderShape(family: .wav2vec2, layers: 2, width: 32))
    // masked_spec_embed, 32 numbers, is in the file but not in use.
    #expect(base.parameters == 26_160 && base.maximumSeconds == nil)
    #expect(try TinyEncoders.folder("whisper").maximumSeconds == 3)
    let deep = base.multiplyAdds(samples: 16_000, depth: 2, padS: nil)
    let flat = base.multiplyAdds(samples: 16_000, depth: 0, padS: nil)
    // Of a second, 49 frames: four products by 32 × 32, two by 32 × 64, two with all 49 frames.
    #expect(deep - flat == 2 * 49 * (4 * 32 * 32 + 2 * 32 * 64 + 2 * 49 * 32))
    let whisper = try TinyEncoders.folder("whisper")
    #expect(
      whisper.multiplyAdds(samples: 6000, depth: 2, padS: 3)
        == whisper.multiplyAdds(samples: 48_000, depth: 2, padS: nil))
  }
}
