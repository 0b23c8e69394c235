import Foundation
import ValenceCore
import ValenceEvaluation
import ValenceStore

/// The cells of an experiment, put together from stored predictions.
struct ResultCells {
  /// Which cell.
  struct Key: Hashable {
    var variant: String
    var train: String
    var test: String
  }

  /// A sentence that must stand beside some of the numbers.
  private struct Note: Hashable {
    var text: String
    /// The variant whose numbers it is about; nil for all of them.
    var variant: String?
    /// The corpus whose rows and columns it is about; nil for all of them.
    var corpus: String?
    /// The cell that it is about: networks of this training set, tested on `corpus`; nil for both ways.
    var train: String?
  }

  let outline: Outline
  private let store: RunStore
  private(set) var cells: [Key: CellSummary] = [:]
  /// What the cells score.
  private(set) var testSets: [Key: TestSet] = [:]
  /// What guessing scores on the cells' test sets.
  private(set) var references: [Key: ReferenceScores] = [:]
  /// The keys of the trials behind the cells.
  private(set) var networks: [Key: Set<String>] = [:]
  /// What must stand beside numbers: of the corpora, then of the trials, in order of appearance.
  private var notes: [Note] = []
  /// Trials of the plan that are not finished.
  private(set) var unfinished: [TrialListing] = []
  /// The course of training, by variant and training corpus.
  private(set) var histories:
    [Key: [(listing: TrialListing, record: TrialRecord, epochs: [EpochRecord])]] = [:]
  /// The number of trained numbers of each variant.
  private(set) var parameters: [String: Int] = [:]

  /// Reads every finished trial of an experiment.
  ///
  /// - Throws: `StoreError` for a damaged file; `EvaluationError` for an absent class.
  init(_ store: RunStore, outline: Outline, corpora: [CorpusSummary]) throws {
    (self.outline, self.store) = (outline, store)
    let inUse = outline.train.flatMap(outline.members) + outline.test
    for corpus in corpora where inUse.contains(corpus.name) {
      for remark in corpus.remarks { note(Note(text: remark, corpus: corpus.name)) }
    }
    let bandwidths = BandwidthRemarks(outline: outline, corpora: corpora)
    for variant in outline.variants {
      for (train, test) in outline.train.flatMap({ train in outline.test.map { (train, $0) } }) {
        guard outline.testsAcross,
          let text = bandwidths.sentence(variant: variant, train: train, test: test)
        else { continue }
        note(Note(text: text, variant: variant, corpus: test, train: train))
      }
    }
    var runs: [Key: [CellRun]] = [:]
    var engines = EngineCount()
    var trainCounts: [Key: [[Int]]] = [:]
    let listings = try store.read([TrialListing].self, from: "trials.json")
    if let fault = outline.contradiction(in: listings) {
      throw StoreError.damaged(
        file: store.folder.appending(path: "trials.json").path, reason: fault)
    }
    for listing in listings {
      guard let record = try store.trial(listing.key),
        let evaluations = listing.evaluations(in: record)
      else {
        unfinished.append(listing)
        continue
      }
      for warning in record.warnings where !warning.isOfSharedSpeakers {
        note(Note(text: ResultWording.sentence(warning.rawValue), variant: listing.variant))
      }
      engines.add(record, evaluations)
      parameters[listing.variant] = record.parameters
      histories[
        Key(variant: listing.variant, train: listing.train, test: listing.train), default: []
      ]
      .append((listing, record, try store.history(of: record)))
      for evaluation in evaluations {
        let key = Key(variant: listing.variant, train: listing.train, test: evaluation.corpus)
        runs[key, default: []].append(
          CellRun(
            fold: listing.fold, seed: listing.seed,
            predictions: try store.predictions(of: record, on: evaluation.corpus)))
        trainCounts[key, default: []].append(record.trainCounts)
        networks[key, default: []].insert(listing.key)
      }
    }
    if let remark = engines.remark { note(Note(text: remark)) }
    for (key, runs) in runs {
      let cell = try CellSummary(
        runs, kind: outline.isWithin(key.train, key.test) ? .pooledFolds : .averagedNetworks,
        names: outline.classes, absent: outline.allowsMissingClasses ? .allow : .refuse)
      cells[key] = cell
      let tested = Set(cell.sets.joined().map(\.id)).sorted()
      testSets[key] = TestSet(utterances: tested.count, digest: Digest(ofParts: tested).short)
      references[key] = try ReferenceScores(cell, trainCounts: trainCounts[key] ?? [])
    }
  }

  private mutating func note(_ note: Note) {
    if !notes.contains(note) { notes.append(note) }
  }

  /// The sentences about a variant's numbers on some corpora, each once; nil stands for all.
  func notes(
    variant: String? = nil, corpora: [String]? = nil, of key: Key? = nil
  ) -> [String] {
    var seen: Set<String> = []
    return notes.filter { note in
      (variant == nil || note.variant == nil || note.variant == variant)
        && (corpora == nil || note.corpus.map { corpora?.contains($0) ?? true } ?? true)
        && (corpora == nil || note.train == nil
          || (note.train == key?.train && note.corpus == key?.test))
    }.map(\.text).filter { seen.insert($0).inserted }
  }

  /// The sentences about a cell.
  func notes(of key: Key) -> [String] {
    notes(variant: key.variant, corpora: outline.members(of: key.train) + [key.test], of: key)
  }

  /// Every sentence, each once, with the variants that it is about unless it is about all.
  var attributedNotes: [String] { attributed(notes()) }

  /// The sentences about some cells, of any variant.
  func attributedNotes(of keys: [Key]) -> [String] {
    var seen: Set<String> = []
    let texts = keys.flatMap {
      notes(corpora: outline.members(of: $0.train) + [$0.test], of: $0)
    }
    return attributed(texts.filter { seen.insert($0).inserted })
  }

  private func attributed(_ texts: [String]) -> [String] {
    texts.map { text in
      let about = notes.filter { $0.text == text }.compactMap(\.variant)
      if about.isEmpty || about.count == outline.variants.count { return text }
      let start = text.hasSuffix(".") ? text.dropLast() : text[...]
      return "\(start) (\(about.joined(separator: ", ")))."
    }
  }

  /// How far a trial is that has no part in the cells, in words.
  func state(of listing: TrialListing) -> String {
    switch store.state(of: listing) {
    case .failed: listing.failure ?? "failed"
    case .incomplete: "its record or predictions are damaged or gone"
    case .unscored: "is trained, but not scored on all that the plan tests it on now"
    case .pending, .finished, .withoutModel, .unreadable: "has not run yet"
    }
  }

  /// The keys of the cells that there are: by variant, then training corpus, then test corpus.
  var keys: [Key] {
    outline.variants.flatMap { variant in
      outline.train.flatMap { train in
        outline.test.map { Key(variant: variant, train: train, test: $0) }
      }
    }.filter { cells[$0] != nil }
  }

  /// A cell that there is.
  subscript(variant: String, train: String, test: String) -> CellSummary? {
    cells[Key(variant: variant, train: train, test: test)]
  }

  /// The utterances that a cell scores.
  struct TestSet: Hashable {
    var utterances: Int
    /// The digest of what they are: equal for cells that score the same ones.
    var digest: String
  }

  /// The different sets of utterances that a column of a variant's generalization map scores.
  func testSets(variant: String, test: String) -> [TestSet] {
    var sets: [TestSet] = []
    for train in outline.train {
      let key = Key(variant: variant, train: train, test: test)
      if let set = testSets[key], !sets.contains(set) { sets.append(set) }
    }
    return sets
  }

  /// The cells of a training and a test corpus, by variant in the plan's order.
  func keys(train: String, test: String) -> [Key] {
    keys.filter { $0.train == train && $0.test == test }
  }

  /// The cells of a training and a test corpus that were guessed at alike, a group for each test set; one
  /// group where all variants score the same utterances.
  func guessedAlike(train: String, test: String) -> [[Key]] {
    var groups: [[Key]] = []
    for key in keys(train: train, test: test) {
      let index = groups.firstIndex { group in
        MetricName.allCases.allSatisfy { metric in
          references[group[0]]?.chance(metric) == references[key]?.chance(metric)
            && references[group[0]]?.majority(metric) == references[key]?.majority(metric)
        } && cells[group[0]]?.utteranceCount == cells[key]?.utteranceCount
      }
      if let index { groups[index].append(key) } else { groups.append([key]) }
    }
    return groups
  }
}

// MARK: - results.csv

extension ResultCells {
  /// `results.csv`: for each cell a row for each network and measure, then a row for each seed's pooled
  /// folds, each with what guessing scores on the very same utterances.
  func table() -> Table {
    var table = Table(
      columns: [
        "variant", "train", "test", "fold", "seed", "metric", "value", "utterances", "labels",
        "notes", "chance", "majority",
      ])
    for key in keys {
      guard let cell = cells[key], let known = references[key] else { continue }
      let notes = notes(of: key)
        .joined(separator: " | ")
      func append(_ score: Score, fold: String, seed: UInt64, _ guessed: ReferenceScores.Level) {
        let labels = score.classes.filter { $0.support > 0 }.map(\.name).joined(separator: "|")
        for metric in MetricName.allCases {
          table.rows.append([
            key.variant, key.train, key.test, fold, String(seed), metric.rawValue,
            String(score.value(metric)), String(score.count), labels, notes,
            String(guessed.chance(metric)), guessed.majority(metric).map { String($0) } ?? "",
          ])
        }
      }
      for (run, guessed) in zip(cell.runs, known.runs) {
        append(run.score, fold: run.fold, seed: run.seed, guessed)
      }
      guard cell.kind == .pooledFolds else { continue }
      let seeds = Set(cell.runs.map(\.seed)).sorted()
      for ((seed, score), guessed) in zip(zip(seeds, cell.parts), known.seeds) {
        append(score, fold: "pooled", seed: seed, guessed)
      }
    }
    return table
  }
}

extension ResultCells {
  /// How many networks stand behind a table of `table()`.
  static func networks(in table: Table) -> Int {
    let columns = ["variant", "train", "fold", "seed"].compactMap(table.column)
    guard columns.count == 4, let fold = table.column("fold") else { return 0 }
    return Set(table.rows.filter { $0[fold] != "pooled" }.map { row in columns.map { row[$0] } })
      .count
  }
}
