import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValenceFeatures
import ValencePlan

/// Finds what the corpora, once they are read, do not allow of what the plan asks of them.
struct CorpusCheck {
  let plan: Plan
  let corpora: [PreparedCorpus]

  /// Everything that is wrong, corpus by corpus.
  var problems: [Problem] {
    corpora.filter { plan.testOn.contains($0.name) }.compactMap(untestable)
      + corpora.filter { plan.testOn.contains($0.name) || plan.trainOn.contains($0.name) }
      .compactMap(speakerless)
      + corpora.compactMap(undecodable)
  }

  /// A corpus of films on a machine that cannot take the sound out of them.
  private func undecodable(_ corpus: PreparedCorpus) -> Problem? {
    let films = corpus.labeled.utterances.filter(\.utterance.isMedia)
    guard let first = films.first, AudioLibraries.isFFmpegMissing else { return nil }
    return Problem(
      "corpus \(corpus.name): \(films.count) of \(corpus.labeled.utterances.count) utterances "
        + "(\(first.utterance.id), …) are decoded by ffmpeg, which is not installed; install ffmpeg "
        + "(Debian: apt-get install ffmpeg) or convert them to WAV or FLAC.",
      key: "corpora.\(corpus.name)")
  }

  /// A corpus that is tested on, but has not every class; those trained on are the folds' matter.
  private func untestable(_ corpus: PreparedCorpus) -> Problem? {
    let counts = corpus.labeled.counts(of: corpus.tested)
    let empty = zip(corpus.labeled.space.classes, counts).filter { $0.1 == 0 }.map(\.0)
    guard !plan.trainOn.contains(corpus.name), !empty.isEmpty else { return nil }
    if corpus.labeled.utterances.isEmpty {
      return Problem(
        "corpus \(corpus.name): no utterance has a class of the label space; map its labels in "
          + "labels.map, or leave it out of test_on.", key: "labels")
    }
    guard plan.splitProtocol.missingClasses == .refuse else { return nil }
    let which = corpus.tested.count < corpus.contents.count ? " of its test side" : ""
    return Problem(
      "corpus \(corpus.name): no utterance\(which) is \(empty.joined(separator: " or ")); leave it out of "
        + "test_on, or use protocol.missing_classes: allow to score it over the classes that it has.",
      key: "protocol.missing_classes")
  }

  /// A corpus that is to be normalized by speaker, but does not say who speaks.
  private func speakerless(_ corpus: PreparedCorpus) -> Problem? {
    guard
      plan.variants.contains(where: {
        corpus.clips.own($0.settings.features.normalization) == .speaker
      })
    else { return nil }
    let utterances = corpus.labeled.utterances
    let nameless = utterances.filter { $0.utterance.speaker == nil }
    guard let first = nameless.first else { return nil }
    return Problem(
      "corpus \(corpus.name): 'speaker' needs to know who speaks, but \(nameless.count) of "
        + "\(utterances.count) utterances have no speaker (\(first.utterance.id)); name the "
        + "speakers, or normalize by corpus.",
      key: corpus.clips.declared == nil
        ? "features.normalization" : "corpora.\(corpus.name).normalization")
  }
}
