import Foundation
import Testing
import ValenceCore
import ValenceStore
import ValenceTestSupport

@testable import ValenceCard
@testable import ValenceData
@testable import ValencePredict

@Suite("Bundles")
struct ModelBundleTests {
  /// Lends a trained model's folder and a recording.
  private func trained(
    _ overrides: [String] = [], _ body: (Laboratory, URL, URL) throws -> Void
  ) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      if overrides.contains(where: { $0.contains("encoder") }) {
        let encoder = try TinyEncoder(in: laboratory.url(""))
        try Data("---\nlicense: apache-2.0\n---\n".utf8).write(
          to: encoder.folder.appending(path: "README.md"))
      }
      try laboratory.run(
        laboratory.plan(), ["training.epochs=1"] + overrides, .init(only: { $0.number == 1 }))
      let record = try #require(try laboratory.store().records().first)
      let file = try #require(ToneCorpus().rows.first?.file)
      try body(
        laboratory, laboratory.store().trialFolder(record.key), laboratory.url("one/\(file)"))
    }
  }

  private static let encoder = [
    "audio.rate_hz=16000", "model.projection.width=6", "model.rnn=none", "model.pooling=mean",
    "model.head.hidden=[]", "features.fusion=encoder", "features.encoder.path=tiny-whisper",
  ]

  private func answers(_ model: URL, about audio: URL) throws -> [[String: Float]] {
    try Predictor(models: [model], threads: 1).predict([audio], windows: nil)[0].answers
      .map(\.probabilities)
  }

  @Test("a bundle answers as its trial does, with the encoder in it, wherever it is moved")
  func answers() throws {
    try trained(Self.encoder) { laboratory, folder, audio in
      let encoder = laboratory.url("tiny-whisper")
      let expected = try Predictor(models: [folder], encoder: encoder, threads: 1)
        .predict([audio], windows: nil)[0].answers.map(\.probabilities)
      let card = try ModelBundle.make(of: folder, at: laboratory.url("first"), encoder: encoder)
      #expect(card.encoder?.license == "apache-2.0")
      // Nothing is left of what it was made from.
      try FileManager.default.removeItem(at: encoder)
      let moved = laboratory.url("moved")
      try FileManager.default.moveItem(at: laboratory.url("first"), to: moved)
      #expect(try answers(moved, about: audio) == expected)
      #expect(try answers(moved.appending(path: "model.safetensors"), about: audio) == expected)
      #expect(expected.count == 1 && expected[0].count == 3)
      // A bundle can be made of a bundle.
      try ModelBundle.make(of: moved, at: laboratory.url("again"))
      #expect(try answers(laboratory.url("again"), about: audio) == expected)
      expectSame(try laboratory.files("moved"), try laboratory.files("again"))
    }
  }

  @Test("its card is that of the trial, though the experiment is elsewhere")
  func card() throws {
    try trained { laboratory, folder, _ in
      let card = try ModelCard(of: folder)
      #expect(try ModelBundle.make(of: folder, at: laboratory.url("bundle")) == card)
      try FileManager.default.removeItem(at: laboratory.url("Results"))
      #expect(try ModelCard(of: laboratory.url("bundle")) == card)
      #expect(try laboratory.text("bundle/card.md") == card.markdown)
      #expect(
        try laboratory.files("bundle").keys.sorted() == [
          "bundle.json", "card.json", "card.md", "model.safetensors", "trial.json",
        ])
    }
  }

  @Test("a file that was changed or is gone is named")
  func changed() throws {
    try trained(Self.encoder) { laboratory, folder, audio in
      let bundle = laboratory.url("bundle")
      try ModelBundle.make(of: folder, at: bundle, encoder: laboratory.url("tiny-whisper"))
      for path in try laboratory.files("bundle").keys.sorted() where path != "bundle.json" {
        let file = bundle.appending(path: path)
        let whole = try Data(contentsOf: file)
        var data = whole
        data[data.startIndex + data.count / 2] ^= 1
        try data.write(to: file)
        let changed =
          "bundle/\(path): its bytes are not those that the bundle's bundle.json lists; make the bundle "
          + "again, or fetch it again."
        #expect(laboratory.sentence { _ = try answers(bundle, about: audio) } == changed)
        #expect(laboratory.sentence { _ = try ModelCard(of: bundle) } == changed)
        try FileManager.default.removeItem(at: file)
        #expect(
          laboratory.sentence { _ = try answers(bundle, about: audio) }
            == "bundle/\(path): this file of the bundle is missing; make the bundle again, or fetch it "
            + "again.")
        try whole.write(to: file)
      }
      #expect(try answers(bundle, about: audio).count == 1)
    }
  }

  @Test(
    "a list that is none, or that names other files, is refused",
    arguments: [
      ("", "it is not the expected JSON"), ("[]", "it is not the expected JSON"),
      ("{\"format\": 2, \"valence\": \"9\", \"files\": {}}", "its format is 2"),
      ("{\"format\": 1, \"valence\": \"9\", \"files\": {}}", "it does not list model.safetensors"),
      (
        "{\"format\": 1, \"valence\": \"9\", \"files\": {\"../../etc/passwd\": \"00\"}}",
        "'../../etc/passwd' is no name of a bundle's file"
      ),
      (
        "{\"format\": 1, \"valence\": \"9\", \"files\": {\"/etc/passwd\": \"00\"}}",
        "'/etc/passwd' is no name of a bundle's file"
      ),
    ])
  func lists(text: String, reason: String) throws {
    try TemporaryFolder.with { folder in
      try folder.write(["bundle.json": text, "model.safetensors": ""])
      #expect {
        _ = try ModelPlace(folder.url)
      } throws: { error in
        "\(error)".contains("this is no list of a bundle's files (\(reason)")
      }
    }
  }

  @Test("nothing is overwritten, and a bundle that fails leaves nothing behind")
  func whole() throws {
    try trained(Self.encoder) { laboratory, folder, _ in
      let encoder = laboratory.url("tiny-whisper")
      let parent = laboratory.url("bundles")
      try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: false)
      func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: parent.path).sorted()
      }
      try laboratory.folder.write(["bundles/file": "mine", "bundles/folder/file": "mine"])
      try FileManager.default.createSymbolicLink(
        atPath: parent.appending(path: "link").path, withDestinationPath: "nowhere")
      for name in ["file", "folder", "link"] {
        #expect(
          laboratory.sentence {
            try ModelBundle.make(of: folder, at: parent.appending(path: name), encoder: encoder)
          }
            == "bundles/\(name): there is something of this name already, and a bundle replaces nothing; "
            + "give another name.")
      }
      #expect(
        laboratory.sentence {
          try ModelBundle.make(
            of: folder, at: parent.appending(path: "a/b"), encoder: encoder)
        } == "bundles/a/b: there is no folder bundles/a to make the bundle in; make it first.")
      // The encoder is not the one that the model hears through.
      let other = try TinyEncoder(in: laboratory.url(""), name: "other", seed: 2).folder
      #expect(
        laboratory.sentence {
          try ModelBundle.make(of: folder, at: parent.appending(path: "new"), encoder: other)
        }?.hasPrefix("other: this is whisper-2x8-") == true)
      #expect(try names() == ["file", "folder", "link"])
      #expect(try laboratory.text("bundles/file") == "mine")
    }
  }

  @Test("weights that are links to a cache are copied, not the links")
  func links() throws {
    try trained(Self.encoder) { laboratory, folder, audio in
      let encoder = laboratory.url("tiny-whisper")
      let weights = encoder.appending(path: "model.safetensors")
      try FileManager.default.moveItem(at: weights, to: laboratory.url("blob"))
      try FileManager.default.createSymbolicLink(
        atPath: weights.path, withDestinationPath: "../blob")
      let bundle = laboratory.url("bundle")
      try ModelBundle.make(of: folder, at: bundle, encoder: encoder)
      try FileManager.default.removeItem(at: laboratory.url("blob"))
      #expect(try answers(bundle, about: audio).count == 1)
    }
  }
}
