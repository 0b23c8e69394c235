extension TrialRecord {
  /// The trained network that training started from.
  package struct Start: Codable, Hashable, Sendable {
    /// The digest of its file's bytes.
    package var digest: String
    /// What of its body training left as it was: `none` or `body`.
    package var freeze: String
    /// The classes whose weights in the last layer were taken over.
    package var copiedClasses: [String]
    /// The classes whose weights in the last layer were drawn.
    package var drawnClasses: [String]
    /// What it has heard, in words.
    package var heard: String
    /// Whether it is known of it, and of every network before it, what it has heard.
    package var isHeardKnown: Bool

    package init(
      digest: String, freeze: String, copiedClasses: [String], drawnClasses: [String],
      heard: BodyHistory
    ) {
      (self.digest, self.freeze) = (digest, freeze)
      (self.copiedClasses, self.drawnClasses) = (copiedClasses, drawnClasses)
      self.heard = heard.summary
      isHeardKnown = heard.gap == nil
    }

    private enum CodingKeys: String, CodingKey {
      case digest, freeze, copiedClasses, drawnClasses, heard
      case isHeardKnown = "heardKnown"
    }
  }
}
