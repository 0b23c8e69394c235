import ValenceCore
import ValenceCorpora
public import ValencePlan

/// One network to train: a variant on one fold of one corpus, or of several, with one seed.
public struct Trial: Sendable {
  /// From 1, in the plan's order.
  public let number: Int
  /// The settings.
  public let variant: Variant
  /// The training corpus by name, or several joined by `+`.
  public let train: String
  /// What of them is learned from and what is held out.
  public let fold: TrialFold
  /// The seed.
  public let seed: UInt64
  /// The digest of settings, data and code revision: what the trial is known by.
  public let key: String

  /// The trial in a line of progress.
  public var title: String { "\(variant.name) · \(train) fold \(fold.name) · seed \(seed)" }

  /// Raised when training or evaluation changes its numbers, so that older trials count as other ones.
  static let revision = 3
}

extension Trial {
  /// What a trial's key says of its data, which variants and seeds share.
  static func data(_ corpora: [PreparedCorpus], fold: TrialFold) -> [String] {
    func text(_ indices: [Int]) -> String { indices.map(String.init).joined(separator: " ") }
    return zip(corpora, fold.parts).flatMap { corpus, part in
      [
        corpus.identity.hex, text(part.fold.train), text(part.fold.validation),
        text(part.fold.test),
      ]
    }
  }

  /// The identity of a trial.
  ///
  /// It covers every labeled utterance of the training corpora, not only those of the fold, because
  /// normalization by corpus or speaker looks at all of them.
  ///
  /// - Parameter data: `Trial.data` of the training corpora and the fold.
  static func key(
    variant: Variant, space: LabelSpace, data: [String], seed: UInt64
  ) -> String {
    Digest(
      ofParts: [
        "trial \(revision) features \(FeatureLibrary.revision)", variant.identity,
        space.classes.joined(separator: "\u{1F}"),
      ] + data + ["\(seed)"]
    ).short
  }
}
