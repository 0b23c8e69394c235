/// A digest of bytes that come in pieces, as a long file's do.
public struct ByteDigest: Sendable {
  private var hash = SHA256()

  /// A digest of nothing yet.
  public init() {}

  /// Adds the next bytes; where a piece ends makes no difference.
  public mutating func add(_ bytes: ArraySlice<UInt8>) { hash.update(bytes) }

  /// The digest of all bytes so far: that which `Digest(of:)` gives of them.
  public func digest() -> Digest { hash.digest() }
}
