import Foundation

/// Sentences on networks that are asked about speech of another bandwidth than they learned from.
///
/// Speech that ends at 4 kHz has nothing where wideband speech has its fricatives, so a network that was
/// trained on one hears the other as something else than another emotion.
struct BandwidthRemarks {
  let outline: Outline
  let corpora: [CorpusSummary]

  /// One bandwidth is taken for another as long as it is less than a quarter greater.
  private static let clearlyGreater = 1.25

  /// The sentence for a variant's networks of a training set on a test corpus; nil where both are heard
  /// alike, or it is not known how they are.
  func sentence(variant: String, train: String, test: String) -> String? {
    guard let heardHz = outline.heardHz?[variant], let tested = bandwidthHz(test) else {
      return nil
    }
    let learned = outline.members(of: train).filter { $0 != test }.compactMap { name in
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
      + "within the \(kHz(heardHz)) that the features tell of; with features.mel.high_hz: "
      + "\(Int(lowest)) both are heard alike."
  }

  private func bandwidthHz(_ corpus: String) -> Double? {
    corpora.first { $0.name == corpus }?.bandwidth?.medianHz
  }

  private func kHz(_ hz: Double) -> String { String(format: "%.1f kHz", hz / 1000) }
}
