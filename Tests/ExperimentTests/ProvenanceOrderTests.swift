import Testing
import ValenceStore
import ValenceTestSupport

@testable import ValenceTraining

@Suite("What numbers were made with, in one order")
struct ProvenanceOrderTests {
  @Test("what scored a trial stands in the order of its evaluations, the same in every process")
  func order() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let experiment = try laboratory.experiment(laboratory.plan())
      func made(_ system: String) -> Provenance {
        Provenance(
          code: .init(version: "0", build: nil, trialRevision: 1, featureRevision: "1"),
          kernels: [:], processor: "p", system: system)
      }
      var record = TrialRecord(
        key: "0", settings: "", seed: 1, classes: ["a"],
        training: .init(
          parameters: 1, epochs: 1, bestEpoch: 1, train: .init(utterances: 1, digest: ""),
          validation: .init(utterances: 1, digest: "")))
      record.made = made("trained")
      let names = (0..<8).map { "machine \($0)" }
      record.evaluations = (names + names.prefix(3)).map { name in
        var evaluation = TrialRecord.Evaluation(
          corpus: "one", within: true, identity: "", utterances: 1)
        evaluation.made = made(name)
        return evaluation
      }
      let provenance = ExperimentProvenance(experiment, records: [record])
      #expect(provenance.made.map(\.with.system) == ["trained"] + names)
      #expect(provenance.made.dropFirst().allSatisfy { $0.scored == 1 && $0.trained == 0 })
    }
  }
}
