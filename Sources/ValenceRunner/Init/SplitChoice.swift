import Foundation
import ValenceCore
import ValenceCorpora

/// A label space and a protocol that a corpus allows, found by the very checks that a plan is held to.
struct SplitChoice {
  /// The labels, all or without the rarest.
  let space: LabelSpace
  /// The corpus by these labels.
  let labeled: LabeledCorpus
  /// The protocol; its `within` does not matter where there is a `foldTable`.
  let options: ProtocolOptions
  /// A table of folds that has to be written beside the experiment file, where speakers are unknown.
  let foldTable: Table?
  /// How many folds there are.
  let folds: Int

  /// Up to so many speakers, each is held out in turn.
  private static let fewSpeakers = 10

  /// Finds the first split that the corpus allows.
  ///
  /// Preferred are folds that test every class before others, four or five folds before fewer, all labels
  /// before some, and of those a published split, then each speaker, then groups of speakers.
  /// - Parameter odd: the utterances that cannot be used.
  /// - Throws: `Problems`: why the simplest split is not possible, if none is.
  init(_ corpus: Corpus, odd: Set<String>) throws(Problems) {
    let counts = corpus.utterances.reduce(into: [String: Int]()) { counts, utterance in
      counts[utterance.label, default: 0] += odd.contains(utterance.id) ? 0 : 1
    }
    var refusal: Problems?
    let spaces = Self.spaces(corpus, counts: counts)
    for missingClasses in ProtocolOptions.MissingClasses.allCases {
      for foldCounts in [[5, 4], [3, 2]] {
        for space in spaces {
          let labeled = try corpus.labeled(by: space)
          for candidate in Self.protocols(for: labeled, foldCounts: foldCounts) {
            var (options, table) = candidate
            options.missingClasses = missingClasses
            options.across = .none
            do {
              folds = try Self.count(labeled, options, table)
              (self.space, self.labeled) = (space, labeled)
              (self.options, foldTable) = (options, table)
              return
            } catch {
              refusal = refusal ?? error
            }
          }
        }
      }
    }
    throw Problems(
      (refusal?.all ?? [Problem("corpus \(corpus.name): it has fewer than two classes.")])
        .map { Problem($0.message) })
  }

  /// How many folds the split makes.
  private static func count(
    _ corpus: LabeledCorpus, _ options: ProtocolOptions, _ table: Table?
  ) throws(Problems) -> Int {
    guard let table else { return try FoldMaker(options: options).folds(of: corpus).folds.count }
    let file = FileManager.default.temporaryDirectory
      .appending(path: "valence-folds-\(UUID().uuidString).csv", directoryHint: .notDirectory)
    do {
      try Data(table.text.utf8).write(to: file)
    } catch {
      throw Problems([Problem("\(file.path): this file cannot be written; is the disk full?")])
    }
    defer { try? FileManager.default.removeItem(at: file) }
    var options = options
    options.within = .csv(file)
    return try FoldMaker(options: options).folds(of: corpus).folds.count
  }

  // MARK: - Labels

  /// All labels; then without those of whom there are too few, one after the other.
  private static func spaces(_ corpus: Corpus, counts: [String: Int]) -> [LabelSpace] {
    let speakers = Dictionary(grouping: corpus.utterances, by: \.label)
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

  private static func protocols(
    for corpus: LabeledCorpus, foldCounts: [Int]
  ) -> [(ProtocolOptions, Table?)] {
    let speakers = corpus.speakers.count
    let isNamed = corpus.utterances.allSatisfy { $0.utterance.speaker != nil }
    var splits: [ProtocolOptions.Within] = []
    if corpus.utterances.contains(where: { $0.utterance.split == "test" }) {
      splits.append(.official)
    }
    if isNamed, speakers > 1 {
      if speakers <= fewSpeakers { splits.append(.leaveOneSpeakerOut) }
      splits += foldCounts.map(ProtocolOptions.Within.speakerFolds)
    }
    let validations: [ProtocolOptions.Validation] =
      (isNamed ? [2, 1].filter { $0 * 4 <= speakers || $0 == 1 } : []).map { .speakers($0) }
      + [.fraction(0.15)]
    var candidates: [(ProtocolOptions, Table?)] = splits.flatMap { within in
      validations.map { validation in
        var options = ProtocolOptions()
        (options.within, options.validation) = (within, validation)
        return (options, nil)
      }
    }
    guard !isNamed else { return candidates }
    for count in foldCounts {
      var options = ProtocolOptions()
      options.validation = .fraction(0.15)
      candidates.append((options, table(of: corpus, folds: count)))
    }
    return candidates
  }

  /// Shares utterances out over folds, class by class; those of a known speaker stay together.
  private static func table(of corpus: LabeledCorpus, folds: Int) -> Table {
    var random = RandomStream(seed: 0, "folds", corpus.name)
    var sizes = [[Int]](
      repeating: [Int](repeating: 0, count: corpus.space.classes.count), count: folds)
    var rows: [[String]] = []
    let groups = Dictionary(grouping: corpus.utterances) { item in
      item.utterance.speaker.map { "speaker \($0)" } ?? item.utterance.id
    }
    let shuffled = random.shuffled(groups.sorted { $0.key < $1.key }.map(\.value))
    let order = shuffled.indices.sorted {
      (-shuffled[$0].count, $0) < (-shuffled[$1].count, $1)
    }
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
    return Table(columns: ["file", "fold"], rows: rows.sorted { $0[0] < $1[0] })
  }
}
