import ValenceCore
import ValenceCorpora
import ValenceData
import ValencePlan
import ValenceStore

/// The clips that a trial can use: those of its lists that have features, with frames enough for its
/// network.
///
/// A trial's record holds the digests of the clips that it really used. Which clips can be used is a
/// matter of their content and the settings, so the digests are the same in each run of the same data; a
/// record with others was made when something else was the matter with a file.
struct UsedClips {
  private let trial: Trial
  private let library: FeatureLibrary
  private let source: ClipSource

  init(_ trial: Trial, experiment: Experiment, library: FeatureLibrary) {
    self.trial = trial
    self.library = library
    source = ClipSource(
      asTheyAre: experiment.trainingSet(trial.train).corpora, variant: trial.variant,
      library: library)
  }

  /// In what a stored trial learned from other clips than can be used now; nil where they are the same.
  func difference(from record: TrialRecord) -> String? {
    let sides = [
      ("learned from", source.train(trial.fold), record.training.train),
      ("chose its epoch by", source.validation(trial.fold), record.training.validation),
    ]
    for (verb, clips, known) in sides {
      let usable = clips.filter(source.isUsable)
      guard source.identity(of: usable).hex != known.digest else { continue }
      return "it \(verb) \(known.utterances) clips, and these are not the \(usable.count) of the "
        + "same data that can be used."
    }
    return nil
  }

  /// The digest of the clips of a test set that can be scored.
  func digest(of test: TestSet) -> Digest {
    let source = ClipSource(asTheyAre: [test.corpus], variant: trial.variant, library: library)
    return source.identity(of: test.indices.filter(source.isUsable))
  }

  /// Whether each stored evaluation scored the clips that can be scored now.
  func areScored(in record: TrialRecord) -> Bool {
    trial.tests.allSatisfy { test in
      test.evaluation(in: record, of: trial.variant)?.clips == digest(of: test).hex
    }
  }
}
