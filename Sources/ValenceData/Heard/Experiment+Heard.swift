import ValenceAudio
import ValenceCore
import ValenceCorpora
package import ValenceNN
import ValencePlan
package import ValenceStore

extension Experiment {
  /// The clips that the network of a trial learns from and chooses its epoch by; nil for a classic model.
  ///
  /// With those that the networks before it have heard they are the content of its `heard.csv`.
  package func heard(by trial: Trial, _ library: FeatureLibrary) -> [HeardClip]? {
    let settings = trial.variant.settings
    guard settings.classic == nil else { return nil }
    let source = ClipSource(
      asTheyAre: trainingSet(trial.train).corpora, variant: trial.variant, library: library)
    let words = Dictionary(
      uniqueKeysWithValues: plan.corpora.map { ($0.name, $0.adapter.word) })
    // A network that is trained anew learns from validation clips, too.
    return source.heard(source.train(trial.fold), .train, words)
      + source.heard(
        source.validation(trial.fold), settings.training.refit ? .train : .validation, words)
  }

  /// What is known of the network that a trial starts from; nil where it starts from none.
  package func startHistory(of trial: Trial) -> BodyHistory? {
    trial.variant.settings.training.startFrom.flatMap(history(of:))
  }

  /// What is known of a network that a variant starts from.
  package func history(of start: StartOptions) -> BodyHistory? {
    heardCheck?.history(of: start.digest)
  }

  /// What the network that a trial starts from has heard of what the trial is tested on and chooses its epoch
  /// by, a clause each; empty unless the plan allows it.
  package func heardClauses(of trial: Trial) -> [String] {
    guard let start = trial.variant.settings.training.startFrom else { return [] }
    return heardCheck?.clauses(of: start.digest, in: trial.fold) ?? []
  }
}

extension ClipSource {
  /// The usable ones among some clips, as a record of what was heard has them.
  ///
  /// - Parameter words: the word of each corpus's adapter.
  fileprivate func heard(
    _ indices: [Int], _ side: HeardClip.Side, _ words: [String: String]
  ) -> [HeardClip] {
    indices.filter(isUsable).map { index in
      let place = clips[index]
      let corpus = corpora[place.corpus]
      let utterance = utterance(of: index)
      var clip = HeardClip(
        side: side, corpus: (corpus.name, words[corpus.name] ?? ""), file: utterance.path,
        span: utterance.span, speaker: utterance.speaker)
      clip.content = corpus.files.digest(of: utterance.filePath)
      clip.samples = corpus.sound(of: place.index)?.samples
      return clip
    }
  }
}
