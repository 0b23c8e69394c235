import Foundation
import Testing
import ValenceTestSupport

@testable import ValenceEncoders

@Suite("What is known of an encoder without its weights")
struct EncoderShapeTests {
  private let shape = EncoderShape(family: .whisper, layers: 6, width: 512)

  @Test("only the layers that are asked for are computed")
  func depth() {
    #expect(EncoderLayer.state(3).depth(shape) == 3)
    #expect(EncoderLayer.state(0).depth(shape) == 0)
    for layer in [EncoderLayer.last, .mean, .weighted] { #expect(layer.depth(shape) == 6) }
  }

  @Test("a weighted sum needs the input of the first layer too")
  func states() {
    #expect(EncoderLayer.weighted.states(shape) == 7)
    #expect(EncoderLayer.mean.states(shape) == 1)
  }

  @Test(
    "the shape alone says how many frames the engine makes of a clip",
    arguments: ["wav2vec2-base", "hubert-large", "wavlm-base", "data2vec-base", "whisper"])
  func frames(name: String) throws {
    let folder = try EncoderFolder(Fixture(.module).folder.appending(path: name))
    for samples in [400, 401, 719, 720, 721, 16_000, 47_999, 48_080] {
      #expect(
        folder.shape.frames(samples: samples) == folder.config.frames(samples: samples),
        "\(samples) samples")
    }
  }
}
