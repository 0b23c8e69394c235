import Foundation
import Testing
import ValenceCore
import ValenceEvaluation
import ValenceTestSupport

@testable import ValenceStore

@Suite("Trials on disk")
struct TrialStoreTests {
  @Test("a trial comes back as it was kept, to the last bit of each number")
  func comesBack() throws {
    try TemporaryFolder.with { folder in
      let store = RunStore(results: folder.url, name: "study")
      let trial = sampleTrial()
      try store.commit(trial)
      let record = try #require(try store.trial(trial.record.key))
      var expected = record
      expected.files = [:]
      #expect(record != trial.record && expected.files == trial.record.files)
      #expect(record.evaluations == trial.record.evaluations)
      #expect(record.settings == trial.record.settings && record.seed == .max)
      #expect(try store.hasModel(record))
      #expect(
        record.files.keys.sorted() == [
          "history.csv", "metrics.json", "model.safetensors", "predictions/one.csv",
          "predictions/two.csv",
        ])
      #expect(try store.history(of: record) == trial.history)
      #expect(try store.model(of: record) == trial.model)
      for (corpus, predictions) in trial.predictions {
        #expect(try store.predictions(of: record, on: corpus) == predictions)
      }
      #expect(try store.timing(of: record.key) == trial.timing)
    }
  }

  @Test("equal trials leave equal bytes, and JSON keys stand in alphabetical order")
  func equalBytes() throws {
    try TemporaryFolder.with { folder in
      let stores = ["one", "two"].map { RunStore(results: folder.url, name: $0) }
      for store in stores { try store.commit(sampleTrial()) }
      #expect(try contents(of: stores[0].folder) == contents(of: stores[1].folder))
      let keys = (0..<26).map { "key\($0)" }
      let json = try JSON.encoded(Dictionary(uniqueKeysWithValues: keys.map { ($0, $0 + "/ä") }))
      let lines = keys.sorted().map { "  \"\($0)\" : \"\($0)/ä\"" }.joined(separator: ",\n")
      #expect(String(decoding: json, as: UTF8.self) == "{\n\(lines)\n}\n")
    }
  }

  @Test(
    "a trial that lacks a file, or whose file was altered, is not finished",
    arguments: [
      "trial.json", "history.csv", "metrics.json", "predictions/one.csv", "predictions/two.csv",
    ])
  func notWhole(path: String) throws {
    try TemporaryFolder.with { folder in
      let store = RunStore(results: folder.url, name: "study")
      let key = sampleTrial().record.key
      let file = store.trialFolder(key).appending(path: path)
      try store.commit(sampleTrial())
      var bytes = try Data(contentsOf: file)
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: file)
      #expect(try store.trial(key) == nil)
      try store.commit(sampleTrial())
      #expect(try store.trial(key) != nil)
      try Data(contentsOf: file).dropLast(3).write(to: file)
      #expect(try store.trial(key) == nil)
      try FileManager.default.removeItem(at: file)
      #expect(try store.trial(key) == nil)
    }
  }

  @Test(
    "no number of a record can be edited, be it ever so plausible: it is then damaged",
    arguments: [
      ("\"best_epoch\" : 1", "\"best_epoch\" : 2"),
      ("\"train_utterances\" : 4", "\"train_utterances\" : 5"),
      ("rate_hz: 8000", "rate_hz: 16000"), ("\"a remark\"", "\"another one\""),
      ("\"within\" : true", "\"within\" : false"), ("\"epochs\" : 2", "\"epochs\" :  2"),
      ("\"key\"", "\"new\" : 1, \"key\""),
    ])
  func edited(old: String, new: String) throws {
    try TemporaryFolder.with { folder in
      let store = RunStore(results: folder.url, name: "study")
      let key = sampleTrial().record.key
      try store.commit(sampleTrial())
      let file = store.trialFolder(key).appending(path: "trial.json")
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.contains(old))
      try Data(text.replacingOccurrences(of: old, with: new).utf8).write(to: file)
      #expect(try store.trial(key) == nil)
      try Data(text.utf8).write(to: file)
      #expect(try store.trial(key) != nil)
    }
  }

  @Test("a finished trial is finished without its network, and says that the network is gone")
  func withoutModel() throws {
    try TemporaryFolder.with { folder in
      let store = RunStore(results: folder.url, name: "study")
      let key = sampleTrial().record.key
      try store.commit(sampleTrial())
      let listing = TrialListing(
        key: key, name: .init(variant: "v", train: "one", fold: "1", seed: 1))
      #expect(store.state(of: listing) == .finished)
      let file = store.trialFolder(key).appending(path: "model.safetensors")
      var bytes = try Data(contentsOf: file)
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: file)
      let record = try #require(try store.trial(key))
      #expect(try !store.hasModel(record))
      try FileManager.default.removeItem(at: file)
      #expect(try !store.hasModel(record))
      #expect(store.state(of: listing) == .withoutModel)
      #expect(store.state(of: listing).rawValue == "finished, without its model")
      #expect(try RunStore.isModel(sampleTrial().model, of: record))
      #expect(try !RunStore.isModel(Safetensors(arrays: [:], metadata: [:]), of: record))
      try FileManager.default.removeItem(
        at: store.trialFolder(key).appending(path: "predictions"))
      #expect(store.state(of: listing) == .incomplete)
    }
  }

  @Test("a record that forgets a file is not whole, and neither is one of another key")
  func forgetfulRecord() throws {
    try TemporaryFolder.with { folder in
      let store = RunStore(results: folder.url, name: "study")
      let key = sampleTrial().record.key
      try store.commit(sampleTrial())
      let file = store.trialFolder(key).appending(path: "trial.json")
      var record = try #require(try store.trial(key))
      record.files["predictions/two.csv"] = nil
      try record.sealed().write(to: file)
      #expect(try store.trial(key) == nil)
      record = try #require(TrialRecord(sealed: record.sealed()))
      #expect(record.files.count == 4)
      try store.commit(sampleTrial())
      try FileManager.default.moveItem(at: store.trialFolder(key), to: store.trialFolder("other"))
      #expect(try store.trial("other") == nil)
    }
  }

  @Test("without its timing a trial is whole: seconds are nobody's result")
  func timingIsOptional() throws {
    try TemporaryFolder.with { folder in
      let store = RunStore(results: folder.url, name: "study")
      let key = sampleTrial().record.key
      try store.commit(sampleTrial())
      try FileManager.default.removeItem(
        at: store.trialFolder(key).appending(path: "timing.json"))
      #expect(try store.trial(key) != nil)
      #expect(try store.timing(of: key).isEmpty)
    }
  }

  @Test("committing again replaces the whole folder")
  func replaces() throws {
    try TemporaryFolder.with { folder in
      let store = RunStore(results: folder.url, name: "study")
      var trial = sampleTrial()
      try store.commit(trial)
      trial.predictions["two"] = nil
      trial.record.evaluations.removeLast()
      try store.commit(trial)
      let record = try #require(try store.trial(trial.record.key))
      #expect(record.evaluations.map(\.corpus) == ["one"])
      #expect(try contents(of: store.folder).keys.contains { $0.hasSuffix("two.csv") } == false)
    }
  }

  @Test("an experiment without results is named with those that there are")
  func unknownExperiment() throws {
    try TemporaryFolder.with { folder in
      let path = folder.url.path
      func sentence(_ name: String) -> String? {
        do {
          _ = try RunStore.existing(results: folder.url, name: name)
          return nil
        } catch { return "\(error)" }
      }
      #expect(
        sentence("studi") == "studi: no results of that name in \(path); nothing has run here yet.")
      for name in ["study", "a-study"] {
        try RunStore(results: folder.url, name: name).write("name: x\n", to: .plan)
      }
      try folder.write(["notes/readme.txt": ""])
      #expect(
        sentence("studi")
          == "studi: no results of that name in \(path); there are a-study, study.")
      #expect(sentence("study") == nil)
      #expect(RunStore.experiments(in: folder.url) == ["a-study", "study"])
      for path in ["", ".", "..", "../study", "a/study", "/study", "study/", ".study", "st\0dy"] {
        #expect(
          sentence(path)
            == "\(path): this is not an experiment's name; give the name alone, and the results folder "
            + "by --results.")
      }
    }
  }

  @Test("a missing or damaged JSON file of an experiment is named")
  func damagedJSON() throws {
    try TemporaryFolder.with { folder in
      let store = RunStore(results: folder.url, name: "study")
      let file = store.folder.appending(path: "trials.json").path
      #expect(throws: StoreError.missing(file: file)) {
        try store.read([TrialListing].self, from: .trials)
      }
      try store.write("[{\"key\": 3}]", to: .trials)
      let expected = StoreError.damaged(file: file, reason: "it is not the expected JSON")
      #expect(throws: expected) { try store.read([TrialListing].self, from: .trials) }
      #expect(
        "\(expected)" == "\(file): this file is damaged (it is not the expected JSON); "
          + "run the experiment again to make it anew.")
      let listing = [
        TrialListing(
          key: "k", name: .init(variant: "v", train: "t", fold: "1", seed: .max), failure: "x")
      ]
      try store.write(json: listing, to: .trials)
      #expect(try store.read([TrialListing].self, from: .trials) == listing)
      try store.remove(.trials)
      try store.remove(.trials)
      #expect(store.text(of: .trials) == nil)
    }
  }

  @Test("a folder that cannot be written is named")
  func unwritable() throws {
    try TemporaryFolder.with { folder in
      try folder.write(["study": "a file where the folder should be"])
      let store = RunStore(results: folder.url, name: "study")
      let error = #expect(throws: StoreError.self) { try store.commit(sampleTrial()) }
      let sentence = error.map { "\($0)" } ?? ""
      #expect(sentence.hasPrefix(folder.url.appending(path: "study/trials").path))
      #expect(sentence.contains(": this cannot be written ("))
      #expect(sentence.hasSuffix("); check the disk and its permissions."))
    }
  }
}
