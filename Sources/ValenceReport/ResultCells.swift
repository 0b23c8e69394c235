import Foundation
import ValenceCore
import ValenceEvaluation
import ValenceStore

/// The cells of an experiment, computed from stored predictions.
struct ResultCells {
  /// Identifies a cell.
  struct Key: Hashable {
    var variant: String
    var train: String
    var test: String
  }

  /// A finished network and the course of its training.
  struct TrainedNetwork {
    var name: TrialName
    var record: TrialRecord
    var epochs: [EpochRecord]
  }

  /// A sentence that must be shown with some of the numbers.
  private struct Note: Hashable {
    var text: String
    /// The variant that it concerns; nil for all of them.
    var variant: String?
    /// The corpus that it concerns, in training or test; nil for all of them.
    var corpus: String?
    /// The training set, if it concerns a single cell, tested on `corpus`.
    var train: String?
  }

  let spec: ReportSpec
  private let store: RunStore
  private(set) var cells: [Key: CellSummary] = [:]
  /// The test set of each cell.
  private(set) var testSets: [Key: TestSet] = [:]
  /// The scores of guessing on the cells' test sets.
  private(set) var references: [Key: ReferenceScores] = [:]
  /// The cells' ensembles, where the report asks for them.
  private(set) var ensembles: [Key: Ensemble] = [:]
  /// The keys of the trials in each cell.
  private(set) var networks: [Key: Set<String>] = [:]
  /// Notes on corpora, then on trials, in order of appearance.
  private var notes: [Note] = []
  /// Trials of the plan that are not finished.
  private(set) var unfinished: [TrialListing] = []
  /// The finished networks of each variant and training set (`test` is the training set).
  private(set) var histories: [Key: [TrainedNetwork]] = [:]
  /// The number of trained parameters of each variant.
  private(set) var parameters: [String: Int] = [:]

  /// Reads all finished trials of an experiment.
  ///
  /// - Throws: `StoreError` for a damaged file; `EvaluationError` for an absent class.
  init(_ store: RunStore, spec: ReportSpec, corpora: [CorpusSummary]) throws {
    (self.spec, self.store) = (spec, store)
    addNotes(on: corpora)
    let listings = try store.read([TrialListing].self, from: .trials)
    if let fault = spec.contradiction(in: listings) {
      throw StoreError.damaged(file: store.url(of: .trials).path, reason: fault)
    }
    var inputs: [Key: CellInput] = [:]
    var engines = EngineCount()
    for listing in listings {
      // Finished means intact and scored on everything that the plan asks for now. A network with
      // only some of its tests would enter some cells of its row and be missing in others.
      guard let record = try store.trial(listing.key),
        let evaluations = listing.evaluations(in: record)
      else {
        unfinished.append(listing)
        continue
      }
      engines.add(record, evaluations)
      try add(listing.name, record)
      for evaluation in evaluations {
        let key = Key(
          variant: listing.name.variant, train: listing.name.train, test: evaluation.corpus)
        inputs[key, default: CellInput()].add(
          listing.name, predictions: try store.predictions(of: record, on: evaluation.corpus),
          trainCounts: record.training.trainCounts)
        networks[key, default: []].insert(listing.key)
      }
    }
    if let remark = engines.remark { add(Note(text: remark)) }
    for (key, input) in inputs { try summarize(input, as: key) }
  }

  /// The predictions of a cell's networks.
  private struct CellInput {
    var runs: [CellRun] = []
    /// For each run, the number of training clips of each class.
    var trainCounts: [[Int]] = []

    mutating func add(_ name: TrialName, predictions: [Prediction], trainCounts: [Int]) {
      runs.append(CellRun(fold: name.fold, seed: name.seed, predictions: predictions))
      self.trainCounts.append(trainCounts)
    }
  }

  /// Notes on the corpora in use, and on pairs of corpora with different bandwidths.
  private mutating func addNotes(on corpora: [CorpusSummary]) {
    let inUse = spec.train.flatMap(spec.members) + spec.test
    for corpus in corpora where inUse.contains(corpus.name) {
      for remark in corpus.remarks { add(Note(text: remark, corpus: corpus.name)) }
    }
    for variant in spec.trained {
      for corpus in inUse {
        guard let unit = spec.declared?[variant]?[corpus] else { continue }
        let warning = TrialWarning.declaredStatistics(of: unit, corpus: corpus)
        add(Note(text: ResultWording.sentence(warning.rawValue), variant: variant, corpus: corpus))
      }
    }
    guard spec.testsAcross else { return }
    let bandwidths = BandwidthRemarks(spec: spec, corpora: corpora)
    for variant in spec.trained {
      for train in spec.train {
        for test in spec.test {
          let text = bandwidths.sentence(variant: variant, train: train, test: test)
          guard let text else { continue }
          add(Note(text: text, variant: variant, corpus: test, train: train))
        }
      }
    }
  }

  /// Adds a finished trial, apart from its predictions.
  private mutating func add(_ name: TrialName, _ record: TrialRecord) throws {
    // Shared speakers are described, with their number, by a remark on the corpus.
    // Statistics that a corpus declares are said of that corpus alone.
    for warning in record.warnings
    where !warning.isOfSharedSpeakers && !warning.isOfDeclaredStatistics {
      // One sentence for all layers of a curve: the names of its variants say which each has.
      let curve = spec.layerCurves?.first { $0.points.contains { $0.variant == name.variant } }
      let text =
        curve.flatMap { warning.isOfEncoder ? ResultWording.encoder($0) : nil }
        ?? ResultWording.sentence(
          (spec.heard?[name.variant].map(warning.now) ?? warning).rawValue)
      add(Note(text: text, variant: name.variant))
    }
    parameters[name.variant] = record.training.parameters
    histories[Key(variant: name.variant, train: name.train, test: name.train), default: []]
      .append(
        TrainedNetwork(name: name, record: record, epochs: try store.history(of: record)))
  }

  /// Scores a cell.
  private mutating func summarize(_ input: CellInput, as key: Key) throws {
    let cell = try CellSummary(
      input.runs,
      combination: spec.isWithin(key.train, key.test) ? .pooledFolds : .averagedNetworks,
      names: spec.classes, absent: spec.allowsMissingClasses ? .allow : .refuse,
      isSeeded: spec.isSeeded(key.variant))
    cells[key] = cell
    let tested = Set(cell.sets.joined().map(\.id)).sorted()
    testSets[key] = TestSet(utterances: tested.count, digest: Digest(ofParts: tested).short)
    references[key] = ReferenceScores(cell, trainCounts: input.trainCounts)
    if spec.ensemble == true {
      ensembles[key] = try Ensemble(
        input.runs, trainCounts: input.trainCounts, of: cell, spec)
    }
  }

  private mutating func add(_ note: Note) {
    if !notes.contains(note) { notes.append(note) }
  }
}

// MARK: - Notes

extension ResultCells {
  /// The sentences about a variant's numbers on some corpora, each once; nil means all.
  ///
  /// - Parameter key: the cell whose own notes belong to it; nil leaves out notes on single cells.
  func notes(
    variant: String? = nil, corpora: [String]? = nil, of key: Key? = nil
  ) -> [String] {
    var seen: Set<String> = []
    // A note on a single cell also names a corpus, so it must match as a whole: training set and test
    // corpus. The other notes match by variant and corpus independently.
    return notes.filter { note in
      (variant == nil || note.variant == nil || note.variant == variant)
        && (corpora == nil || note.corpus.map { corpora?.contains($0) ?? true } ?? true)
        && (corpora == nil || note.train == nil
          || (note.train == key?.train && note.corpus == key?.test))
    }.map(\.text).filter { seen.insert($0).inserted }
  }

  /// The sentences about a cell.
  func notes(of key: Key) -> [String] {
    notes(variant: key.variant, corpora: spec.members(of: key.train) + [key.test], of: key)
  }

  /// All sentences, each once, followed by the variants concerned unless it concerns all.
  var attributedNotes: [String] { attributed(notes()) }

  /// The sentences about some cells, of any variant.
  func attributedNotes(of keys: [Key]) -> [String] {
    var seen: Set<String> = []
    let texts = keys.flatMap {
      notes(corpora: spec.members(of: $0.train) + [$0.test], of: $0)
    }
    return attributed(texts.filter { seen.insert($0).inserted })
  }

  private func attributed(_ texts: [String]) -> [String] {
    texts.map { text in
      let about = notes.filter { $0.text == text }.compactMap(\.variant)
      if about.isEmpty || spec.variants.allSatisfy(about.contains) { return text }
      let start = text.hasSuffix(".") ? text.dropLast() : text[...]
      return "\(start) (\(about.joined(separator: ", ")))."
    }
  }

  /// The state of an unfinished trial, in words.
  func state(of listing: TrialListing) -> String {
    switch store.state(of: listing) {
    case .failed: listing.failure ?? "failed"
    case .incomplete: "its record or predictions are damaged or gone"
    case .unscored: "is trained, but not yet scored on all tests of the plan"
    case .pending, .finished, .withoutModel, .unreadable: "has not run yet"
    }
  }
}

// MARK: - Cells

extension ResultCells {
  /// The keys of the variants' existing cells: by variant, then training corpus, then test corpus.
  var keys: [Key] { keys(of: spec.variants) }

  /// Those of the baselines.
  var baselineKeys: [Key] { keys(of: spec.baselines ?? []) }

  private func keys(of variants: [String]) -> [Key] {
    variants.flatMap { variant in
      spec.train.flatMap { train in
        spec.test.map { Key(variant: variant, train: train, test: $0) }
      }
    }.filter { cells[$0] != nil }
  }

  /// The cell, if it exists.
  subscript(variant: String, train: String, test: String) -> CellSummary? {
    cells[Key(variant: variant, train: train, test: test)]
  }

  /// The utterances that a cell scores.
  struct TestSet: Hashable {
    var utterances: Int
    /// The digest of their ids: equal for cells that score the same ones.
    var digest: String
  }

  /// The different test sets in a column of a variant's generalization map.
  func testSets(variant: String, test: String) -> [TestSet] {
    var sets: [TestSet] = []
    for train in spec.train {
      let key = Key(variant: variant, train: train, test: test)
      if let set = testSets[key], !sets.contains(set) { sets.append(set) }
    }
    return sets
  }

  /// The cells of a training and a test corpus, by variant in the plan's order.
  func keys(train: String, test: String) -> [Key] {
    keys.filter { $0.train == train && $0.test == test }
  }

  /// The cells of a training and a test corpus, grouped by equal scores of guessing.
  ///
  /// There is one group if all variants score the same utterances.
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
