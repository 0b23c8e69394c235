import Foundation
import ValenceCore
import ValenceEvaluation
import ValenceReport
import ValenceStore

/// The folder of a trial with the experiment around it, if it lies in one.
struct TrialFolder {
  private let folder: URL
  private let record: TrialRecord
  private let experiment: Surroundings?

  /// The experiment of a trial, and the trial's name there.
  private struct Surroundings {
    let store: RunStore
    let spec: ReportSpec
    let corpora: [CorpusSummary]
    let listings: [TrialListing]
    let name: TrialName

    /// Which fold of how many the trial is of: names of folds can be those of speakers.
    var fold: String {
      var names: [String] = []
      for listing in listings where listing.name.train == name.train {
        if !names.contains(listing.name.fold) { names.append(listing.name.fold) }
      }
      return "\((names.firstIndex(of: name.fold) ?? 0) + 1) of \(names.count)"
    }

    /// The corpora of the trial's training set.
    var trainedOn: [String] { spec.pools?[name.train] ?? [name.train] }

    /// The experiment that has a trial's folder; nil if it lies elsewhere, or if the experiment's own files
    /// are not there or not whole.
    init?(_ folder: URL, key: String) {
      let trials = folder.deletingLastPathComponent()
      let home = trials.deletingLastPathComponent()
      let store = RunStore(
        results: home.deletingLastPathComponent(), name: home.lastPathComponent)
      guard store.trialFolder(key).standardizedFileURL.path == folder.standardizedFileURL.path,
        let spec = try? store.read(ReportSpec.self, from: .reportSpec),
        let corpora = try? store.read([CorpusSummary].self, from: .corpora),
        let listings = try? store.read([TrialListing].self, from: .trials),
        let own = listings.first(where: { $0.key == key })
      else { return nil }
      (self.store, self.spec, self.corpora) = (store, spec, corpora)
      (self.listings, name) = (listings, own.name)
    }
  }

  /// - Parameter folder: that of the model, links followed.
  init(_ folder: URL, _ record: TrialRecord) {
    (self.folder, self.record) = (folder, record)
    experiment = Surroundings(folder, key: record.key)
  }

  /// The seconds of each phase; empty if they were not kept.
  var seconds: [String: Double] {
    let file = folder.appending(path: TrialFile.timing.path)
    guard let data = try? Data(contentsOf: file) else { return [:] }
    return (try? JSONDecoder().decode([String: Double].self, from: data)) ?? [:]
  }

  /// The corpora that the encoder is known to have heard; nil if that is not known.
  var heard: [String]? { experiment.flatMap { $0.spec.heard?[$0.name.variant] } }

  /// The clips that the model itself learned from or chose its epoch by; nil if the list is not here.
  private var parts: [ModelCard.Part]? {
    let path = TrialFile.heard.path
    guard let data = try? StoredFile.content(of: folder.appending(path: path)),
      Digest(of: data).hex == record.files[path],
      let table = try? Table(decoding: data, name: path),
      let clips = try? HeardTable.clips(in: table, revision: 0, name: path)
    else { return nil }
    struct Place: Hashable { let side, corpus: String }
    let own = Dictionary(grouping: clips.filter { $0.network == nil }) {
      Place(side: $0.side.rawValue, corpus: $0.corpus)
    }
    return own.map { place, clips in
      let speakers = Set(clips.map(\.speaker))
      return ModelCard.Part(
        corpus: place.corpus, side: place.side, clips: clips.count,
        speakers: speakers.contains(nil) ? nil : speakers.count)
    }.sorted { ($0.side, $0.corpus) < ($1.side, $1.corpus) }
  }

  /// Completes a card by what the experiment and the stored predictions say.
  func complete(_ card: inout ModelCard, isSeeded: Bool) {
    card.training?.parts = parts
    if let experiment {
      card.training?.experiment = experiment.store.name
      card.training?.title = experiment.spec.title
      card.training?.variant = experiment.name.variant
      card.training?.corpora = experiment.trainedOn
      card.training?.fold = experiment.fold
      card.training?.split = experiment.spec.protocolText
      card.training?.labelSpace = experiment.spec.labelSpace
      card.corpora = corpora(of: experiment)
    } else {
      card.unknown.append(
        "The folder of its experiment is not around it, so the corpora, their speakers, the split and the "
          + "scores of other folds and seeds are not known here.")
    }
    let scorer = StoredScores(classes: record.classes, isSeeded: isSeeded)
    for evaluation in record.evaluations {
      guard let own = predictions(evaluation, of: record, in: folder),
        let model = scorer.score([own], combination: .averagedNetworks)
      else {
        card.unknown.append(
          "Its predictions on \(evaluation.corpus) are not here, or not those of its record, so its score "
            + "on them is not known here.")
        continue
      }
      card.scores.append(
        ModelCard.Score(
          corpus: evaluation.corpus, within: evaluation.within, model: model,
          settings: experiment.flatMap { settings($0, evaluation, scorer) }))
    }
  }

  // MARK: - Scores

  /// The predictions of a trial on a corpus; nil if they are not those of its record.
  private func predictions(
    _ evaluation: TrialRecord.Evaluation, of record: TrialRecord, in folder: URL
  ) -> CellRun? {
    let path = TrialFile.predictions(corpus: evaluation.corpus).path
    let file = folder.appending(path: path)
    guard let data = try? StoredFile.content(of: file), Digest(of: data).hex == record.files[path],
      let table = try? Table(decoding: data, name: path),
      let predictions = try? PredictionTable.predictions(
        in: table, classes: record.classes, name: path)
    else { return nil }
    let name = experiment?.listings.first { $0.key == record.key }?.name
    return CellRun(
      fold: name?.fold ?? record.key, seed: name?.seed ?? record.seed, predictions: predictions)
  }

  /// The score of all finished models of the same settings and training corpora; nil if there is but one.
  private func settings(
    _ experiment: Surroundings, _ evaluation: TrialRecord.Evaluation, _ scorer: StoredScores
  ) -> ModelCard.Measured? {
    let runs = experiment.listings.filter {
      $0.name.variant == experiment.name.variant && $0.name.train == experiment.name.train
    }.compactMap { listing -> CellRun? in
      guard let record = try? experiment.store.record(listing.key),
        record.classes == self.record.classes,
        let own = listing.evaluations(in: record)?.first(where: { $0.corpus == evaluation.corpus })
      else { return nil }
      return predictions(own, of: record, in: experiment.store.trialFolder(listing.key))
    }
    return runs.count < 2
      ? nil
      : scorer.score(runs, combination: evaluation.within ? .pooledFolds : .averagedNetworks)
  }

  // MARK: - Corpora

  /// The corpora that the trial was trained on, then those that it was only tested on.
  private func corpora(of experiment: Surroundings) -> [ModelCard.Corpus] {
    let tested = record.evaluations.map(\.corpus)
    let trained = experiment.trainedOn
    return (trained + tested.filter { !trained.contains($0) }).compactMap { name in
      experiment.corpora.first { $0.name == name }
        .map { ModelCard.Corpus($0, isTrainedOn: trained.contains(name)) }
    }
  }
}

extension ModelCard.Corpus {
  init(_ summary: CorpusSummary, isTrainedOn: Bool) {
    name = summary.name
    self.isTrainedOn = isTrainedOn
    clips = summary.counts.reduce(0, +)
    clipsByClass = Dictionary(
      zip(summary.classes, summary.counts), uniquingKeysWith: { first, _ in first })
    // To a hundredth: the lengths themselves are rounded.
    hours = (summary.durationsS.reduce(0, +) / 36).rounded() / 100
    speakers = summary.speakers.count
    fewestClips = summary.speakers.values.min()
    mostClips = summary.speakers.values.max()
    leftOut = summary.dropped
    remarks = summary.remarks
  }
}
