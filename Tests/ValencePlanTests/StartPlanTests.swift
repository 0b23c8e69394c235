import Foundation
import Testing
import ValenceCore
import ValenceNN
import ValenceTestSupport

@testable import ValencePlan

@Suite("Trained networks to start from in an experiment file")
struct StartPlanTests {
  private func identity(_ lines: [String]) throws -> String {
    try readPlan(head, overrides: lines).variants[0].identity
  }

  private func file(_ name: String) throws -> URL {
    try #require(models).appending(path: "\(name).safetensors")
  }

  @Test(
    "the identity has the content of the file, never its path, and nothing where nothing is asked for"
  )
  func content() throws {
    let none = try identity([])
    #expect(!none.contains("start_from"))
    #expect(try identity(["training.start_from=none"]) == none)
    let one = try identity(overrides(model: "one"))
    let digest = Digest(of: try Data(contentsOf: file("one"))).hex
    #expect(
      one.contains(
        "  start_from:\n    digest: \(ResolvedValue.text(digest).flow)\n    freeze: none\n"))
    #expect(!one.contains("one.safetensors"))
    #expect(try identity(overrides(model: "other")) != one)
    #expect(try identity(overrides(model: "one") + ["training.start_from.digest=\(digest)"]) == one)
    try TemporaryFolder.with { elsewhere in
      let copy = elsewhere.url.appending(path: "copy.bin")
      try FileManager.default.copyItem(at: file("one"), to: copy)
      #expect(try identity(["training.start_from.model=\(copy.path)"]) == one)
    }
  }

  @Test("settings are read back from an identity without the file")
  func readBack() throws {
    for more in [[], ["training.start_from.freeze=body"]] {
      let plan = try readPlan(head, overrides: overrides(model: "one") + more)
      var expected = plan.variants[0].settings
      expected.training.startFrom?.file = nil
      #expect(expected.training.startFrom != nil)
      #expect(try Settings(identity: plan.variants[0].identity, file: "model") == expected)
    }
  }

  @Test("networks are an axis of a sweep, beside none, and classic models go without")
  func sweeps() throws {
    let grid =
      "sweep={grid: {training.start_from.model: [\"${MODELS}/one.safetensors\", "
      + "\"${MODELS}/other.safetensors\"], training.start_from.freeze: [none, body]}}"
    #expect(Set(try readPlan(head, overrides: [grid]).variants.map(\.identity)).count == 4)
    let variants = try readPlan(
      head,
      overrides: [
        "sweep={variants: {none: {}, body: {training.start_from: {model: \"${MODELS}/one.safetensors\"}}, "
          + "ridge: {model.classic: ridge}}}"
      ]
    ).variants
    #expect(variants.map { $0.settings.training.startFrom != nil } == [false, true, false])
    let twice = complaints(
      head,
      overrides: [
        "sweep={grid: {training.start_from.model: [\"${MODELS}/one.safetensors\", "
          + "\"${MODELS}/../\(try #require(models).lastPathComponent)/one.safetensors\"]}}"
      ])
    #expect(twice.contains("this axis changes nothing"), "\(twice)")
  }

  @Test("the resolved file reads as the same plan")
  func resolved() throws {
    let plan = try readPlan(
      head, overrides: overrides(model: "one") + ["training.start_from.freeze=body"])
    #expect(plan.resolvedYAML.contains("    model: \"${MODELS}/one.safetensors\"\n"))
    #expect(try readPlan(plan.resolvedYAML) == plan)
  }

  struct Wrong: Sendable, CustomTestStringConvertible {
    let overrides: [String]
    let complaint: String
    var testDescription: String { overrides.joined(separator: " ") }

    init(_ overrides: String..., complaint: String) {
      (self.overrides, self.complaint) = (overrides, complaint)
    }
  }

  static let one = "training.start_from.model=${MODELS}/one.safetensors"

  static let wrong: [Wrong] = [
    Wrong(
      "training.start_from={freeze: body}", complaint: "training.start_from.model: is missing."),
    Wrong(
      "training.start_from.model=${MODELS}/none.safetensors",
      complaint: "training.start_from.model: MODELS/none.safetensors does not exist."),
    Wrong(
      "training.start_from.model=${MODELS}",
      complaint: "training.start_from.model: MODELS is a folder; expected a file."),
    Wrong(
      "training.start_from.model=/dev/null",
      complaint:
        "training.start_from.model: /dev/null is no regular file; give the model.safetensors of a "
        + "trained network."),
    Wrong(
      "training.start_from.model=corpora/manifest.csv",
      complaint:
        "training.start_from.model: FOLDER/corpora/manifest.csv: this is not a whole safetensors file"
    ),
    Wrong(
      "training.start_from.model=${ENCODERS}/one/model.safetensors",
      complaint: "holds no network of Valence (its note valence.settings is missing); give the "
        + "model.safetensors of a trained network."),
    Wrong(
      "training.start_from.model=${MODELS}/classic.safetensors",
      complaint:
        "training.start_from.model: MODELS/classic.safetensors is a classic model, which has no body; "
        + "give the model of a network."),
    Wrong(
      "training.start_from.model=${MODELS}/wide.safetensors",
      complaint:
        "training.start_from.model: the body does not fit: features.mel.bands is 64, but the network of "
        + "MODELS/wide.safetensors was trained with 80; use the same audio, features and model as it."
    ),
    Wrong(
      one, "audio.trim_db=30",
      complaint:
        "the body does not fit: audio.trim_db is 30, but the network of MODELS/one.safetensors was "
        + "trained with none; use"),
    Wrong(
      one, "model.rnn=none",
      complaint:
        "the body does not fit: model.rnn is none, but the network of MODELS/one.safetensors was "
        + "trained with {cell: lstm, "),
    Wrong(
      one, "features.normalization=speaker",
      complaint:
        "features.normalization is speaker, but the network of MODELS/one.safetensors was trained with "
        + "train;"),
    Wrong(
      "training.start_from={digest: 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff}",
      complaint:
        "training.start_from.model: is missing; give the file of the network whose digest is "
        + "0011223344556677…."),
    Wrong(
      one, "training.start_from.digest=abc",
      complaint: "training.start_from.digest: 'abc' is no digest of a file; sha256sum prints it."),
    Wrong(
      one,
      "training.start_from.digest=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
      complaint: "training.start_from.digest: the file has the digest "),
    Wrong(
      one, "training.start_from.freeze=all",
      complaint: "training.start_from.freeze: 'all' is not one of none, body."),
    Wrong(
      one, "training.start_from.frozen=body",
      complaint: "training.start_from.frozen: no such key; valid are model, digest, freeze."),
    Wrong(
      "training.start_from=\(one)",
      complaint: "training.start_from: expected a map of keys, found text"),
    Wrong(
      one, "training.start_from.freeze=body", "training.adaptation={}", "protocol.across=pooled",
      complaint:
        "training.adaptation.gradient_reversal: turns a gradient round that moves the body, but "
        + "training.start_from.freeze is body, so nothing moves it; use freeze: none, or leave this out."
    ),
    Wrong(
      one, "training.start_from.freeze=body", "training.epochs=0",
      complaint: "training.epochs: '0' is outside 1…10000"),
  ]

  @Test("what cannot be started from is refused, with its key", arguments: wrong)
  func refused(wrong: Wrong) throws {
    let said = complaints(head, overrides: wrong.overrides)
      .replacing(try #require(models).path, with: "MODELS")
    #expect(said.contains(wrong.complaint), "\(said)")
  }

  @Test("a file that changes is another network, and damaged settings are refused")
  func changes() throws {
    try TemporaryFolder.with { folder in
      let file = folder.url.appending(path: "model.safetensors")
      func write(_ settings: String) throws {
        try Safetensors(metadata: ["valence.settings": settings]).encoded().write(to: file)
      }
      let line = "training.start_from.model=\(file.path)"
      try write(identity([]))
      let first = try identity([line])
      try Safetensors(metadata: ["valence.settings": identity([]), "more": "1"]).encoded()
        .write(to: file)
      #expect(try identity([line]) != first)
      for settings in [
        "", "audio: [", "audio: {rate_hz: twelve}", "nonsense: 1", "extends: x.yaml",
      ] {
        try write(settings)
        let said = complaints(head, overrides: [line])
        #expect(said.contains("cannot be read ("), "\(settings): \(said)")
        #expect(said.contains("; give the model.safetensors of a trained network."))
      }
    }
  }
}
