import Foundation

/// A corpus in numbers: an entry of `corpora.json`.
package struct CorpusSummary: Codable, Hashable, Sendable {
  package var name: String
  package var classes: [String]
  /// The utterances of each class, in the order of `classes`.
  package var counts: [Int] = []
  /// The utterances of each native label that the label space leaves out.
  package var dropped: [String: Int] = [:]
  /// The classes of native labels, by label.
  package var mapped: [String: String] = [:]
  /// The number of files that are not utterances.
  package var skipped: Int = 0
  /// The same by name, each with the reason; nil in older summaries.
  package var skippedFiles: [String]?
  /// The number of utterances of each known speaker.
  package var speakers: [String: Int] = [:]
  /// The length of each utterance in seconds, rounded to hundredths, in ascending order.
  package var durationsS: [Double] = []
  /// The number of files at each sampling rate, in Hz; nil in older summaries.
  ///
  /// Films of which only parts are used are left out: their rate is known only after decoding.
  package var ratesHz: [Int: Int]?
  /// The bandwidth of the speech; nil if nothing could be decoded, and in older summaries.
  package var bandwidth: EffectiveBandwidth?
  /// Files whose header cannot be read, each with the reason.
  package var unreadable: [String] = []
  /// Sentences on implausible lengths, or lengths other than the corpus's table states; nil if none.
  package var oddLengths: [String]?
  /// Sentences about the corpus and its folds that must be shown with every result.
  package var remarks: [String] = []
  /// Those of `remarks` that are about the folds; nil in older summaries.
  package var foldRemarks: [String]?

  /// A summary without counts and measurements.
  package init(name: String, classes: [String]) {
    self.name = name
    self.classes = classes
  }

  /// Its sampling rates and bandwidth in words; nil if neither is known.
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
