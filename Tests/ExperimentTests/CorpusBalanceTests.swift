import Testing
import ValenceCore
import ValenceKernels
import ValenceNN
import ValencePlan
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceTraining

@Suite("Corpora that count the same in pooled training")
struct CorpusBalanceTests {
  @Test(
    "each corpus's clips weigh the same together, each class's too, and all together as many as there are"
  )
  func weights() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      var small = ToneCorpus(speakers: 4, clips: 1, seed: 2)
      small.rows += ToneCorpus(speakers: 4, clips: 3, seed: 2).rows.filter {
        $0.label == "low" && !$0.file.hasSuffix("-0.wav")
      }
      try laboratory.write(small, as: "two")
      let experiment = try laboratory.experiment(
        laboratory.plan(corpora: ["one", "two"]),
        ["protocol.across=pooled", "training.balance=corpus"])
      let library = try FeatureLibrary.load(
        experiment, cache: FeatureCache(folder: laboratory.url("cache")), threads: 1,
        control: RunControl { _ in })
      let trial = experiment.trials[0]
      let variant = trial.variant
      let source = ClipSource(
        asTheyAre: experiment.trainingSet(trial.train).corpora, variant: variant, library: library)
      let train = source.train(trial.fold)
      let network = Network(
        experiment.networkShape(of: variant), maxClips: 8, seed: 1, workers: .single)
      let trainer = Trainer(
        options: variant.settings.training, network: network, source: source, train: train,
        validation: [], classes: 3, seed: 1, control: RunControl { _ in })
      let weights = try #require(trainer.clipWeights)
      let sums = zip(train, weights).reduce(into: [0.0, 0.0]) {
        $0[source.corpus(of: $1.0)] += $1.1
      }
      #expect(abs(sums[0] - Double(train.count) / 2) < 1e-9)
      #expect(abs(sums[1] - Double(train.count) / 2) < 1e-9)
      let classes = trainer.weightOfClasses(weights)
      let loss = CrossEntropy(LossOptions(), counts: classes)
      for (index, weight) in loss.weights.enumerated() {
        #expect(abs(weight * classes[index] - Double(train.count) / 3) < 1e-9)
      }
    }
  }

  @Test("corpora of equal size train the very same network with and without")
  func equal() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(seed: 1), as: "one")
      try laboratory.write(ToneCorpus(seed: 2), as: "two")
      let text = laboratory.plan(corpora: ["one", "two"])
      let pooled = ["protocol.across=pooled", "training.epochs=2"]
      func histories(_ settings: [String], in results: String) throws -> [[Double]] {
        try laboratory.run(text, pooled + settings, .init(results: results))
        let store = laboratory.store(in: results)
        return try store.records().map { try store.history(of: $0).map(\.trainLoss) }
      }
      let plain = try histories([], in: "plain")
      let balanced = try histories(["training.balance=corpus"], in: "balanced")
      #expect(plain.count == 2)
      for (a, b) in zip(plain.joined(), balanced.joined()) { #expect(abs(a - b) < 1e-4) }
    }
  }
}
