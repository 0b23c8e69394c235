import Foundation
import Testing
import ValenceStore
import ValenceTestSupport

@Suite("The index of results")
struct ResultIndexTests {
  private func fill(_ results: URL) throws {
    let store = RunStore(results: results, name: "study")
    try store.write("name: study\n", to: .plan)
    try store.commit(sampleTrial("k1"))
    try store.write(
      json: [
        TrialListing(key: "k1", name: .init(variant: "base", train: "one", fold: "1", seed: .max)),
        TrialListing(
          key: "k2", name: .init(variant: "base", train: "one", fold: "2", seed: 1),
          failure: "it diverged"),
        TrialListing(key: "k3", name: .init(variant: "base", train: "one", fold: "3", seed: 1)),
      ], to: .trials)
    try RunStore(results: results, name: "empty").write("name: empty\n", to: .plan)
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
    #expect(trials.map(\.name.seed) == [.max, 1, 1])
    #expect(trials.map(\.trainingS) == [1.25, nil, nil])
    #expect(trials.map(\.failure) == [nil, "it diverged", nil])
    #expect(index.trials(of: "nobody") == [])
  }

  @Test("it says what the files say")
  func filled() throws {
    try TemporaryFolder.with { folder in
      try fill(folder.url)
      try check(ResultIndex(results: folder.url))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
      #expect(names.sorted() == ["empty", "study"])
    }
  }

  @Test("the experiment whose results changed last comes first")
  func newestFirst() throws {
    try TemporaryFolder.with { folder in
      for (name, day) in [("b", 3.0), ("a", 1), ("c", 2)] {
        let store = RunStore(results: folder.url, name: name)
        try store.write("name: \(name)\n", to: .plan)
        try store.write(json: [TrialListing](), to: .trials)
        try FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSince1970: day * 86400)],
          ofItemAtPath: store.url(of: .trials).path)
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
}
