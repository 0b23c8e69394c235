import ValenceAudio
import ValenceCore
import ValenceCorpora

/// A corpus in numbers: what `corpora.json` keeps and the corpus overview shows.
public struct CorpusSummary: Codable, Hashable, Sendable {
  /// The corpus's name.
  public var name: String
  /// The class names.
  public var classes: [String]
  /// The utterances of each class.
  public var counts: [Int]
  /// The utterances of each native label that the label space leaves out.
  public var dropped: [String: Int]
  /// The classes of native labels, by label.
  public var mapped: [String: String]
  /// Files that were found but are no utterances.
  public var skipped: Int
  /// The known speakers, and how many utterances each has.
  public var speakers: [String: Int]
  /// The length of each utterance in seconds, rounded to hundredths, in ascending order.
  public var durationsS: [Double]
  /// Files whose header cannot be read, each with the reason.
  public var unreadable: [String]
  /// Sentences on lengths that are hardly those of utterances, or not those that the corpus's table
  /// states; nil where there are none.
  public var oddLengths: [String]?
  /// What a reader of any result must know of the corpus and its folds.
  public var remarks: [String]

  /// The corpora of an experiment; reads the header of every file.
  public static func all(of experiment: Experiment) -> [CorpusSummary] {
    experiment.corpora.map(CorpusSummary.init)
  }

  init(_ prepared: PreparedCorpus) {
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
    speakers = labeled.utterances.reduce(into: [:]) { counts, item in
      if let speaker = item.utterance.speaker { counts[speaker, default: 0] += 1 }
    }
    var durations: [Double] = []
    var lengths = OddLengths()
    unreadable = []
    for item in labeled.utterances {
      do {
        let span = item.utterance.span
        let length =
          try span.map { $0.upperBound - $0.lowerBound }
          ?? AudioReader.inspect(item.utterance.file).durationS
        durations.append((length * 100).rounded() / 100)
        lengths.add(item.utterance, lengthS: length)
      } catch {
        unreadable.append("\(error)")
      }
    }
    durationsS = durations.sorted()
    oddLengths = lengths.sentences.isEmpty ? nil : lengths.sentences
    remarks = prepared.remarks + prepared.foldRemarks
  }
}
