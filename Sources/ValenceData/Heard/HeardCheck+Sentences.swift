import ValenceCore
import ValenceCorpora
import ValenceNN
import ValencePlan
import ValenceStore

/// Sentences on what the networks that variants start from have heard.
extension HeardCheck {
  private static let allowing = "protocol.allow: [heard] to have every result say so."

  /// What a plan has to change, network by network; nothing where it allows tests on what was heard.
  func problems(of plan: Plan, _ sets: [TrainingSet]) -> [Problem] {
    if plan.splitProtocol.allowances.contains(.heard) { return [] }
    var seen: Set<Digest> = []
    var problems: [Problem] = []
    for start in plan.variants.compactMap(\.settings.training.startFrom) {
      guard seen.insert(start.digest).inserted, let history = history(of: start.digest) else {
        continue
      }
      let network = "the network \(start.digest.short)"
      if let gap = history.gap {
        problems.append(
          Self.problem(
            "what \(network) has heard is not known (\(gap.reason)), so it may have heard what is tested; "
              + "give a model in the folder of its trial, with all files of that, or write \(Self.allowing)"
          ))
      }
      for finding in findings(of: start.digest, in: sets.flatMap(\.folds)) {
        problems.append(
          Self.problem(
            finding.isValidation
              ? "\(network) has learned from \(claim(finding)), by which the epoch would be chosen; validate by "
                + "others, or by none with training.selection: last, or write \(Self.allowing)"
              : "\(network) has heard \(claim(finding)), so scores there would be too good; test on others, or "
                + "write \(Self.allowing)"))
      }
    }
    return problems
  }

  /// What a network has heard of the tests and the validation of a fold, a clause each.
  func clauses(of digest: Digest, in fold: TrialFold) -> [String] {
    findings(of: digest, in: [fold]).map {
      $0.isValidation
        ? "it has learned from \(claim($0)), which chose the epoch" : "it has heard \(claim($0))"
    }
  }

  /// `3 of 60 test utterances of ravdess (a.wav is ravdess/b.wav, …) and 2 of 4 test speakers (01, 02)`.
  private func claim(_ finding: Finding) -> String {
    let side = finding.isValidation ? "validation" : "test"
    var parts: [String] = []
    if !finding.clips.isEmpty {
      let count = finding.clips.count
      let example = names(of: finding).map { names in
        " (\(names.judging) holds \(names.heard)\(count > 1 ? ", …" : ""))"
      }
      parts.append(
        "\(count) of \(finding.judging.count) \(side) utterances of \(finding.corpus)\(example ?? "")"
      )
    }
    if !finding.heardSpeakers.isEmpty {
      let names = finding.heardSpeakers.sorted { ExactName($0) < ExactName($1) }
      parts.append(
        "\(names.count) of \(Wording.counted(finding.speakers.count, "\(side) speaker"))"
          + (finding.clips.isEmpty ? " of \(finding.corpus)" : "")
          + " (\(Wording.list(names, limit: 4)))")
    }
    return parts.joined(separator: " and ")
  }
}
