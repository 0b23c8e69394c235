import ValenceCore
package import ValenceCorpora
import ValenceFeatures
import ValencePlan

/// The corpora that a network is trained on: one, or several together.
package struct TrainingSet: Sendable {
  /// `emovo`, or `emovo+emodb` in the order of the plan.
  package let name: String
  /// The corpora, in the order of the plan, which moves no number.
  package let corpora: [PreparedCorpus]
  /// The folds; each holds one fold of every corpus.
  private(set) var folds: [TrialFold]
  /// Whether its scores only help to choose a variant for corpora that it leaves out.
  package private(set) var isInner = false

  /// The training set with other lists in its folds.
  func with(_ folds: [TrialFold]) -> TrainingSet {
    var set = self
    set.folds = folds
    return set
  }

  /// The training sets of a plan, in its order.
  ///
  /// - Throws: `Problems` if the folds of corpora that are to be united do not match.
  static func all(of plan: Plan, corpora: [PreparedCorpus]) throws(Problems) -> [TrainingSet] {
    let normalizations = Set(plan.trained.map(\.settings.features.normalization))
    let trained = corpora.filter { plan.trainOn.contains($0.name) }
    let tested = plan.testOn.compactMap { name in corpora.first { $0.name == name } }
    // Networks of other corpora are all scored on the same utterances of a corpus.
    let others = tested.reduce(into: [:]) { others, corpus in
      others[corpus.name] = TestSet(
        corpus, indices: corpus.tested, normalizations: normalizations)
    }
    func set(
      _ members: [PreparedCorpus], tests: [PreparedCorpus]
    ) throws(Problems) -> TrainingSet {
      try TrainingSet(members, tests: tests) { corpus, fold in
        fold.map {
          TestSet(corpus, indices: $0.test, fold: $0, normalizations: normalizations)
        } ?? others[corpus.name]
      }
    }
    switch plan.splitProtocol.across {
    case .none: return try trained.map { one throws(Problems) in try set([one], tests: [one]) }
    case .pairs: return try trained.map { one throws(Problems) in try set([one], tests: tested) }
    case .pooled: return [try set(trained, tests: tested)]
    case .leaveOneCorpusOut:
      let outer = try tested.map { held throws(Problems) in
        try set(trained.filter { $0.name != held.name }, tests: [held])
      }
      guard plan.splitProtocol.acrossNested else { return outer }
      let pairs = tested.indices.flatMap { first in
        tested.indices.dropFirst(first + 1).map { [tested[first], tested[$0]] }
      }
      return try outer
        + pairs.map { held throws(Problems) in
          var inner = try set(
            trained.filter { one in !held.contains { $0.name == one.name } }, tests: held)
          inner.isInner = true
          return inner
        }
    }
  }

  /// - Parameter test: what is scored of a corpus, given its fold where it is among `members`.
  private init(
    _ members: [PreparedCorpus], tests: [PreparedCorpus],
    test: (PreparedCorpus, Fold?) -> TestSet?
  ) throws(Problems) {
    name = members.map(\.name).joined(separator: "+")
    corpora = members
    let counts = members.map(\.folds.count)
    guard Set(counts).count == 1 else {
      let found = zip(members, counts).map { "\($0.name) has \($1)" }.joined(separator: ", ")
      throw Problems([
        Problem(
          "pooled unites the first fold of every training corpus, then the second, and so on, but "
            + "\(found); use protocol.within.speaker_folds.", key: "protocol.within")
      ])
    }
    let order = ClipIdentities.merged(members.map(\.clips))
    let own = tests.filter { corpus in members.contains { $0.name == corpus.name } }
    let others = tests.filter { corpus in !members.contains { $0.name == corpus.name } }
    let wholes = members.compactMap(\.whole)
    // Where networks of all of the corpora are tested on others, those of the folds are not.
    let tested = wholes.isEmpty ? tests : own
    var folds = (tested.isEmpty ? 0..<0 : 0..<(counts.first ?? 0)).map { index in
      TrialFold(
        name: Self.joined(members.map { $0.folds[index].name }),
        parts: members.map { .init(corpus: $0.name, fold: $0.folds[index]) },
        tests: tested.compactMap { corpus in
          let isMember = members.contains { $0.name == corpus.name }
          return test(corpus, isMember ? corpus.folds[index] : nil)
        }, order: order)
    }
    if !wholes.isEmpty, !others.isEmpty {
      // A speaker or a published fold may have the name.
      var name = Self.joined(wholes.map(\.name))
      while folds.contains(where: { $0.name == name }) { name = "whole " + name }
      folds.append(
        TrialFold(
          name: name,
          parts: zip(members, wholes).map { .init(corpus: $0.name, fold: $1) },
          tests: others.compactMap { test($0, nil) }, order: order))
    }
    self.folds = folds
  }

  /// The name that all folds share, or all names.
  private static func joined(_ names: [String]) -> String {
    Set(names).count == 1 ? names[0] : names.joined(separator: "+")
  }
}

/// A fold of a training set: one fold of each of its corpora.
package struct TrialFold: Sendable {
  /// A corpus and its fold.
  package struct Part: Sendable {
    package let corpus: String
    /// Its training, validation and held-out utterances.
    package let fold: Fold
  }

  /// The name that the corpora's folds share, or their names joined.
  package let name: String
  /// The corpora, in the order of the plan.
  package private(set) var parts: [Part]
  /// The test sets of the fold's networks, in the order of `test_on`.
  let tests: [TestSet]
  /// All clips of the corpora in the order in which training meets them; all folds share it.
  fileprivate let order: [ClipPlace]

  /// The fold without some of what is learned from, by corpus and index; what is tested stays.
  func leavingOut(_ isLeftOut: (_ corpus: String, _ index: Int) -> Bool) -> TrialFold {
    var fold = self
    fold.parts = parts.map { part in
      Part(corpus: part.corpus, fold: part.fold.leavingOut { isLeftOut(part.corpus, $0) })
    }
    return fold
  }

  /// The fold with its validation utterances among those to train on.
  package var withoutValidation: TrialFold {
    var fold = self
    fold.parts = parts.map { Part(corpus: $0.corpus, fold: $0.fold.withoutValidation) }
    return fold
  }

  /// The clips of some sides of every corpus's fold, each once, in an order that no name moves.
  func clips(_ sides: [KeyPath<Fold, [Int]>]) -> [ClipPlace] {
    var isChosen: [[Bool]] = []
    for part in parts {
      let indices = sides.flatMap { part.fold[keyPath: $0] }
      var chosen = [Bool](repeating: false, count: (indices.max() ?? -1) + 1)
      for index in indices { chosen[index] = true }
      isChosen.append(chosen)
    }
    return order.filter { place in
      let (corpus, index) = (Int(place.corpus), Int(place.index))
      return index < isChosen[corpus].count && isChosen[corpus][index]
    }
  }

  /// The number of utterances to learn from.
  package var trainCount: Int { parts.reduce(0) { $0 + $1.fold.train.count } }

  /// Speakers on both sides of a published split.
  package var sharedSpeakers: [String] {
    parts.flatMap { part in part.fold.sharedSpeakers.map { "\(part.corpus) \($0)" } }
  }
}
