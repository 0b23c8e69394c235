import Foundation
import ValenceAudio
import ValenceCore
import ValenceCorpora
package import ValenceReport

/// What `corpora.json` keeps of each corpus. It is filled in here because `ValenceReport` reads files only; the
/// names and meanings of its members are those of the file.
extension CorpusSummary {
  /// The corpora of an experiment; reads the header of every file, and decodes a few.
  ///
  /// - Parameter known: summaries that were made before, whose bandwidths are taken over where the speech is
  ///   the same.
  package static func all(
    of experiment: Experiment, known: [CorpusSummary] = []
  ) -> [CorpusSummary] {
    experiment.corpora.map { corpus in
      let speech = Self.speech(of: corpus)
      return CorpusSummary(
        corpus, bandwidth: known.lazy.compactMap(\.bandwidth).first { $0.speech == speech })
    }
  }

  /// The identity of the speech that a bandwidth was measured on: decoders and corpus.
  private static func speech(of corpus: PreparedCorpus) -> String {
    "\(AudioReader.revision) \(corpus.identity.hex)"
  }

  init(_ prepared: PreparedCorpus, bandwidth known: EffectiveBandwidth? = nil) {
    let labeled = prepared.labeled
    self.init(name: prepared.name, classes: labeled.space.classes)
    counts = labeled.classCounts
    let (kept, left) = (
      labeled.labels.filter { $0.target != nil }, labeled.labels.filter { $0.target == nil }
    )
    dropped = Dictionary(uniqueKeysWithValues: left.map { ($0.label, $0.count) })
    mapped = Dictionary(
      uniqueKeysWithValues: kept.map { ($0.label, labeled.space.classes[$0.target ?? 0]) })
    skipped = prepared.skipped.count
    skippedFiles = prepared.skipped.map { "\($0.id): \($0.reason)" }
    speakers = labeled.utterances.reduce(into: [:]) { counts, item in
      if let speaker = item.utterance.speaker { counts[speaker, default: 0] += 1 }
    }
    var durations: [Double] = []
    var lengths = OddLengths()
    unreadable = []
    var rates: [Int: Int] = [:]
    var asked: Set<String> = []
    for item in labeled.utterances {
      do {
        let span = item.utterance.span
        var info: AudioInfo?
        if span == nil || !item.utterance.isMedia, asked.insert(item.utterance.filePath).inserted {
          info = try AudioReader.inspect(item.utterance.file)
          info.map { rates[$0.rateHz, default: 0] += 1 }
        }
        let length =
          try span.map { $0.upperBound - $0.lowerBound }
          ?? (info ?? AudioReader.inspect(item.utterance.file)).durationS
        durations.append((length * 100).rounded() / 100)
        lengths.add(item.utterance, lengthS: length)
      } catch {
        unreadable.append("\(error)")
      }
    }
    durationsS = durations.sorted()
    ratesHz = rates
    let threads = ProcessInfo.processInfo.activeProcessorCount
    bandwidth =
      known
      ?? EffectiveBandwidth(
        of: labeled.utterances.map(\.utterance), speech: Self.speech(of: prepared), threads: threads
      )
    oddLengths = lengths.sentences.isEmpty ? nil : lengths.sentences
    remarks = prepared.remarks + prepared.foldRemarks
    foldRemarks = prepared.remarksOnFolds
  }
}
