import Foundation
import ValenceAudio
import ValenceCore
import ValenceCorpora

/// A corpus in numbers: what `corpora.json` keeps and the corpus overview shows.
package struct CorpusSummary: Codable, Hashable, Sendable {
  package var name: String
  package var classes: [String]
  /// The utterances of each class.
  package var counts: [Int]
  /// The utterances of each native label that the label space leaves out.
  package var dropped: [String: Int]
  /// The classes of native labels, by label.
  package var mapped: [String: String]
  /// Files that were found but are no utterances.
  package var skipped: Int
  /// The same by name, each with the reason; nil in older summaries.
  package var skippedFiles: [String]?
  /// The known speakers, and how many utterances each has.
  package var speakers: [String: Int]
  /// The length of each utterance in seconds, rounded to hundredths, in ascending order.
  package var durationsS: [Double]
  /// How many of the files have each sampling rate, in Hz; nil in older summaries.
  ///
  /// Without films of which only parts are used: to ask them is to decode them.
  package var ratesHz: [Int: Int]?
  /// How far up the speech has sound; nil where nothing could be decoded, and in older summaries.
  package var bandwidth: EffectiveBandwidth?
  /// Files whose header cannot be read, each with the reason.
  package var unreadable: [String]
  /// Sentences on lengths that are hardly those of utterances, or not those that the corpus's table
  /// states; nil where there are none.
  package var oddLengths: [String]?
  /// What a reader of any result must know of the corpus and its folds.
  package var remarks: [String]
  /// Those of `remarks` that are about the folds; nil in older summaries.
  package var foldRemarks: [String]?

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

  /// Its sampling rates and how far up its speech has sound, in words; nil where neither is known.
  package var soundText: String? {
    let rates = (ratesHz ?? [:]).sorted { $0.key < $1.key }
    var parts: [String] = []
    if !rates.isEmpty {
      let files = rates.map {
        rates.count > 1 ? "\($0.key) Hz (\($0.value) files)" : "\($0.key) Hz"
      }
      parts.append("sampling rate \(files.joined(separator: ", "))")
    }
    if let bandwidth {
      func kHz(_ hz: Double) -> String { String(format: "%.1f", hz / 1000) }
      parts.append(
        "effective bandwidth \(kHz(bandwidth.medianHz)) kHz (median of \(bandwidth.files) files, "
          + "\(kHz(bandwidth.lowestHz))–\(kHz(bandwidth.highestHz)))")
    }
    return parts.isEmpty ? nil : "\(name): " + parts.joined(separator: "; ") + "."
  }

  /// What tells whether a bandwidth was measured of the same speech by the same decoders.
  private static func speech(of corpus: PreparedCorpus) -> String {
    "\(AudioReader.revision) \(corpus.identity.hex)"
  }

  init(_ prepared: PreparedCorpus, bandwidth known: EffectiveBandwidth? = nil) {
    let labeled = prepared.labeled
    name = prepared.name
    classes = labeled.space.classes
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
