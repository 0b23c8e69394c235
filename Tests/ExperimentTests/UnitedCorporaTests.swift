import Foundation
import Testing
import ValenceCore
import ValenceCorpora
import ValenceEvaluation
import ValenceFeatures
import ValenceNN
import ValencePlan
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceTraining

@Suite("Training on several corpora together")
struct UnitedCorporaTests {
  private static let short = ["training.epochs=1"]

  private func ids(_ laboratory: Laboratory, _ corpus: String) throws -> [String] {
    try Table(contentsOf: laboratory.url("\(corpus)/manifest.csv")).rows.map { $0[0] }.sorted()
  }

  @Test(
    "pooled: one network a fold learns from all corpora; held-out speakers of each stay held out")
  func pooled() throws {
    try Laboratory.withThreeCorpora { laboratory in
      let settings = Self.short + ["protocol.across=pooled", "train_on=[one, two]"]
      let text = laboratory.plan(corpora: ["one", "two", "three"])
      let experiment = try laboratory.experiment(text, settings + ["seeds=[1, 2]"])
      #expect(experiment.trials.map(\.train) == Array(repeating: "one+two", count: 4))
      #expect(experiment.trials.map(\.fold.name) == ["1", "2", "1", "2"])
      for trial in experiment.trials {
        #expect(Set(trial.fold.parts.map(\.corpus)) == ["one", "two"])
        for part in trial.fold.parts {
          // The very fold that a network of this corpus alone has.
          #expect(experiment.corpus(part.corpus).folds.contains(part.fold))
          let utterances = experiment.corpus(part.corpus).labeled.utterances
          func speakers(_ indices: [Int]) -> Set<String?> {
            Set(indices.map { utterances[$0].utterance.speaker })
          }
          #expect(
            speakers(part.fold.train + part.fold.validation)
              .isDisjoint(with: speakers(part.fold.test)))
        }
      }
      try laboratory.run(text, settings + ["seeds=[1, 2]"])
      let store = laboratory.store()
      let listings = try store.read([TrialListing].self, from: .trials)
      for seed in [1, 2] as [UInt64] {
        let records = try listings.filter { $0.name.seed == seed }
          .map { try #require(try store.trial($0.key)) }
        for name in ["one", "two"] {
          let scored = try records.flatMap {
            try store.predictions(of: $0, on: name).map(\.segment.file)
          }
          #expect(try scored.sorted() == ids(laboratory, name))
        }
        for record in records {
          #expect(record.evaluations.map(\.corpus) == ["one", "two", "three"])
          #expect(record.evaluations.map(\.within) == [true, true, false])
          let other = try store.predictions(of: record, on: "three").map(\.segment.file)
          #expect(try other.sorted() == ids(laboratory, "three"))
        }
      }
      let table = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      #expect(Set(table.rows.map { $0[1] }) == ["one+two"])
      let pooled = table.rows.filter { $0[3] == "pooled" && $0[5] == "uar" }
      #expect(pooled.map { $0[2] } == ["one", "one", "two", "two"])
      #expect(pooled.map { $0[7] } == ["36", "36", "30", "30"])
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(summary.contains("| one+two    |"))
      #expect(summary.contains("the same fold held out of every training corpus"))
    }
  }

  @Test("leave_one_corpus_out: each corpus is tested as a whole on networks of the others")
  func leaveOneOut() throws {
    try Laboratory.withThreeCorpora { laboratory in
      let settings =
        Self.short + [
          "protocol.across=leave_one_corpus_out", "report.formats=[svg]",
          "report.figures=[generalization, ablation, confusion, learning_curves]",
        ]
      let text = laboratory.plan(
        corpora: ["one", "two", "three"], "sweep: {grid: {features.mel.bands: [8, 12]}}\n")
      let experiment = try laboratory.experiment(text, settings)
      #expect(
        experiment.trials.map(\.train) == [
          "two+three", "one+three", "one+two", "two+three", "one+three", "one+two",
        ])
      for trial in experiment.trials {
        for part in trial.fold.parts {
          #expect(part.fold.test.isEmpty)
          let all = experiment.corpus(part.corpus).labeled.utterances.indices
          #expect((part.fold.train + part.fold.validation).sorted() == Array(all))
        }
      }
      try laboratory.run(text, settings)
      let store = laboratory.store()
      for listing in try store.read([TrialListing].self, from: .trials) {
        let record = try #require(try store.trial(listing.key))
        let held = try #require(record.evaluations.first)
        #expect(record.evaluations.count == 1)
        #expect(!held.within && !listing.name.train.contains(held.corpus))
        let scored = try store.predictions(of: record, on: held.corpus).map(\.segment.file)
        #expect(try scored.sorted() == ids(laboratory, held.corpus))
      }
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(summary.contains("rest: all training corpora except the tested one."))
      #expect(summary.contains("leave-one-corpus-out: trained on all corpora but one"))
      let plots = try laboratory.files("Plots").keys.filter { $0.hasSuffix(".svg") }.sorted()
      #expect(plots.contains("study/generalization-bands-8.svg"))
      #expect(!plots.contains { $0.contains("gap") })
      #expect(plots.count { $0.contains("confusion") } == 6)
      let map = try laboratory.text("Plots/study/generalization-bands-8.gp")
      #expect(map.contains("'rest'"))
      let ablation = try laboratory.text("Plots/study/ablation.gp")
      #expect(ablation.contains("rest → two"))
    }
  }

  @Test("leave_one_corpus_out has a map and a table of methods against held-out corpora")
  func heldOut() throws {
    try Laboratory.withThreeCorpora { laboratory in
      let settings =
        Self.short + [
          "protocol.across=leave_one_corpus_out", "report.formats=[svg]",
          "report.figures=[leave_one_corpus_out, generalization]",
        ]
      let text = laboratory.plan(
        corpora: ["one", "two", "three"], "sweep: {grid: {features.mel.bands: [8, 12]}}\n")
      try laboratory.run(text, settings)
      let plots = try laboratory.files("Plots").keys.sorted()
      #expect(
        plots == ["dat", "gp", "svg"].map { "study/leave-one-corpus-out.\($0)" })
      let script = try laboratory.text("Plots/study/leave-one-corpus-out.gp")
      for name in ["bands=8", "bands=12", "'mean'", "Held-out corpus"] {
        #expect(script.contains(name), "\(name)")
      }
      let summary = try laboratory.text("Results/study/summary.md")
      let heading = "## UAR of each held-out corpus, by method"
      let section = try #require(summary.components(separatedBy: heading).dropFirst().first)
      let lines = section.split(separator: "\n").prefix(4).map {
        $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      }
      #expect(lines[0] == ["method", "one", "two", "three", "mean"])
      #expect(lines[2...].map { $0[0] } == ["bands=8", "bands=12"])
      // The mean is that of the cells, each of which is the score in results.csv.
      let table = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      for line in lines[2...] {
        let own = table.rows.filter { $0[0] == line[0] && $0[5] == "uar" }.compactMap {
          Double($0[6])
        }
        #expect(own.count == 3)
        #expect(line[4] == NumberText.percent(own.reduce(0, +) / 3))
      }
    }
  }

  @Test("a united trial is known by its content: names and the order of corpora do not matter")
  func identity() throws {
    try Laboratory.withThreeCorpora { laboratory in
      func keys(_ corpora: [String], _ settings: [String]) throws -> [String] {
        try laboratory.experiment(laboratory.plan(corpora: corpora), settings).trials.map(\.key)
      }
      let pooled = Self.short + ["protocol.across=pooled"]
      let before = try keys(["one", "two"], pooled)
      #expect(try keys(["two", "one"], pooled) == before)
      try FileManager.default.moveItem(at: laboratory.url("one"), to: laboratory.url("uno"))
      #expect(try keys(["uno", "two"], pooled) == before)
      let single = try keys(["uno"], Self.short)
      #expect(Set(single).isDisjoint(with: before))
      // A label makes another training set, but where its utterance is tested.
      var corpus = ToneCorpus(speakers: 5, clips: 2, seed: 2)
      corpus.rows[0].label = "high"
      try laboratory.write(corpus, as: "two")
      #expect(try Set(keys(["uno", "two"], pooled)).intersection(before).count == 1)
    }
  }

  @Test(
    "normalization by train takes the statistics of all pooled training speech, by corpus and speaker those of each"
  )
  func normalization() throws {
    try Laboratory.withThreeCorpora { laboratory in
      let text = laboratory.plan(corpora: ["one", "two"])
      let settings = Self.short + ["protocol.across=pooled"]
      let experiment = try laboratory.experiment(
        text, settings + ["sweep={grid: {features.normalization: [none, train, corpus, speaker]}}"])
      let library = try FeatureLibrary.load(
        experiment, cache: FeatureCache(folder: laboratory.url("cache")), threads: 1,
        control: RunControl { _ in })
      let trial = experiment.trials[0]
      let corpora = experiment.trainingSet(trial.train).corpora
      func source(
        _ variant: Int, _ training: [FeatureKind: Normalizer]? = nil
      ) throws -> ClipSource {
        try ClipSource(
          corpora, variant: experiment.plan.variants[variant], library: library,
          training: training)
      }
      /// The mean of the first band over all frames of some clips.
      func mean(_ source: ClipSource, _ indices: [Int]) throws -> Double {
        let values = try indices.flatMap { index in
          let features = try source.features(of: index)
          let matrix = try #require(features[.mel])
          return (0..<matrix.frames).map { Double(matrix.values[$0 * matrix.bins]) }
        }
        return values.reduce(0, +) / Double(values.count)
      }
      let raw = try source(0)
      let count = corpora.map(\.contents.count)
      let parts = [Array(0..<count[0]), Array(count[0]..<count[0] + count[1])]
      let train = raw.train(trial.fold)
      #expect(train.count == trial.fold.trainCount)
      #expect(train.contains { $0 < count[0] } && train.contains { $0 >= count[0] })
      let normalizers = try raw.trainingNormalizers(trial.fold)
      let byTrain = try source(1, normalizers)
      #expect(abs(try mean(byTrain, train)) < 1e-4)
      #expect(abs(try mean(byTrain, train.filter { $0 < count[0] })) > 1e-3)
      for part in parts { #expect(abs(try mean(source(2), part)) < 1e-4) }
      for part in parts {
        let speaker = part.filter { raw.utterance(of: $0).speaker == "s1" }
        #expect(abs(try mean(source(3), speaker)) < 1e-4)
      }
      // Clips are those of their corpus: targets and frames follow the position.
      for (corpus, part) in zip(corpora, parts) {
        #expect(part.map(raw.target) == corpus.labeled.utterances.map(\.target))
      }
    }
  }

  @Test("a finished pooled run is not done again, and another test corpus is scored alone")
  func resume() throws {
    try Laboratory.withThreeCorpora { laboratory in
      let settings = Self.short + ["protocol.across=pooled", "train_on=[one, two]"]
      try laboratory.run(laboratory.plan(corpora: ["one", "two"]), settings)
      let again = try laboratory.run(laboratory.plan(corpora: ["one", "two"]), settings)
      #expect((again.trained, again.scored, again.reused) == (0, 0, 2))
      let more = try laboratory.run(laboratory.plan(corpora: ["one", "two", "three"]), settings)
      #expect((more.trained, more.scored, more.reused) == (0, 2, 0))
      try laboratory.run(
        laboratory.plan(corpora: ["one", "two", "three"]), settings, .init(results: "fresh"))
      try expectSame(laboratory.files("fresh"), laboratory.files("Results"))
    }
  }

  @Test("corpora whose folds do not match cannot be pooled")
  func unlike() throws {
    try Laboratory.withThreeCorpora { laboratory in
      let said = laboratory.sentence {
        _ = try laboratory.experiment(
          laboratory.plan(corpora: ["one", "two"]),
          ["protocol.across=pooled", "protocol.within=leave_one_speaker_out"])
      }
      #expect(
        said == """
          command line: protocol.within: pooled unites the first fold of every training corpus, then \
          the second, and so on, but one has 4, two has 5; use \
          protocol.within.speaker_folds.
          """)
    }
  }
}
