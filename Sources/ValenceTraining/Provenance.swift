import Foundation
import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValenceData
import ValenceFeatures
import ValencePlan
import ValenceStore

extension Provenance {
  /// The versions, kernels and processor of this process.
  init(_ trial: Trial, of experiment: Experiment) {
    var kernels = Dictionary(
      uniqueKeysWithValues: KernelReport.numeric.map { ($0.name, $0.value) })
    let corpora = experiment.trainingSet(trial.train).corpora + trial.tests.map(\.corpus)
    if corpora.contains(where: { $0.labeled.utterances.contains(where: \.utterance.isMedia) }) {
      kernels["ffmpeg"] = AudioLibraries.ffmpegVersion ?? "missing"
    }
    self.init(
      code: .init(
        version: Version.number, build: Version.build, trialRevision: Trial.revision,
        featureRevision: FeatureLibrary.revision(of: trial.variant.settings.features.kinds)),
      kernels: kernels, processor: KernelReport.processor,
      system: ProcessInfo.processInfo.operatingSystemVersionString)
  }
}

/// `provenance.json`: what the numbers of an experiment were made with, and of which data.
struct ExperimentProvenance: Codable, Hashable {
  /// One combination of versions, with the trials made by it.
  struct Made: Codable, Hashable {
    /// How many of them were trained so.
    var trained: Int
    /// How many were trained with something else, but scored so; nil for none.
    var scored: Int?
    /// The versions, kernels and processor.
    var with: Provenance
  }

  /// The digest of each corpus.
  var corpora: [String: String]
  /// The digest of the speech and of all that was asked of it, by which `dropped.csv` is still true.
  var heard: String
  /// Each combination once, in the order of the plan's trials.
  var made: [Made]

  /// - Parameter records: those of the finished trials.
  init(_ experiment: Experiment, records: [TrialRecord]) {
    corpora = Dictionary(
      uniqueKeysWithValues: experiment.corpora.map { ($0.name, $0.identity.hex) })
    heard = Self.heard(experiment)
    made = []
    for record in records {
      if let provenance = record.made { note(provenance) { $0.trained += 1 } }
      // In the order of the record: that of a set is another one in each process.
      var scorers: [Provenance] = []
      for provenance in record.evaluations.compactMap(\.made) where !scorers.contains(provenance) {
        scorers.append(provenance)
        note(provenance) { $0.scored = ($0.scored ?? 0) + 1 }
      }
    }
  }

  private mutating func note(_ provenance: Provenance, _ count: (inout Made) -> Void) {
    if let index = made.firstIndex(where: { $0.with == provenance }) {
      count(&made[index])
    } else {
      var new = Made(trained: 0, with: provenance)
      count(&new)
      made.append(new)
    }
  }

  /// Which files can be used is a matter of the files, of how the variants listen to them, and of the code.
  static func heard(_ experiment: Experiment) -> String {
    var feed = Digest.Feed()
    for corpus in experiment.corpora {
      feed.add(corpus.name)
      feed.add(corpus.identity)
      feed.add(corpus.folds.isEmpty ? 0 : 1)
      for item in corpus.labeled.utterances { feed.add(item.utterance.id) }
    }
    for variant in experiment.plan.variants {
      feed.add(variant.identity)
      feed.add(variant.settings.audio.unreadable.rawValue)
      feed.add(FeatureLibrary.revision(of: variant.settings.features.kinds))
    }
    return feed.digest().hex
  }
}
