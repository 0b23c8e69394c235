import ValenceCore

extension FoldMaker.Drafts {
  /// The folds within the training sides: of each fold the test side is left out altogether, and that of the
  /// next one is tested in its place.
  ///
  /// Each utterance is still tested once over all folds, by a network that was neither trained nor stopped by
  /// its speaker; but a fold's test side has no part in what is learned of the fold.
  func inner() throws(FoldError) -> FoldMaker.Drafts {
    // With two, nothing would be left to train on.
    guard folds.count > 2 else { throw .tooFewInnerFolds(folds.count) }
    var inner: [FoldMaker.Draft] = []
    for (index, draft) in folds.enumerated() {
      let next = folds[(index + 1) % folds.count]
      let side = Set(draft.rest + (draft.validation ?? []))
      let outside = next.test.count { !side.contains($0) }
      guard outside == 0 else {
        throw .innerOutsideTraining(fold: draft.name, next: next.name, utterances: outside)
      }
      let tested = Set(next.test)
      let validation = draft.validation?.filter { !tested.contains($0) }
      inner.append(
        FoldMaker.Draft(
          name: draft.name, rest: draft.rest.filter { !tested.contains($0) },
          // A published side that is tested in its place is chosen anew.
          validation: validation?.isEmpty == true ? nil : validation, test: next.test))
    }
    // Speakers whom a publisher has on two sides would be on both sides here, too.
    return FoldMaker.Drafts(folds: inner, remarks: remarks)
  }
}

extension ProtocolOptions.Scored {
  /// What a reader of the results must know; nil for test sides.
  func remark(on corpus: String) -> String? {
    switch self {
    case .test: nil
    case .inner:
      "\(corpus): these are no test scores: each fold leaves its test side out, and scores the next fold's "
        + "test speakers, who neither train nor choose an epoch."
    }
  }
}
