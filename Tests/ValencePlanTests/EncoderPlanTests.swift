import Foundation
import Testing
import ValenceEncoders
import ValenceFeatures
import ValenceNN
import ValenceTestSupport

@testable import ValencePlan

@Suite("Encoders in an experiment file")
struct EncoderPlanTests {
  private func identity(_ lines: [String]) throws -> String {
    try readPlan(head, overrides: lines).variants[0].identity
  }

  private func found(_ name: String) throws -> EncoderIdentity {
    try KnownEncoders.identity(of: #require(encoders).appending(path: name))
  }

  @Test("the identity has the content of the encoder, never its path")
  func content() throws {
    let one = try identity(overrides(encoder: "one"))
    #expect(!one.contains("path"))
    #expect(one.contains(try found("one").text))
    #expect(try identity(overrides(encoder: "other")) != one)
    try TemporaryFolder.with { elsewhere in
      let copy = try TinyEncoder(in: elsewhere.url, name: "copy", seed: 1).folder
      let moved = [
        "features.fusion=encoder", "features.encoder.path=\(copy.path)",
        "features.encoder.heard=[iemocap]",
      ]
      #expect(try identity(moved) == one)
    }
  }

  @Test("settings are read back from an identity without the folder")
  func readBack() throws {
    for more in [[], ["features.encoder.layer=weighted"], ["features.encoder.pad_s=30"]] {
      let plan = try readPlan(head, overrides: overrides(encoder: "one") + more)
      var expected = plan.variants[0].settings
      expected.features.encoder?.folder = nil
      #expect(try Settings(identity: plan.variants[0].identity, file: "model") == expected)
    }
  }

  @Test("what an encoder leaves without effect is no part of an identity")
  func idle() throws {
    let one = try identity(overrides(encoder: "one"))
    for line in [
      "features.hop_ms=5", "features.window_ms=40", "features.mel.bands=32", "model.cnn.kernel=5",
    ] { #expect(try identity(overrides(encoder: "one") + [line]) == one, "\(line)") }
    #expect(try identity(overrides(encoder: "one") + ["model.projection.width=64"]) != one)
    let branches = ["features.encoder.path=${ENCODERS}/one", "features.fusion=branches"]
    #expect(
      try identity(branches + ["features.hop_ms=5"]) != identity(branches))
    let quiet = ["features.encoder.path=${ENCODERS}/one"]
    let sweep = quiet + ["sweep={grid: {features.fusion: [mel, encoder]}}"]
    #expect(
      try readPlan(head, overrides: sweep).variants[0].identity
        == identity(["features.fusion=mel"]))
  }

  @Test("an encoder alone has frames of 20 ms, and beside images as many steps as they")
  func frames() throws {
    let alone = try readPlan(head, overrides: overrides(encoder: "one")).base
    #expect(alone.frames == 150)
    let input = alone.networkInput(frames: alone.frames)
    #expect(input.branches.map(\.bins) == [8])
    #expect(input.branches.map(\.form) == [.frames(averaging: 1)])
    let joined = try readPlan(
      head,
      overrides: [
        "features.fusion=branches", "features.encoder={path: \"${ENCODERS}/one\", layer: weighted}",
      ]
    ).base
    #expect(joined.frames == 301)
    let branches = joined.networkInput(frames: joined.frames).branches
    #expect(branches.map(\.name) == ["mel", "mfcc", "encoder"])
    #expect(branches[2].channels == 3 && branches[2].bins == 8)
    #expect(branches[2].form == .frames(averaging: 8))
  }

  @Test("what does not fit an encoder is refused, with its key", arguments: Self.wrong)
  func refused(wrong: WrongEncoder) throws {
    let said = complaints(head, overrides: wrong.overrides)
      .replacing(try #require(encoders).path, with: "ENCODERS")
    #expect(said.contains(wrong.complaint), "\(said)")
  }

  struct WrongEncoder: Sendable, CustomTestStringConvertible {
    let overrides: [String]
    let complaint: String
    var testDescription: String { overrides.joined(separator: " ") }
  }

  private static func alone(_ lines: String..., complaint: String) -> WrongEncoder {
    WrongEncoder(
      overrides: ["features.fusion=encoder", "features.encoder.path=${ENCODERS}/one"] + lines,
      complaint: complaint)
  }

  static let wrong = [
    WrongEncoder(
      overrides: ["features.fusion=encoder"],
      complaint: "features.encoder: is missing, but the fusion (features.fusion) is 'encoder'"),
    WrongEncoder(
      overrides: ["features.encoder.path=${ENCODERS}/one"],
      complaint: "features.encoder: stands alone or joins branches, but features.fusion is concat"),
    WrongEncoder(
      overrides: ["features.fusion=encoder", "features.encoder.path=${ENCODERS}/none"],
      complaint: "features.encoder.path: ENCODERS/none does not exist."),
    WrongEncoder(
      overrides: ["features.fusion=encoder", "features.encoder={layer: 1}"],
      complaint: "features.encoder.path: is missing."),
    WrongEncoder(
      overrides: ["features.fusion=encoder", "features.encoder.path=${CORPORA}/ravdess"],
      complaint: "features.encoder.path: "),
    alone(
      "features.encoder.layer=3",
      complaint: "features.encoder.layer: the encoder has 2 layers, not 3; give 0…2, last, mean"),
    alone(
      "features.encoder.layer=lst", complaint: "'lst' is not one of last, mean, weighted, nested"),
    alone("features.encoder.layer=-1", complaint: "features.encoder.layer: '-1' is outside 0…128"),
    alone("features.encoder.pad_s=10", complaint: "features.encoder.pad_s: '10' is outside 30…30"),
    alone("features.encoder.digest=abc", complaint: "'abc' is no digest of an encoder"),
    alone("features.encoder.layers=1", complaint: "features.encoder.layers: no such key; did you"),
    alone("audio.rate_hz=8000", complaint: "audio.rate_hz: 8000 Hz, but the encoder"),
    alone(
      "training.augmentation.noise={}",
      complaint: "training.augmentation.noise: noise differs from epoch to epoch"),
    alone(
      "features.encoder.heard=[Ravdess]",
      complaint: "features.encoder.heard: the encoder has heard ravdess, which is tested"),
    WrongEncoder(
      overrides: [
        "features.fusion=branches", "features.encoder.path=${ENCODERS}/one", "features.hop_ms=11",
      ], complaint: "features.hop_ms: frames of 176 samples do not fill the 30 s"),
  ]

  @Test("a digest pins the encoder: other weights are refused")
  func pinned() throws {
    let digest = try found("one").text
    let pin = ["features.encoder.digest=\(digest)"]
    #expect(complaints(head, overrides: overrides(encoder: "one") + pin) == "")
    let said = complaints(head, overrides: overrides(encoder: "other") + pin)
    #expect(said.contains("features.encoder.digest: the folder holds whisper-2x8-"), "\(said)")
  }

  @Test("a published corpus that was heard is known by its adapter, whatever the file calls it")
  func heardByAnotherName() throws {
    let text = head.replacing("ravdess: {adapter", with: "speech: {adapter")
    let heard = overrides(encoder: "one") + ["features.encoder.heard=[ravdess]"]
    #expect(complaints(text, overrides: heard).contains("has heard speech, which is tested"))
  }

  @Test("masks of bins have no effect on an encoder alone")
  func masks() throws {
    let one = try identity(overrides(encoder: "one"))
    let other = ["training.augmentation.specaugment.freq_bins=4"]
    #expect(try identity(overrides(encoder: "one") + other) == one)
    let branches = ["features.encoder.path=${ENCODERS}/one", "features.fusion=branches"]
    #expect(try identity(branches + other) != identity(branches))
  }

  @Test("what an encoder has heard may be tested where the file allows it")
  func allowed() throws {
    let heard = overrides(encoder: "one") + ["features.encoder.heard=[ravdess]"]
    #expect(complaints(head, overrides: heard + ["protocol.allow=[heard]"]) == "")
  }
}
