import ValenceCore
import ValenceStore

/// What a trial's network is scored on: held-out utterances of a corpus that it was trained on, or all
/// of another.
struct TestSet: Sendable {
  let corpus: PreparedCorpus
  let isWithin: Bool

  /// The corpus's name.
  var name: String { corpus.name }

  /// Whether a stored evaluation scored these very utterances, under whatever name.
  func isScored(by evaluation: TrialRecord.Evaluation) -> Bool {
    evaluation.within == isWithin && evaluation.identity == corpus.identity.hex
  }

  /// The stored evaluation of these utterances, if there is one.
  ///
  /// The test's own name comes first: nothing is gained by taking an equal one from elsewhere.
  func evaluation(in record: TrialRecord) -> TrialRecord.Evaluation? {
    let scored = record.evaluations.filter(isScored)
    return scored.first { $0.corpus == name } ?? scored.first
  }
}

extension [TestSet] {
  /// Whether a stored trial was scored on exactly these, under these names and in this order.
  func areScored(in record: TrialRecord) -> Bool {
    count == record.evaluations.count
      && zip(self, record.evaluations).allSatisfy { $0.name == $1.corpus && $0.isScored(by: $1) }
  }
}
