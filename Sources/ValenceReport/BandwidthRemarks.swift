import Foundation

/// Sentences on networks that are tested on speech of another bandwidth than they were trained on.
///
/// Narrowband speech, which ends near 4 kHz, lacks the fricatives of wideband speech above that, so a
/// network trained on one is confronted with a difference that has nothing to do with emotion.
struct BandwidthRemarks {
  let spec: ReportSpec
  let corpora: [CorpusSummary]

  /// Bandwidths count as equal if one is at most a quarter greater than the other.
  private static let clearlyGreater = 1.25

  /// The sentence for a variant's networks of a training set on a test corpus; nil if the bandwidths are
  /// equal within the features' range, or unknown.
  func sentence(variant: String, train: String, test: String) -> String? {
    guard let heardHz = spec.heardHz?[variant], let tested = bandwidthHz(test) else {
      return nil
    }
    let learned = spec.members(of: train).filter { $0 != test }.compactMap { name in
      bandwidthHz(name).map { (name, $0) }
    }
    let others = learned.filter { _, hz in
      let (low, high) = (min(hz, tested, heardHz), min(max(hz, tested), heardHz))
      return high > low * Self.clearlyGreater
    }
    guard !others.isEmpty else { return nil }
    let lowest = min(tested, others.map(\.1).min() ?? tested)
    let names = others.map { "\($0.0) (\(kHz($0.1)))" }.joined(separator: ", ")
    return
      "Trained on \(names), tested on \(test) (\(kHz(tested))): the effective bandwidths differ "
      + "within the features' range of \(kHz(heardHz)); features.mel.high_hz: \(Int(lowest)) "
      + "would remove the difference."
  }

  private func bandwidthHz(_ corpus: String) -> Double? {
    corpora.first { $0.name == corpus }?.bandwidth?.medianHz
  }

  private func kHz(_ hz: Double) -> String { String(format: "%.1f kHz", hz / 1000) }
}
