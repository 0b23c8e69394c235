import Foundation

/// A corpus in numbers: what `corpora.json` keeps and the corpus overview shows.
package struct CorpusSummary: Codable, Hashable, Sendable {
  package var name: String
  package var classes: [String]
  /// The utterances of each class.
  package var counts: [Int] = []
  /// The utterances of each native label that the label space leaves out.
  package var dropped: [String: Int] = [:]
  /// The classes of native labels, by label.
  package var mapped: [String: String] = [:]
  /// Files that were found but are no utterances.
  package var skipped: Int = 0
  /// The same by name, each with the reason; nil in older summaries.
  package var skippedFiles: [String]?
  /// The known speakers, and how many utterances each has.
  package var speakers: [String: Int] = [:]
  /// The length of each utterance in seconds, rounded to hundredths, in ascending order.
  package var durationsS: [Double] = []
  /// How many of the files have each sampling rate, in Hz; nil in older summaries.
  ///
  /// Without films of which only parts are used: to ask them is to decode them.
  package var ratesHz: [Int: Int]?
  /// How far up the speech has sound; nil where nothing could be decoded, and in older summaries.
  package var bandwidth: EffectiveBandwidth?
  /// Files whose header cannot be read, each with the reason.
  package var unreadable: [String] = []
  /// Sentences on lengths that are hardly those of utterances, or not those that the corpus's table
  /// states; nil where there are none.
  package var oddLengths: [String]?
  /// What a reader of any result must know of the corpus and its folds.
  package var remarks: [String] = []
  /// Those of `remarks` that are about the folds; nil in older summaries.
  package var foldRemarks: [String]?

  /// A summary of a corpus without utterances; what is counted and measured is added by what reads it.
  package init(name: String, classes: [String]) {
    self.name = name
    self.classes = classes
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
}
