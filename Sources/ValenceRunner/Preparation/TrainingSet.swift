import ValenceCore
public import ValenceCorpora
import ValencePlan

/// What a network learns from: one corpus, or several together.
struct TrainingSet: Sendable {
  /// `emovo`, or `emovo+emodb` in the order of the plan.
  let name: String
  /// The corpora, ordered by content, so that neither names nor the plan's order move a number.
  let corpora: [PreparedCorpus]
  /// The folds; each holds one fold of every corpus.
  let folds: [TrialFold]
  /// What its networks are tested on, in the order of `test_on`.
  let tests: [TestSet]

  /// The training sets of a plan, in its order.
  ///
  /// - Throws: `Problems` if the folds of corpora that are to be united do not match.
  static func all(of plan: Plan, corpora: [PreparedCorpus]) throws(Problems) -> [TrainingSet] {
    let trained = corpora.filter { plan.trainOn.contains($0.name) }
    let tested = plan.testOn.compactMap { name in corpora.first { $0.name == name } }
    switch plan.splitProtocol.across {
    case .none: return try trained.map { one throws(Problems) in try .init([one], tests: [one]) }
    case .pairs: return try trained.map { one throws(Problems) in try .init([one], tests: tested) }
    case .pooled: return [try .init(trained, tests: tested)]
    case .leaveOneCorpusOut:
      return try tested.map { held throws(Problems) in
        try .init(trained.filter { $0.name != held.name }, tests: [held])
      }
    }
  }

  private init(_ members: [PreparedCorpus], tests: [PreparedCorpus]) throws(Problems) {
    name = members.map(\.name).joined(separator: "+")
    corpora = members.sorted { $0.identity.hex < $1.identity.hex }
    let counts = members.map(\.folds.count)
    guard Set(counts).count == 1 else {
      let found = zip(members, counts).map { "\($0.name) has \($1)" }.joined(separator: ", ")
      throw Problems([
        Problem(
          "pooled unites the first fold of every training corpus, then the second, and so on, but "
            + "\(found); use speaker_folds.", key: "protocol.within")
      ])
    }
    let ordered = corpora
    folds = (0..<(counts.first ?? 0)).map { index in
      TrialFold(
        name: Self.joined(members.map { $0.folds[index].name }),
        parts: ordered.map { .init(corpus: $0.name, fold: $0.folds[index]) })
    }
    self.tests = tests.map { test in
      TestSet(corpus: test, isWithin: members.contains { $0.name == test.name })
    }
  }

  /// The name that all folds share, or all names.
  private static func joined(_ names: [String]) -> String {
    Set(names).count == 1 ? names[0] : names.joined(separator: "+")
  }
}

/// A fold of a training set: one fold of each of its corpora.
public struct TrialFold: Sendable {
  /// A corpus and its fold.
  public struct Part: Sendable {
    /// The corpus's name.
    public let corpus: String
    /// What it gives to training and validation, and what is held out of it.
    public let fold: Fold
  }

  /// The name that the corpora's folds share, or their names joined.
  public let name: String
  /// The corpora, ordered by content.
  public let parts: [Part]

  /// What is held out of a corpus; nil for a corpus that is not trained on.
  func test(of corpus: String) -> [Int]? {
    parts.first { $0.corpus == corpus }?.fold.test
  }

  /// The number of utterances to learn from.
  var trainCount: Int { parts.reduce(0) { $0 + $1.fold.train.count } }

  /// Speakers who stand on both sides of a published split.
  var sharedSpeakers: [String] {
    parts.flatMap { part in part.fold.sharedSpeakers.map { "\(part.corpus) \($0)" } }
  }
}
