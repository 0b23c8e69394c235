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
  }

  let outline: Outline
  private(set) var cells: [Key: CellSummary] = [:]
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
    self.outline = outline
    let inUse = outline.train.flatMap(outline.members) + outline.test
    for corpus in corpora where inUse.contains(corpus.name) {
      for remark in corpus.remarks { note(Note(text: remark, corpus: corpus.name)) }
    }
    var runs: [Key: [CellRun]] = [:]
    var engines = EngineCount()
    for listing in try store.read([TrialListing].self, from: "trials.json") {
      guard let record = store.trial(listing.key),
        let evaluations = listing.evaluations(in: record)
      else {
        unfinished.append(listing)
        continue
      }
      for badge in record.badges where !badge.hasPrefix(TrialRunner.publishedSplit) {
        note(Note(text: badge, variant: listing.variant))
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
      }
    }
    if let remark = engines.remark { note(Note(text: remark)) }
    for (key, runs) in runs {
      cells[key] = try CellSummary(
        runs, kind: outline.isWithin(key.train, key.test) ? .pooledFolds : .averagedNetworks,
        names: outline.classes, absent: outline.allowsMissingClasses ? .allow : .refuse)
    }
  }

  private mutating func note(_ note: Note) {
    if !notes.contains(note) { notes.append(note) }
  }

  /// The sentences about a variant's numbers on some corpora, each once; nil stands for all.
  func notes(variant: String? = nil, corpora: [String]? = nil) -> [String] {
    var seen: Set<String> = []
    return notes.filter { note in
      (variant == nil || note.variant == nil || note.variant == variant)
        && (corpora == nil || note.corpus.map { corpora?.contains($0) ?? true } ?? true)
    }.map(\.text).filter { seen.insert($0).inserted }
  }

  /// The sentences about a cell.
  func notes(of key: Key) -> [String] {
    notes(variant: key.variant, corpora: outline.members(of: key.train) + [key.test])
  }

  /// Every sentence, each once, with the variants that it is about unless it is about all.
  var attributedNotes: [String] {
    notes().map { text in
      let about = notes.filter { $0.text == text }.compactMap(\.variant)
      if about.isEmpty || about.count == outline.variants.count { return text }
      return "\(text) (\(about.joined(separator: ", ")))"
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

  /// `results.csv`: a row for each network and measure, then a row for each seed's pooled folds.
  func table() -> Table {
    var table = Table(
      columns: [
        "variant", "train", "test", "fold", "seed", "metric", "value", "utterances", "labels",
        "notes",
      ])
    for key in keys {
      guard let cell = cells[key] else { continue }
      let notes = notes(of: key)
        .joined(separator: " | ")
      func append(_ score: Score, fold: String, seed: String) {
        let labels = score.classes.filter { $0.support > 0 }.map(\.name).joined(separator: "|")
        for metric in MetricName.allCases {
          table.rows.append([
            key.variant, key.train, key.test, fold, seed, metric.rawValue,
            String(score.value(metric)), String(score.count), labels, notes,
          ])
        }
      }
      for run in cell.runs { append(run.score, fold: run.fold, seed: String(run.seed)) }
      guard cell.kind == .pooledFolds else { continue }
      let seeds = Set(cell.runs.map(\.seed)).sorted()
      for (seed, score) in zip(seeds, cell.parts) {
        append(score, fold: "pooled", seed: String(seed))
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
