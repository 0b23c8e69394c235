import ValenceClassic
import ValenceCore
import ValenceCorpora
import ValenceFeatures
import ValenceNN
package import ValencePlan

/// One network to train: a variant on one fold of one corpus, or of several, with one seed.
///
/// A classic model has no seed: its trials have seed 0.
package struct Trial: Sendable {
  /// From 1, in the plan's order.
  package let number: Int
  /// The settings.
  package let variant: Variant
  /// The training corpus by name, or several joined by `+`.
  package let train: String
  /// Their training, validation and test utterances.
  package let fold: TrialFold
  package let seed: UInt64
  /// The digest of settings, data and code revision: what the trial is known by.
  package let key: String

  /// The trial in a line of progress.
  package var title: String { "\(variant.name) · \(train) fold \(fold.name) · seed \(seed)" }

  /// Raised when training or evaluation changes its numbers, so that older trials count as other ones.
  ///
  /// No test tells that it must rise: references of PyTorch are met within tolerances, and other tests
  /// compare two runs of one program. `IdentityOfKeysTests` hold which settings a key has.
  package static let revision = 4
  /// The seed that trials of classic models have, which no seed moves.
  package static let noSeed: UInt64 = 0
}

/// What decides which clips a model learns from and how it reads them: variants that agree in it have the
/// same data.
struct Learning: Hashable {
  let normalization: FeatureOptions.Normalization
  /// Whether it learns from training and validation clips together, and may part them by speaker.
  let isClassic: Bool
  /// Whether it matters which clips are of one corpus.
  let knowsCorpora: Bool

  init(_ variant: Variant) {
    let (classic, training) = (variant.settings.classic, variant.settings.training)
    normalization = variant.settings.features.normalization
    isClassic = classic != nil
    knowsCorpora =
      classic?.balance == .corpus || classic?.inner == .corpora || training.balance == .corpus
      || training.adaptation != nil
  }
}

extension Trial {
  /// The digest of all that training reads of a fold: the content and class of each training and
  /// validation clip, in the order in which training meets them, and where normalization is by corpus or
  /// speaker the content of all clips of the corpora or speakers that these are normalized by.
  ///
  /// Where corpora are balanced or told apart, also which clips are of one.
  ///
  /// Names are no part of it, and nothing else of what the fold tests. A classic model learns from both sides
  /// together and may part them by speaker.
  private static func data(
    _ corpora: [PreparedCorpus], fold: TrialFold, _ learning: Learning
  ) -> Digest {
    var feed = Digest.Feed()
    let sides: [[KeyPath<Fold, [Int]>]] =
      learning.isClassic ? [[\.train, \.validation]] : [[\.train], [\.validation]]
    for side in sides {
      let clips = fold.clips(side)
      feed.add(clips.count)
      for clip in clips {
        corpora[Int(clip.corpus)].clips
          .feed(Int(clip.index), learning.normalization, into: &feed)
      }
      if learning.knowsCorpora {
        var numbers: [Int32: Int] = [:]
        for clip in clips {
          feed.add(numbers[clip.corpus] ?? numbers.count)
          if numbers[clip.corpus] == nil { numbers[clip.corpus] = numbers.count }
        }
      }
      guard learning.isClassic else { continue }
      for group in SpeakerGroups(clips, of: corpora).numbers { feed.add(group) }
    }
    return feed.digest()
  }

  /// The data of each fold of each training set.
  ///
  /// Folds that learn from the same clips but test others would be one trial with two results under one
  /// name; what they test tells them apart, and where that is the same too, what of it is held out of the
  /// corpora that they learn from.
  static func data(_ sets: [TrainingSet], _ learning: Learning) -> [[Digest]] {
    let all = sets.map { set in
      set.folds.map { data(set.corpora, fold: $0, learning) }
    }
    let byTests = toldApart(all, sets) {
      $0.tests.map { $0.identity(under: learning.normalization) }
    }
    return toldApart(byTests, sets) { $0.tests.map { $0.isWithin ? "within" : "across" } }
  }

  /// The digests, of which those that several folds have are made different by more of what these are.
  private static func toldApart(
    _ digests: [[Digest]], _ sets: [TrainingSet], by more: (TrialFold) -> [String]
  ) -> [[Digest]] {
    let counts = digests.joined().reduce(into: [:]) { $0[$1, default: 0] += 1 }
    return zip(sets, digests).map { set, digests in
      zip(set.folds, digests).map { fold, digest in
        counts[digest, default: 0] > 1 ? Digest(ofParts: [digest.hex] + more(fold)) : digest
      }
    }
  }

  /// The identity of a trial: settings, classes, seed, the revisions of the code that it uses, and its data.
  ///
  /// - Parameter data: `Trial.data` of the fold, under the variant's normalization.
  static func key(
    variant: Variant, space: LabelSpace, data: Digest, seed: UInt64
  ) -> String {
    let classic = variant.settings.classic.map { _ in "classic \(ClassicModel.revision)" }
    return Digest(
      ofParts: [
        "trial \(revision)", FeatureLibrary.revision(of: variant.settings.features.kinds),
        variant.identity, space.classes.joined(separator: "\u{1F}"), data.hex, "\(seed)",
      ] + [classic].compactMap(\.self)
    ).short
  }
}
