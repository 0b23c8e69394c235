/// A digest of bytes that come in pieces, as a long file's do.
package struct ByteDigest: Sendable {
  private var hash = SHA256()

  /// A digest of nothing yet.
  package init() {}

  /// Adds the next bytes; where a piece ends makes no difference.
  package mutating func add(_ bytes: ArraySlice<UInt8>) { hash.update(bytes) }

  /// The digest of all bytes so far: that which `Digest(of:)` gives of them.
  package func digest() -> Digest { hash.digest() }
}
