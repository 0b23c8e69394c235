import Testing
import ValenceCore
import ValenceEncoders

@testable import ValenceFeatures

@Suite("The frames of an encoder")
struct EncoderFrameTests {
  private let whisper = EncoderShape(family: .whisper, layers: 2, width: 1)
  private let wave = EncoderShape(family: .wavlm, layers: 2, width: 1)

  @Test("the parts of a clip have together as many frames as its length gives")
  func parts() {
    for shape in [whisper, wave] {
      for samples in [
        0, 399, 400, 16_000, 480_000, 480_079, 480_080, 480_400, 960_000, 1_000_001,
      ] {
        let sum = shape.parts(of: samples).reduce(0) { $0 + shape.frames(samples: $1.count) }
        #expect(shape.allFrames(samples: samples) == sum, "\(shape.family) \(samples)")
      }
    }
    #expect(whisper.frames(samples: 48_000) == 150)
    #expect(wave.frames(samples: 48_000) == 149)
  }

  @Test("frames of whole parts lie 20 ms apart: each part has 1500")
  func distance() {
    for shape in [whisper, wave] {
      let frames = shape.parts(of: 3 * FrozenEncoder.partSamples).map {
        shape.frames(samples: $0.count)
      }
      #expect(frames.dropLast().allSatisfy { $0 == 1500 }, "\(shape.family) \(frames)")
    }
  }

  @Test("beside other features the nearest frame is taken, which ends at the last one")
  func aligned() {
    let states = FeatureMatrix(frames: 4, bins: 1, values: [0, 1, 2, 3])
    // Every 10 ms: Whisper's frames lie at 0, 20, 40, 60 ms, the others' at 12.5, 32.5, 52.5, 72.5 ms.
    let ofWhisper = states.aligned(to: 9, hopSamples: 160, of: whisper).values
    #expect(ofWhisper == [0, 1, 1, 2, 2, 3, 3, 3, 3])
    let ofWave = states.aligned(to: 9, hopSamples: 160, of: wave).values
    #expect(ofWave == [0, 0, 0, 1, 1, 2, 2, 3, 3])
  }

  @Test("a digest's text reads as the same identity, and nothing else does")
  func identity() throws {
    let identity = EncoderIdentity(
      shape: EncoderShape(family: .data2vec, layers: 12, width: 768), digest: Digest(of: "weights"))
    #expect(identity.text.hasPrefix("data2vec-audio-12x768-"))
    #expect(EncoderIdentity(identity.text) == identity)
    for wrong in [
      "", identity.shortText, identity.text + "0", "bert" + identity.text.dropFirst(14),
      identity.text.uppercased(), identity.text.replacing("12x", with: "0x"),
    ] { #expect(EncoderIdentity(wrong) == nil, "\(wrong)") }
  }
}
