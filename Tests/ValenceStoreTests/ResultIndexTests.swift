import Foundation
import GRDB
import Testing
import ValenceStore
import ValenceTestSupport

@Suite("The index of results")
struct ResultIndexTests {
  private func fill(_ results: URL) throws {
    let store = RunStore(results: results, name: "study")
    try store.write("name: study\n", to: "experiment.yaml")
    try store.commit(sampleTrial("k1"))
    try store.write(
      json: [
        TrialListing(key: "k1", variant: "base", train: "one", fold: "1", seed: .max),
        TrialListing(
          key: "k2", variant: "base", train: "one", fold: "2", seed: 1, failure: "it diverged"),
        TrialListing(key: "k3", variant: "base", train: "one", fold: "3", seed: 1),
      ], to: "trials.json")
    try RunStore(results: results, name: "empty").write("name: empty\n", to: "experiment.yaml")
  }

  private func check(_ index: ResultIndex) throws {
    let experiments = index.experiments.sorted { $0.name < $1.name }
    #expect(experiments.map(\.name) == ["empty", "study"])
    #expect(experiments.map(\.trials) == [0, 3])
    #expect(experiments.map(\.finished) == [0, 1])
    #expect(experiments.map(\.failed) == [0, 1])
    #expect(experiments.map(\.withoutModel) == [0, 0])
    let trials = index.trials(of: "study")
    #expect(trials.map(\.key) == ["k1", "k2", "k3"])
    #expect(trials.map(\.state) == ["finished", "failed", "pending"])
    #expect(trials.map(\.seed) == [.max, 1, 1])
    #expect(trials.map(\.trainingS) == [1.25, nil, nil])
    #expect(trials.map(\.failure) == [nil, "it diverged", nil])
    #expect(index.trials(of: "nobody") == [])
  }

  /// What the database says of each trial, in SQLite's own words.
  private func rows(_ file: URL) throws -> [String] {
    try DatabaseQueue(path: file.path).read { database in
      let sql = """
        SELECT key || ' ' || state || ' ' || ifnull(failure, '-') || ' ' || ifnull(trainingS, '-')
        FROM trial ORDER BY rowid
        """
      return try String.fetchAll(database, sql: sql)
    }
  }

  @Test("it says what the files say, and can be remade from them at will")
  func remade() throws {
    try TemporaryFolder.with { folder in
      try fill(folder.url)
      let file = folder.url.appending(path: "index.sqlite")
      let expected = ["k1 finished - 1.25", "k2 failed it diverged -", "k3 pending - -"]
      for _ in 0..<2 {
        let index = ResultIndex(results: folder.url)
        try check(index)
        try index.write()
        #expect(try rows(file) == expected)
      }
      // Whatever stood there before: the index holds nothing of its own.
      try Data("no database at all".utf8).write(to: file)
      try ResultIndex(results: folder.url).write()
      #expect(try rows(file) == expected)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
      #expect(names.sorted() == ["empty", "index.sqlite", "study"])
    }
  }

  @Test("the experiment whose results changed last comes first")
  func newestFirst() throws {
    try TemporaryFolder.with { folder in
      for (name, day) in [("b", 3.0), ("a", 1), ("c", 2)] {
        let store = RunStore(results: folder.url, name: name)
        try store.write("name: \(name)\n", to: "experiment.yaml")
        try store.write(json: [TrialListing](), to: "trials.json")
        try FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSince1970: day * 86400)],
          ofItemAtPath: store.folder.appending(path: "trials.json").path)
      }
      let experiments = ResultIndex(results: folder.url).experiments
      #expect(experiments.map(\.name) == ["b", "c", "a"])
      #expect(experiments.first?.changed == "1970-01-04T00:00:00Z")
    }
  }

  @Test("finished is a record with all its predictions, whole, whatever else is there")
  func states() throws {
    try TemporaryFolder.with { folder in
      try fill(folder.url)
      let trial = folder.url.appending(path: "study/trials/k1")
      func state() -> String? { ResultIndex(results: folder.url).trials(of: "study").first?.state }
      try FileManager.default.removeItem(at: trial.appending(path: "model.safetensors"))
      #expect(state() == "finished, without its model")
      let experiment = ResultIndex(results: folder.url).experiments.first { $0.name == "study" }
      #expect(experiment?.finished == 1 && experiment?.withoutModel == 1)
      try FileManager.default.removeItem(at: trial.appending(path: "predictions"))
      #expect(state() == "incomplete")
      try FileManager.default.removeItem(at: trial)
      #expect(state() == "pending")
    }
  }

  @Test("an index that cannot be written says so")
  func unwritable() throws {
    try TemporaryFolder.with { folder in
      try folder.write(["results": "a file"])
      let results = folder.url.appending(path: "results")
      let error = #expect(throws: StoreError.self) { try ResultIndex(results: results).write() }
      let sentence = error.map { "\($0)" } ?? ""
      let path = results.appending(path: "index.sqlite").path
      #expect(sentence.hasPrefix("\(path): this cannot be written ("))
    }
  }
}
