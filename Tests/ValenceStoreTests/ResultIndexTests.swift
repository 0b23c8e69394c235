import Foundation
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
    let experiments = try index.experiments().sorted { $0.name < $1.name }
    #expect(experiments.map(\.name) == ["empty", "study"])
    #expect(experiments.map(\.trials) == [0, 3])
    #expect(experiments.map(\.finished) == [0, 1])
    #expect(experiments.map(\.failed) == [0, 1])
    let trials = try index.trials(of: "study")
    #expect(trials.map(\.key) == ["k1", "k2", "k3"])
    #expect(trials.map(\.state) == ["finished", "failed", "pending"])
    #expect(trials.map(\.seed) == [.max, 1, 1])
    #expect(trials.map(\.trainingS) == [1.25, nil, nil])
    #expect(try index.trials(of: "nobody") == [])
  }

  @Test("it says what the files say, and can be remade from them at will")
  func remade() throws {
    try TemporaryFolder.with { folder in
      try fill(folder.url)
      let index = ResultIndex(results: folder.url)
      let file = folder.url.appending(path: "index.sqlite")
      try index.remake()
      try check(index)
      try index.remake()
      try check(index)
      try FileManager.default.removeItem(at: file)
      try index.remake()
      try check(index)
      // Whatever stood there before: the index holds nothing of its own.
      try Data("no database at all".utf8).write(to: file)
      try index.remake()
      try check(index)
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
      let index = ResultIndex(results: folder.url)
      try index.remake()
      #expect(try index.experiments().map(\.name) == ["b", "c", "a"])
      #expect(try index.experiments().first?.changed == "1970-01-04T00:00:00Z")
    }
  }

  @Test("an index that cannot be written says so")
  func unwritable() throws {
    try TemporaryFolder.with { folder in
      try folder.write(["results": "a file"])
      let results = folder.url.appending(path: "results")
      let error = #expect(throws: StoreError.self) { try ResultIndex(results: results).remake() }
      let sentence = error.map { "\($0)" } ?? ""
      let path = results.appending(path: "index.sqlite").path
      #expect(sentence.hasPrefix("\(path): this cannot be written ("))
    }
  }
}
