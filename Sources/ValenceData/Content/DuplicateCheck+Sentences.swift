import ValenceCore
import ValenceCorpora
import ValencePlan

/// Sentences on copies that are on two sides of a fold.
extension DuplicateCheck {
  func problem(_ sentence: String) -> Problem {
    Problem(sentence, key: "protocol.duplicates")
  }

  func refusal(_ finding: Finding) -> Problem {
    let isOne = finding.train == finding.test
    return problem(
      (isOne ? "corpus " : "") + claim(finding) + "; "
        + (finding.isValidation ? "the epoch is chosen" : "the network is tested")
        + " on what was learned. leave_out_of_training trains without such copies; with allow every "
        + "result tells of them.")
  }

  func sentence(_ finding: Finding) -> String {
    guard policy == .leaveOutOfTraining else { return claim(finding) + "." }
    let count = finding.learned.count
    return
      "\(prefix(finding))\(Wording.counted(count, "utterance")) \(count == 1 ? "is" : "are") left out of training"
      + (finding.isValidation ? "" : " and validation")
      + (finding.folds > 1 ? " in some folds" : "")
      + ", as \(finding.isValidation ? "validation" : "the test") has the same sound "
      + "(\(examples(finding)))."
  }

  /// The finding as a clause: which utterances share their sound with which side.
  private func claim(_ finding: Finding) -> String {
    let count = finding.judging.count
    let side =
      finding.isValidation
      ? Wording.counted(count, "validation utterance")
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
}

/// Sentences on copies that are not on two sides of a fold.
extension DuplicateCheck {
  /// Copies within a corpus, wherever its folds put them.
  func withinOne(_ corpus: PreparedCorpus) -> [String] {
    let start = starts[corpus.name] ?? 0
    let all = start..<start + corpus.contents.count
    var remarks: [String] = []
    let groups = shared.repeated(in: all)
    if let first = groups.first {
      let names = first.prefix(2).map { name($0, isShort: true) }.joined(separator: " and ")
      let count = groups.reduce(0) { $0 + $1.count }
      var sentence =
        "\(corpus.name): \(Wording.counted(count, "utterance")) are copies of one another, "
        + "\(Wording.counted(groups.count, "recording")) in all (\(names)"
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
        "\(corpus.name): \(Wording.counted(overlapping.count, "utterance")) overlap with others of the same recording "
          + "(\(name(first, isShort: true)), …).")
    }
    return remarks
  }

  /// Copies that corpora which are trained on together have of each other.
  func betweenMembers(
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
          "\(Wording.counted(crossing.second.count, "utterance")) of \(other.name) "
          + "\(crossing.second.count == 1 ? "is" : "are") in \(one.name) too "
          + "(\(name(index, isShort: false)) is \(name(partner, isShort: false)))."
        return (one.name, other.name, sentence)
      }
    }
  }
}
