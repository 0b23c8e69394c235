import ValenceCore
import ValenceCorpora
import ValencePlan

/// Looks for the same sound in what a network learns from and in what it is tested on, and does what
/// the plan says of it.
struct DuplicateCheck {
  let policy: ProtocolOptions.Duplicates
  /// All labeled by the experiment's one label space, so that a class has one number in all of them.
  let corpora: [PreparedCorpus]
  /// Where the utterances of each corpus begin among all.
  let starts: [String: Int]
  let shared: SharedSound

  /// Compares all utterances of an experiment.
  init(_ plan: Plan, corpora: [PreparedCorpus]) {
    policy = plan.splitProtocol.duplicates
    self.corpora = corpora
    var (starts, start) = ([String: Int](), 0)
    for corpus in corpora {
      starts[corpus.name] = start
      start += corpus.contents.count
    }
    self.starts = starts
    shared = SharedSound(Self.sounds(of: corpora))
  }

  /// Training sets as the plan wants them, and the remarks on each corpus; `onFolds` are those that are about
  /// the sides of folds and not about the corpus.
  ///
  /// - Throws: `Problems` under `protocol.duplicates` where the plan refuses copies, or leaving them out
  ///   leaves too little.
  func checked(
    _ sets: [TrainingSet]
  ) throws(Problems) -> (sets: [TrainingSet], remarks: [String: [String]], onFolds: Set<String>) {
    var remarks = corpora.reduce(into: [String: [String]]()) { remarks, corpus in
      remarks[corpus.name] = withinOne(corpus)
    }
    var problems: [Problem] = []
    var result: [TrainingSet] = []
    var onFolds: Set<String> = []
    for set in sets {
      var findings: [Finding] = []
      result.append(
        set.with(set.folds.map { fold in look(at: fold, of: set, &findings, &problems) }))
      for finding in findings where !finding.judging.isEmpty {
        if policy == .refuse {
          problems.append(refusal(finding))
        } else {
          remarks[finding.test, default: []].append(sentence(finding))
          onFolds.insert(sentence(finding))
        }
      }
      for (one, other, sentence) in betweenMembers(of: set) {
        for name in [one, other] where remarks[name]?.contains(sentence) == false {
          remarks[name]?.append(sentence)
        }
      }
    }
    guard problems.isEmpty else { throw Problems(problems) }
    return (result, remarks, onFolds)
  }

  // MARK: - Sides

  /// The same sound on two sides of folds of a training set.
  struct Finding {
    /// The training set.
    let train: String
    /// The corpus whose utterances are judged by.
    let test: String
    /// Whether it is validation, and not the test, that has the sound too.
    let isValidation: Bool
    /// How many utterances are tested in all folds together, or in each if all test the same.
    var total = 0
    var folds = 0
    /// Those that are learned from.
    var learned: Set<Int> = []
    /// Those that are judged by.
    var judging: Set<Int> = []
    /// Pairs, the judging one first.
    var examples: [(Int, Int)] = []

    mutating func add(_ crossing: SharedSound.Crossing) {
      guard !crossing.second.isEmpty else { return }
      folds += 1
      learned.formUnion(crossing.first)
      judging.formUnion(crossing.second)
      for pair in zip(crossing.second, crossing.partners)
      where examples.count < 3 && !examples.contains(where: { $0 == pair }) {
        examples.append(pair)
      }
    }
  }

  /// Looks at one fold, adds what it finds to `findings`, and takes out what the plan leaves out.
  private func look(
    at fold: TrialFold, of set: TrainingSet, _ findings: inout [Finding],
    _ problems: inout [Problem]
  ) -> TrialFold {
    guard !shared.isEmpty else { return fold }
    func side(_ path: KeyPath<Fold, [Int]>) -> [Int] {
      fold.parts.flatMap { part in numbers(part.fold[keyPath: path], of: part.corpus) }
    }
    let (train, validation) = (side(\.train), side(\.validation))
    var leftOut: Set<Int> = []
    for test in fold.tests {
      let crossing = shared.crossing(train + validation, numbers(test.indices, of: test.name))
      let index = finding(of: set, test.name, isValidation: false, &findings)
      findings[index].add(crossing)
      findings[index].total =
        test.isWithin ? findings[index].total + test.indices.count : test.indices.count
      leftOut.formUnion(crossing.first)
    }
    let judges = validation.filter { !leftOut.contains($0) || policy != .leaveOutOfTraining }
    let crossing = shared.crossing(train, judges)
    // Several corpora may be validated together; the finding is filed under the first.
    if let name = fold.parts.first?.corpus {
      findings[finding(of: set, name, isValidation: true, &findings)].add(crossing)
    }
    leftOut.formUnion(crossing.first)
    guard policy == .leaveOutOfTraining, !leftOut.isEmpty else { return fold }
    let rest = fold.leavingOut { leftOut.contains((starts[$0] ?? 0) + $1) }
    problems += lacks(of: rest, before: fold, in: set)
    return rest
  }

  /// The position of what is found of a test corpus, or of validation; added if nothing was yet.
  private func finding(
    of set: TrainingSet, _ test: String, isValidation: Bool, _ findings: inout [Finding]
  ) -> Int {
    let known = findings.firstIndex { $0.test == test && $0.isValidation == isValidation }
    if let known { return known }
    findings.append(Finding(train: set.name, test: test, isValidation: isValidation))
    return findings.count - 1
  }

  /// The first that a fold lacks once copies are left out of training: training clips, a class that it
  /// learned, validation clips.
  ///
  /// What is tested never loses any (`DuplicateTests`).
  private func lacks(of rest: TrialFold, before: TrialFold, in set: TrainingSet) -> [Problem] {
    func classes(_ fold: TrialFold) -> Set<Int> {
      Set(
        fold.parts.flatMap { part in
          let utterances = corpus(part.corpus).labeled.utterances
          return part.fold.train.map { utterances[$0].target }
        })
    }
    func validated(_ fold: TrialFold) -> Int {
      fold.parts.reduce(0) { $0 + $1.fold.validation.count }
    }
    let lost = classes(before).subtracting(classes(rest)).sorted()
    let advice = "take another split, or protocol.duplicates: allow."
    let place = "trained on \(set.name), fold \(rest.name): without the copies "
    if rest.trainCount == 0 {
      return [problem(place + "nothing is left to train on; \(advice)")]
    }
    if let first = lost.first, let space = corpora.first?.labeled.space {
      return [
        problem(place + "no \(space.classes[first]) utterance is left to train on; \(advice)")
      ]
    }
    if validated(rest) == 0, validated(before) > 0 {
      return [problem(place + "nothing is left for validation; \(advice)")]
    }
    return []
  }

  // MARK: - Numbers among all utterances

  func numbers(_ indices: [Int], of corpus: String) -> [Int] {
    let start = starts[corpus] ?? 0
    return indices.map { start + $0 }
  }

  private func corpus(_ name: String) -> PreparedCorpus {
    guard let corpus = corpora.first(where: { $0.name == name }) else {
      preconditionFailure("no corpus is called \(name)")
    }
    return corpus
  }

  /// An utterance by its id, with its corpus unless that is clear.
  func name(_ number: Int, isShort: Bool) -> String {
    for corpus in corpora {
      let index = number - (starts[corpus.name] ?? 0)
      guard corpus.contents.indices.contains(index) else { continue }
      let id = corpus.labeled.utterances[index].utterance.id
      return isShort ? id : "\(corpus.name)/\(id)"
    }
    preconditionFailure("utterance \(number) is of no corpus")
  }
}
