import Foundation
import ValenceCore
import ValenceCorpora
import ValencePlan

/// A label space and a protocol that a corpus allows, found by the very checks that a plan is held to.
struct SplitChoice {
  /// The labels, all or without the rarest.
  let space: LabelSpace
  /// The utterances that can be used with these labels.
  let labeled: LabeledCorpus
  /// The labels that are left out, with the number of usable utterances of each.
  let dropped: [(label: String, count: Int)]
  /// The protocol; its `within` does not matter where there is a `foldTable`.
  let options: ProtocolOptions
  /// A table of folds that has to be written beside the experiment file, where speakers are unknown.
  let foldTable: Table?
  /// How many folds there are.
  let folds: Int

  /// Up to so many speakers, each is held out in turn.
  private static let fewSpeakers = 10
  /// Of less than this share of what is not tested the best epoch is not well chosen.
  private static let fewestValidation = 0.1

  /// Finds the first split that the corpus allows.
  ///
  /// Preferred are folds that test every class before others, four or five folds before fewer, all labels
  /// before some, and of those a published split, then each speaker, then groups of speakers; for each of
  /// these, validation sets of some size with every class.
  /// - Parameter odd: the utterances that cannot be used.
  /// - Throws: `Problems`: why the simplest split is not possible, if none is.
  init(_ corpus: Corpus, odd: Set<ExactName>) throws(Problems) {
    let usable = Corpus(
      name: corpus.name, root: corpus.root,
      utterances: corpus.utterances.filter { !odd.contains(ExactName($0.id)) })
    var refusal: Problems?
    let spaces = Self.spaces(corpus, usable: usable)
    for missingClasses in ProtocolOptions.MissingClasses.allCases {
      for foldCounts in [[5, 4], [3, 2]] {
        for space in spaces {
          let trial = SplitTrial(
            corpus: try Self.labeled(corpus, by: space),
            usable: try Self.labeled(usable, by: space), odd: odd)
          for (within, table) in Self.splits(of: trial, foldCounts: foldCounts) {
            var best: (rank: Int, options: ProtocolOptions, folds: Int)?
            for validation in Self.validations(of: trial) {
              var options = ProtocolOptions()
              (options.within, options.validation) = (within, validation)
              (options.missingClasses, options.across) = (missingClasses, .none)
              do {
                let folds = try trial.folds(options, table)
                let rank = trial.rank(folds, fewestValidation: Self.fewestValidation)
                if rank > best?.rank ?? -1 { best = (rank, options, folds.count) }
              } catch {
                refusal = refusal ?? error
              }
            }
            guard let best else { continue }
            (self.space, labeled, foldTable) = (space, trial.usable, table)
            (options, folds) = (best.options, best.folds)
            dropped = trial.corpus.labels.filter { $0.target == nil }.map { label in
              (label.label, usable.utterances.count { $0.label == label.label })
            }
            return
          }
        }
      }
    }
    throw refusal
      ?? Problems([Problem("corpus \(corpus.name): it has fewer than two classes.")])
  }

  // MARK: - Labels

  private static func labeled(
    _ corpus: Corpus, by space: LabelSpace
  ) throws(Problems) -> LabeledCorpus {
    do {
      return try corpus.labeled(by: space)
    } catch {
      throw Problems(error)
    }
  }

  /// All labels; then without those of whom there are too few, one after the other.
  private static func spaces(_ corpus: Corpus, usable: Corpus) -> [LabelSpace] {
    var counts = corpus.utterances.reduce(into: [String: Int]()) { $0[$1.label] = 0 }
    for utterance in usable.utterances { counts[utterance.label, default: 0] += 1 }
    let speakers = Dictionary(grouping: usable.utterances, by: \.label)
      .mapValues { Set($0.compactMap(\.speaker)).count }
    let hasSpeakers = speakers.values.contains { $0 > 0 }
    let rare = counts.filter { label, count in
      count < 10 || hasSpeakers && (speakers[label] ?? 0) < CorpusLayout.fewestSpeakers
    }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
    let unusable = rare.prefix { counts[$0] == 0 }
    return (unusable.count...rare.count).compactMap { left in
      let dropped = Set(rare.prefix(left))
      let kept = counts.keys.filter { !dropped.contains($0) }.sorted()
      if kept.count < 2 { return nil }
      return dropped.isEmpty
        ? .native(labels: Set(kept))
        : LabelSpace(name: "custom", classes: kept, maps: [:], dropped: dropped)
    }
  }

  // MARK: - Protocols

  private static func splits(
    of trial: SplitTrial, foldCounts: [Int]
  ) -> [(ProtocolOptions.Within, Table?)] {
    let speakers = trial.usable.speakers.count
    var splits: [(ProtocolOptions.Within, Table?)] = []
    if trial.usable.utterances.contains(where: { $0.utterance.split == .test }) {
      splits.append((.official, nil))
    }
    if trial.isNamed, speakers > 1 {
      if speakers <= fewSpeakers { splits.append((.leaveOneSpeakerOut, nil)) }
      splits += foldCounts.map { (.speakerFolds($0), nil) }
    }
    if !trial.isNamed {
      splits += foldCounts.map { (ProtocolOptions().within, trial.table(folds: $0)) }
    }
    return splits
  }

  private static func validations(of trial: SplitTrial) -> [ProtocolOptions.Validation] {
    let speakers = trial.usable.speakers.count
    return (trial.isNamed ? [2, 1].filter { $0 * 4 <= speakers || $0 == 1 } : [])
      .map { .speakers($0) } + [.fraction(0.15)]
  }
}

/// A corpus by one label space, to try splits on.
private struct SplitTrial {
  /// All of it, as the experiment reads it.
  let corpus: LabeledCorpus
  /// The usable utterances.
  let usable: LabeledCorpus
  /// The utterances that cannot be used.
  let odd: Set<ExactName>

  /// The usable utterances on the sides of a fold.
  struct Sides {
    var train: [Int]
    var validation: [Int]
    var test: [Int]
  }

  /// Whether every utterance has a speaker.
  var isNamed: Bool { corpus.utterances.allSatisfy { $0.utterance.speaker != nil } }

  /// The folds that a split makes, without what cannot be used.
  ///
  /// - Throws: `Problems` if the split is not allowed, or is none when the odd files are left out.
  func folds(_ options: ProtocolOptions, _ table: Table?) throws(Problems) -> [Sides] {
    let made: CorpusFolds
    do {
      made = try FoldMaker(options: options, table: table).folds(of: corpus)
    } catch {
      throw Problems(error, corpus: corpus.name)
    }
    return try made.folds.map { fold throws(Problems) in
      let left = Sides(
        train: heard(fold.train), validation: heard(fold.validation), test: heard(fold.test))
      let lacksTest =
        options.missingClasses == .refuse && corpus.counts(of: left.test).contains(0)
      if corpus.counts(of: left.train).contains(0) || left.test.isEmpty || lacksTest
        || left.validation.isEmpty != fold.validation.isEmpty
      {
        throw Problems([
          Problem(
            "corpus \(corpus.name): without the files that cannot be used, there is too little speech "
              + "for fold \(fold.name).")
        ])
      }
      return left
    }
  }

  private func heard(_ indices: [Int]) -> [Int] {
    indices.filter { !odd.contains(ExactName(corpus.utterances[$0].utterance.id)) }
  }

  /// How good the validation sets are: 2 where they have every class and a fair share, 1 where they have
  /// the share.
  func rank(_ folds: [Sides], fewestValidation: Double) -> Int {
    let isFair = folds.allSatisfy { fold in
      Double(fold.validation.count)
        >= fewestValidation * Double(fold.validation.count + fold.train.count)
    }
    let isWhole = folds.allSatisfy { !corpus.counts(of: $0.validation).contains(0) }
    return isFair ? isWhole ? 2 : 1 : 0
  }

  /// Shares utterances out over folds, class by class; those of a known speaker stay together.
  func table(folds: Int) -> Table {
    var random = RandomStream(seed: 0, "folds", corpus.name)
    var sizes = [[Int]](
      repeating: [Int](repeating: 0, count: corpus.space.classes.count), count: folds)
    var rows: [[String]] = []
    let groups = Dictionary(grouping: corpus.utterances) { item in
      ExactName(item.utterance.speaker.map { "speaker \($0)" } ?? item.utterance.id)
    }
    let shuffled = random.shuffled(groups.sorted { $0.key < $1.key }.map(\.value))
    // Unusable files come last, so that they do not weigh.
    let weights = shuffled.map { group in group.count { !odd.contains(ExactName($0.utterance.id)) }
    }
    let order = shuffled.indices.sorted { (-weights[$0], $0) < (-weights[$1], $1) }
    for group in order.map({ shuffled[$0] }) {
      let target = group[0].target
      let fold = sizes.indices.min {
        (sizes[$0][target], sizes[$0].reduce(0, +)) < (sizes[$1][target], sizes[$1].reduce(0, +))
      }
      for item in group {
        sizes[fold ?? 0][item.target] += 1
        rows.append([item.utterance.id, "\((fold ?? 0) + 1)"])
      }
    }
    return Table(
      columns: ["file", "fold"], rows: rows.sorted { ExactName($0[0]) < ExactName($1[0]) })
  }
}
