import Foundation
import Testing
import ValenceCore
import ValenceKernels
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValencePredict

/// Each of these once gave an answer from input that was not normalized, `-nan`, or a trap.
@Suite("Damaged and edited models")
struct DamagedModelTests {
  /// Lends a trained model's bytes, its trial's folder, and a recording to ask about.
  private func trained(
    _ overrides: [String] = [], _ body: (Laboratory, URL, Data, URL) throws -> Void
  ) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(
        laboratory.plan(), ["training.epochs=1"] + overrides, .init(only: { $0.number == 1 }))
      let record = try #require(try laboratory.store().records().first)
      let folder = laboratory.store().trialFolder(record.key)
      let model = try Data(contentsOf: folder.appending(path: "model.safetensors"))
      let file = try #require(ToneCorpus().rows.first?.file)
      try body(laboratory, folder, model, laboratory.url("one/\(file)"))
    }
  }

  /// What is said of a model, without its folder; nil where it answers.
  private func complaint(
    _ data: Data, in laboratory: Laboratory, about audio: URL, name: String = "x.safetensors"
  ) throws -> String? {
    let file = laboratory.url(name)
    try data.write(to: file)
    do {
      let predictor = try Predictor(models: [file], threads: 1)
      let reply = predictor.predict([audio], windows: nil)[0]
      for answer in reply.answers {
        #expect(answer.probabilities.values.allSatisfy { $0 >= 0 && $0 <= 1 })
      }
      return reply.faults.first
    } catch {
      return "\(error)".replacing(laboratory.folder.url.path + "/", with: "")
    }
  }

  @Test("a model that cannot be read for the moment is not called missing")
  func unreadable() throws {
    try Laboratory.with { laboratory in
      let file = laboratory.url("x.safetensors")
      try FileManager.default.createSymbolicLink(
        atPath: file.path, withDestinationPath: "/proc/self/mem")
      #expect(
        laboratory.sentence { _ = try Predictor(models: [file], threads: 1) }
          == "x.safetensors: this exists but cannot be read now (Input/output error); nothing was "
          + "changed.")
    }
  }

  @Test("weights of another type are no weights, and nothing may follow them")
  func otherType() throws {
    try trained { laboratory, _, model, audio in
      let start = "x.safetensors: this is not a whole safetensors file: "
      var typed = model
      let found = try #require(typed.range(of: Data("\"F32\"".utf8)))
      typed.replaceSubrange(found, with: Data("\"I32\"".utf8))
      let said = try complaint(typed, in: laboratory, about: audio)
      #expect(said?.hasSuffix("has the type I32 where F32 should be; write it again.") == true)
      #expect(
        try complaint(model + Data(count: 8), in: laboratory, about: audio)?
          .replacing(laboratory.folder.url.path + "/", with: "")
          == start + "bytes follow its last array; write it again.")
    }
  }

  @Test("each damage gets its sentence, with the file and the array")
  func sentences() throws {
    try trained { laboratory, _, model, audio in
      func said(_ change: (inout Safetensors) -> Void) throws -> String? {
        var file = try Safetensors(decoding: model, name: "model")
        change(&file)
        return try complaint(file.encoded(), in: laboratory, about: audio)
      }
      let (means, deviations) = ("normalization.mel.means", "normalization.mel.deviations")
      let damaged = "; the file was damaged or edited."
      #expect(try said { _ in } == nil)
      for array in [means, deviations] {
        #expect(
          try said { $0.arrays[array] = nil }
            == "x.safetensors: it lacks \(array), by which its settings (normalization: train) normalize "
            + "what it hears" + damaged)
        for value in [Float.nan, .infinity] {
          #expect(
            try said { $0.arrays[array]?.values[3] = value }
              == "x.safetensors: \(array) holds numbers that are not finite" + damaged)
        }
        #expect(
          try said {
            $0.arrays[array] = .init(shape: [11], values: [Float](repeating: 1, count: 11))
          }
            == "x.safetensors: \(array) has the shape [11] where its settings make 12 bins"
            + damaged)
      }
      for value in [Float(0), -1] {
        #expect(
          try said { $0.arrays[deviations]?.values[3] = value }
            == "x.safetensors: \(deviations) is \(value) at bin 4, where only numbers above 0 can be"
            + damaged)
      }
      #expect(
        try said { $0.metadata["valence.classes"] = "" }
          == "x.safetensors: its note valence.classes names no class" + damaged)
      #expect(
        try said { $0.metadata["valence.classes"] = "low\nmid\nlow" }
          == "x.safetensors: its class 'low' stands there twice" + damaged)
      #expect(
        try said { $0.metadata["valence.class_list"] = "[\"low\",\"\",\"high\"]" }
          == "x.safetensors: one of its classes has an empty name" + damaged)
      #expect(try said { $0.metadata["valence.classes"] = "low\nmid\nhigh\nmore" } != nil)
      for normalization in ["none", "corpus", "speaker"] {
        #expect(
          try said {
            $0.metadata["valence.settings"]?.replace(
              "normalization: train", with: "normalization: \(normalization)")
          }
            == "x.safetensors: it holds \(deviations), which its settings (normalization: "
            + "\(normalization)) have no use for" + damaged)
      }
      #expect(
        try said { $0.metadata["valence.settings"]?.replace("bands: 12", with: "bands: 13") } != nil
      )
      #expect(try said { $0.metadata["valence.settings"]? += "extends: /etc/passwd\n" } != nil)
      let weights = try Safetensors(decoding: model, name: "model").arrays.keys
      for name in weights where !name.hasPrefix("normalization.") {
        #expect(
          try said { $0.arrays[name]?.values[0] = .nan }
            == "x.safetensors: \(name) holds numbers that are not finite; the training that wrote it "
            + "diverged.")
        // Numbers that are finite, but not what becomes of them.
        _ = try said { file in
          let count = file.arrays[name]?.values.count ?? 0
          file.arrays[name]?.values = [Float](repeating: -3e38, count: count)
        }
      }
      let variance = try #require(weights.first { $0.hasSuffix("running_var") })
      #expect(
        try said { $0.arrays[variance]?.values[0] = -1 }
          == "x.safetensors: \(variance) holds a variance below zero; the file was damaged or edited."
      )
    }
  }

  @Test("a model is held to the digest in the trial.json beside it")
  func digests() throws {
    try trained { laboratory, folder, model, audio in
      let record = try Data(contentsOf: folder.appending(path: "trial.json"))
      try laboratory.folder.write(["copy/readme.txt": ""])
      try record.write(to: laboratory.url("copy/trial.json"))
      let name = "copy/model.safetensors"
      #expect(try complaint(model, in: laboratory, about: audio, name: name) == nil)
      var random = RandomStream(seed: 1, "bytes")
      for _ in 0..<20 {
        var changed = model
        changed[random.below(changed.count)] ^= UInt8(1 + random.below(255))
        #expect(
          try complaint(changed, in: laboratory, about: audio, name: name)
            == "copy/model.safetensors: its bytes are not those that the trial.json beside it was written "
            + "for; take both from one run, or the model without trial.json if it was changed on purpose."
        )
      }
      try Data("{".utf8).write(to: laboratory.url("copy/trial.json"))
      #expect(
        try complaint(model, in: laboratory, about: audio, name: name)?.contains(
          "the trial.json beside it cannot be read") == true)
      // A model of another name is no file of the trial.
      try record.write(to: laboratory.url("copy/trial.json"))
      #expect(
        try complaint(model, in: laboratory, about: audio, name: "copy/mine.safetensors") == nil)
    }
  }

  @Test(
    "models without statistics of their own stay usable", arguments: ["none", "corpus", "speaker"])
  func withoutStatistics(normalization: String) throws {
    try trained(["features.normalization=\(normalization)"]) { laboratory, _, model, audio in
      let told = try complaint(model, in: laboratory, about: audio)
      #expect(told == nil)
    }
  }

  @Test("whatever byte of a model is changed, it is refused in a sentence or answers in numbers")
  func mutations() throws {
    try trained { laboratory, _, model, audio in
      var random = RandomStream(seed: 7, "mutations")
      let header = 8 + Int(model[0]) + 256 * Int(model[1])
      for turn in 0..<150 {
        var changed = model
        for _ in 0..<(1 + random.below(4)) {
          let place = random.below(turn.isMultiple(of: 3) ? changed.count : header)
          switch random.below(4) {
          case 0: changed[place] ^= UInt8(1 << random.below(8))
          case 1: changed[place] = UInt8(random.below(256))
          case 2: changed.remove(at: place)
          default: changed.insert(UInt8(0x20 + random.below(0x5F)), at: place)
          }
        }
        if let told = try complaint(changed, in: laboratory, about: audio) {
          let names = told.contains("x.safetensors") || told.contains("/one/")
          #expect(names && [".", "?", "…"].contains(told.last), "turn \(turn): \(told)")
        }
      }
    }
  }

  @Test("class names with line ends survive in a model, and those of older models are read")
  func classNames() throws {
    try Laboratory.with { laboratory in
      var corpus = ToneCorpus()
      for index in corpus.rows.indices where corpus.rows[index].label == "mid" {
        corpus.rows[index].label = "m\ni, \"d\" | `x`"
      }
      try laboratory.write(corpus, as: "one")
      try laboratory.run(
        laboratory.plan(), ["training.epochs=1", "labels=native"], .init(only: { $0.number == 1 }))
      let store = laboratory.store()
      let record = try #require(try store.records().first)
      let predictor = try Predictor(models: [store.trialFolder(record.key)], threads: 1)
      #expect(predictor.classes == ["high", "low", "m\ni, \"d\" | `x`"])
      #expect(predictor.classes == record.classes)
      #expect(try !store.predictions(of: record, on: "one").isEmpty)
    }
  }
}
