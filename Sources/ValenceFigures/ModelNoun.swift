/// What readers are told that a score is of.
package enum ModelNoun: String, Hashable, Sendable {
  /// Of networks alone.
  case network
  /// Of classic models, or of some of both.
  case model

  package var plural: String { rawValue + "s" }
}
