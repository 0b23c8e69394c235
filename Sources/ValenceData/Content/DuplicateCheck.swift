import Foundation
import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValencePlan
import ValenceStore

/// Looks for the same sound in what a network learns from and in what it is tested on, and does what
/// the plan says of it.
struct DuplicateCheck {
  private let policy: ProtocolOptions.Duplicates
  private let corpora: [PreparedCorpus]
  /// Where the utterances of each corpus begin among all.
  private let starts: [String: Int]
  private let shared: SharedSound

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
  private struct Finding {
    /// What is learned from.
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
    // Several corpora may be validated together; the first stands for them.
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

  /// What leaving copies out has left too little of.
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
    let advice = "take another split, or duplicates: allow."
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

  // MARK: - Sentences

  private func problem(_ sentence: String) -> Problem {
    Problem(sentence, key: "protocol.duplicates")
  }

  private func refusal(_ finding: Finding) -> Problem {
    let isOne = finding.train == finding.test
    return problem(
      (isOne ? "corpus " : "") + claim(finding) + "; "
        + (finding.isValidation ? "the epoch is chosen" : "the network is tested")
        + " on what was learned. leave_out_of_training trains without such copies; with allow every "
        + "result tells of them.")
  }

  private func sentence(_ finding: Finding) -> String {
    guard policy == .leaveOutOfTraining else { return claim(finding) + "." }
    let count = finding.learned.count
    return
      "\(prefix(finding))\(utterances(count)) \(count == 1 ? "is" : "are") left out of training"
      + (finding.isValidation ? "" : " and validation")
      + (finding.folds > 1 ? " in some folds" : "")
      + ", as \(finding.isValidation ? "validation" : "the test") has the same sound "
      + "(\(examples(finding)))."
  }

  /// Who has what of whom.
  private func claim(_ finding: Finding) -> String {
    let count = finding.judging.count
    let side =
      finding.isValidation
      ? "\(count) validation \(count == 1 ? "utterance" : "utterances")"
      : "\(count) of \(finding.total) test utterances"
    let learned = finding.isValidation ? "training" : "training or validation"
    return
      "\(prefix(finding))\(side) \(count == 1 ? "has its" : "have their") sound in \(learned) too "
      + "(\(examples(finding)))" + (finding.folds > 1 ? ", in \(finding.folds) folds" : "")
  }

  private func prefix(_ finding: Finding) -> String {
    if finding.train == finding.test { return "\(finding.test): " }
    return "trained on \(finding.train)"
      + (finding.isValidation ? ": " : ", tested on \(finding.test): ")
  }

  private func examples(_ finding: Finding) -> String {
    // Of one corpus the names suffice.
    let isOne = finding.train == finding.test
    let pairs = finding.examples.map { judging, learned in
      name(judging, isShort: isOne)
        + (shared.areEqual(judging, learned) ? " is " : " overlaps with ")
        + name(learned, isShort: isOne)
    }
    return pairs.joined(separator: ", ") + (finding.judging.count > pairs.count ? ", …" : "")
  }

  private func utterances(_ count: Int) -> String {
    "\(count) \(count == 1 ? "utterance" : "utterances")"
  }

  // MARK: - One side

  /// Copies within a corpus, wherever its folds put them.
  private func withinOne(_ corpus: PreparedCorpus) -> [String] {
    let start = starts[corpus.name] ?? 0
    let all = start..<start + corpus.contents.count
    var remarks: [String] = []
    let groups = shared.repeated(in: all)
    if let first = groups.first {
      let names = first.prefix(2).map { name($0, isShort: true) }.joined(separator: " and ")
      let count = groups.reduce(0) { $0 + $1.count }
      var sentence =
        "\(corpus.name): \(utterances(count)) are copies of one another, \(groups.count) "
        + "\(groups.count == 1 ? "recording" : "recordings") in all (\(names)"
        + (count > 2 ? ", …)" : ")")
      for (what, differs) in [
        ("with different labels", { (item: LabeledUtterance) in item.utterance.label }),
        ("under different speakers' names", { $0.utterance.speaker ?? "" }),
      ] {
        let different = groups.count { group in
          Set(group.map { differs(corpus.labeled.utterances[$0 - start]) }).count > 1
        }
        if different > 0 { sentence += "; \(different) of these \(what)" }
      }
      remarks.append(sentence + ".")
    }
    let overlapping = shared.overlapping(in: all)
    if let first = overlapping.first {
      remarks.append(
        "\(corpus.name): \(utterances(overlapping.count)) overlap with others of the same recording "
          + "(\(name(first, isShort: true)), …).")
    }
    return remarks
  }

  /// Copies that corpora which are trained on together have of each other.
  private func betweenMembers(
    of set: TrainingSet
  ) -> [(one: String, other: String, sentence: String)] {
    let members = set.corpora
    return members.indices.flatMap { index in
      members[(index + 1)...].compactMap { other in
        let one = members[index]
        let crossing = shared.crossing(
          numbers(Array(one.contents.indices), of: one.name),
          numbers(Array(other.contents.indices), of: other.name))
        guard let index = crossing.second.first, let partner = crossing.partners.first else {
          return nil
        }
        let sentence =
          "\(utterances(crossing.second.count)) of \(other.name) "
          + "\(crossing.second.count == 1 ? "is" : "are") in \(one.name) too "
          + "(\(name(index, isShort: false)) is \(name(partner, isShort: false)))."
        return (one.name, other.name, sentence)
      }
    }
  }

  // MARK: - Numbers among all utterances

  private func numbers(_ indices: [Int], of corpus: String) -> [Int] {
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
  private func name(_ number: Int, isShort: Bool) -> String {
    for corpus in corpora {
      let index = number - (starts[corpus.name] ?? 0)
      guard corpus.contents.indices.contains(index) else { continue }
      let id = corpus.labeled.utterances[index].utterance.id
      return isShort ? id : "\(corpus.name)/\(id)"
    }
    preconditionFailure("utterance \(number) is of no corpus")
  }

  // MARK: - Sounds

  /// What the utterances of all corpora are known by.
  ///
  /// Files that are no sound, such as the same page of a server's error in place of many recordings, are
  /// copies of nothing: they are left out or refused as they are.
  private static func sounds(of corpora: [PreparedCorpus]) -> [SharedSound.Sound] {
    let empty = Digest(of: "")
    var firstPath: [Digest: ExactName] = [:]
    var severalPaths: Set<Digest> = []
    var sounds: [SharedSound.Sound] = []
    sounds.reserveCapacity(corpora.reduce(0) { $0 + $1.contents.count })
    for corpus in corpora {
      var (path, file) = (ExactName(""), Digest?.none)
      for (index, item) in corpus.labeled.utterances.enumerated() {
        let utterance = item.utterance
        if ExactName(utterance.filePath) != path {
          path = ExactName(utterance.filePath)
          file = corpus.files.digest(of: path.text).flatMap { $0 == empty ? nil : $0 }
          if let file, let first = firstPath[file] {
            if first != path { severalPaths.insert(file) }
          } else if let file {
            firstPath[file] = path
          }
        }
        let sound = corpus.sound(of: index)
        let isNone = sound != nil && sound?.samples == nil
        sounds.append(
          .init(file: isNone ? nil : file, span: utterance.span, samples: sound?.samples))
      }
    }
    // Only what would be a copy is looked at, and only while nothing is known of its samples.
    let noSound = severalPaths.filter { digest in
      guard let path = firstPath[digest] else { return false }
      return !isSound(path.text)
    }
    guard !noSound.isEmpty else { return sounds }
    for index in sounds.indices where sounds[index].samples == nil {
      if let file = sounds[index].file, noSound.contains(file) { sounds[index].file = nil }
    }
    return sounds
  }

  private static func isSound(_ path: String) -> Bool {
    do {
      _ = try AudioReader.inspect(URL(filePath: path, directoryHint: .notDirectory))
      return true
    } catch {
      switch error.fault {
      case .notAudio, .lfsPointer, .empty, .noSamples, .noSoundTrack, .rate, .damaged, .truncated:
        return false
      // Whatever the machine's trouble is, a copy must not pass for it.
      default: return true
      }
    }
  }
}
