package import ValenceCore

/// What an encoder is known by: its shape and the content of its weights, never its path or name.
///
/// Its text is `whisper-6x512-` (family, layers × width) and the digest in hexadecimal.
package struct EncoderIdentity: Hashable, Sendable {
  package let shape: EncoderShape
  /// The digest of what moves its numbers: `EncoderFolder.digest`.
  package let digest: Digest

  package init(shape: EncoderShape, digest: Digest) {
    (self.shape, self.digest) = (shape, digest)
  }

  /// Reads the text of an identity; nil unless it is one.
  package init?(_ text: String) {
    guard
      let match = text.wholeMatch(
        of: /([a-z0-9-]+)-([1-9][0-9]{0,2})x([1-9][0-9]{0,4})-([0-9a-f]{64})/),
      let family = EncoderShape.Family(rawValue: String(match.1)), let layers = Int(match.2),
      let width = Int(match.3), let digest = Digest(hex: String(match.4))
    else { return nil }
    self.init(
      shape: EncoderShape(family: family, layers: layers, width: width), digest: digest)
  }

  package var text: String { "\(start)-\(digest.hex)" }

  /// The text with the first digits of the digest alone, for people.
  package var shortText: String { "\(start)-\(digest.short)" }

  private var start: String { "\(shape.family.rawValue)-\(shape.layers)x\(shape.width)" }
}
