/// Experiments over tone corpora that run within a second.
package enum TonePlan {
  /// The settings of a tiny network, which the overrides of a test may replace.
  private static let settings = """
    seeds: [1]
    labels: {classes: [low, mid, high], drop: [other]}
    audio: {rate_hz: 8000, clip_s: 0.5}
    features: {window_ms: 32, hop_ms: 20, mel: {bands: 12, high_hz: 4000}, mfcc: {coefficients: 8}, fusion: mel}
    model:
      cnn: {channels: [4], pool: [2], dropout: 0.0}
      rnn: {hidden: 4}
      head: {hidden: [8], dropout: 0.1}
    training:
      epochs: 8
      batch: 8
      optimizer: {learning_rate: 0.02}
      schedule: {name: constant, warmup_epochs: 0}
      augmentation: {specaugment: {time_masks: 1, time_frames: 4, freq_masks: 1, freq_bins: 2}}
    protocol: {within: {speaker_folds: 2}, validation: {speakers: 1}}
    report: {figures: []}
    """
  /// Most tests are about the networks alone; those of baselines ask for them.
  private static let alone = "baselines: none"

  /// The text of a plan over the corpora that lie beside it; `changes` are further top-level keys.
  package static func text(
    _ name: String = "study", corpora: [String] = ["one"], _ changes: String = ""
  ) -> String {
    let lines = corpora.map { "  \($0): {adapter: manifest, path: \($0)}\n" }.joined()
    return "name: \(name)\ncorpora:\n\(lines)\(settings)\n"
      + (changes.contains("baselines:") ? "" : alone + "\n") + changes
  }
}
