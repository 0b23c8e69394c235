/// Variants of a sweep that differ in the layer of a frozen encoder and in nothing else.
package struct LayerCurve: Hashable, Sendable, Codable {
  /// One layer, and the variant that has it.
  package struct Point: Hashable, Sendable, Codable {
    /// As in the experiment file: a number, or `last`, `mean` or `weighted`.
    package let layer: String
    /// The name of the variant.
    package let variant: String

    package init(layer: String, variant: String) {
      self.layer = layer
      self.variant = variant
    }
  }

  /// What the variants have in common beside the layer, such as `fusion=late`; empty if the sweep varies
  /// nothing else.
  package let name: String
  /// The encoder for people: `whisper-base (whisper-6x512-…)`.
  package let encoder: String
  /// The corpora that the encoder is known to have heard.
  package let heard: [String]
  /// The number of the encoder's layers.
  package let layers: Int
  /// Numbers from low to high, then words.
  package let points: [Point]

  package init(name: String, encoder: String, heard: [String], layers: Int, points: [Point]) {
    self.name = name
    self.encoder = encoder
    self.heard = heard
    self.layers = layers
    self.points = points
  }
}
