import Foundation

/// A sentence that must be shown with every number of a trial.
///
/// Records keep the sentence itself, so that a trial's folder can be understood without Valence. It is made
/// when a trial is trained or scored (`TrialRunner`) and shown by `ResultCells`; a finished trial keeps its
/// words. So a new wording is shown beside the old one, and the starts by which sentences on shared speakers
/// and on encoders are known must go on matching those of old records (`OfficialSplitTests`,
/// `IdentityTests`, `LayerCurveTests`).
package struct TrialWarning: RawRepresentable, Codable, Hashable, Sendable {
  /// The sentence, without a capital and a period.
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }

  /// A classic model's solver gave up before it was as close to its optimum as it should be.
  package static let notConverged = TrialWarning(
    rawValue: "liblinear reached its last iteration before it had converged")

  private static let sharedStart = "published split: "

  /// Test speech was normalized by statistics of its own `unit`, a speaker or a corpus.
  package static func testStatistics(of unit: String) -> TrialWarning {
    TrialWarning(
      rawValue: "normalized by statistics of each \(unit), unlabeled test speech included")
  }

  /// A corpus was normalized by statistics of its own `unit` in place of what other corpora were.
  package static func declaredStatistics(of unit: String, corpus: String) -> TrialWarning {
    TrialWarning(
      rawValue: "\(declaredStart)\(corpus) is normalized by statistics of each \(unit) instead, "
        + "unlabeled test speech included")
  }

  private static let declaredStart = "declared in the experiment file: "

  /// Whether it is about the statistics of one corpus, which reports say of that corpus alone.
  package var isOfDeclaredStatistics: Bool { rawValue.hasPrefix(Self.declaredStart) }

  /// A model adapted itself to the test speech before it was scored.
  package static func selfTraining(rounds: Int, isOnOthers: Bool) -> TrialWarning {
    let whose = isOnOthers ? " of one half of the speakers, and is scored on the other half" : ""
    return TrialWarning(
      rawValue: "adapted to unlabeled test speech\(whose): self-training in "
        + "\(rounds == 1 ? "1 round" : "\(rounds) rounds")")
  }

  /// Training started from a trained network.
  ///
  /// - Parameters:
  ///   - network: which one.
  ///   - summary: what was taken over from it.
  ///   - heard: what it had heard.
  ///   - isNormalized: whether inputs are normalized by its statistics.
  ///   - tested: what it has heard of what is tested and validated, a clause each.
  package static func start(
    from network: String, _ summary: String, heard: String, isNormalized: Bool, tested: [String]
  ) -> TrialWarning {
    let parts =
      ["started from \(network), which has heard \(heard); \(summary)"]
      + (isNormalized ? ["inputs are normalized by its statistics"] : []) + tested
    return TrialWarning(rawValue: parts.joined(separator: "; "))
  }

  /// The publisher's split has `count` speakers in training and test.
  package static func sharedSpeakers(_ count: Int) -> TrialWarning {
    let who = count == 1 ? "1 test speaker is" : "\(count) test speakers are"
    return TrialWarning(rawValue: "\(sharedStart)\(who) also in training")
  }

  /// Features are the hidden states of a frozen encoder, which `heard` some corpora; none means that nobody
  /// said.
  package static func encoder(_ description: String, heard: [String]) -> TrialWarning {
    TrialWarning(rawValue: "\(encoderStart)\(description); \(known(heard))")
  }

  private static func known(_ heard: [String]) -> String {
    heard.isEmpty
      ? "what it has heard is not stated" : "it has heard " + heard.joined(separator: ", ")
  }

  /// The sentence on an encoder with what the experiment file says now of what it has heard, which is no
  /// part of a trial's identity.
  package func now(heard: [String]) -> TrialWarning {
    guard isOfEncoder, let end = rawValue.range(of: "; ", options: .backwards) else { return self }
    return TrialWarning(rawValue: rawValue[..<end.upperBound] + Self.known(heard))
  }

  private static let encoderStart = "frozen encoder "

  /// Whether it says which encoder features are from.
  package var isOfEncoder: Bool { rawValue.hasPrefix(Self.encoderStart) }

  /// Whether it is about shared speakers, which the remarks on a corpus's folds describe in more detail.
  package var isOfSharedSpeakers: Bool { rawValue.hasPrefix(Self.sharedStart) }
}
