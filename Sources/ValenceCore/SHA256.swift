import COpenSSL
import Foundation

/// SHA-256 (FIPS 180-4) of bytes that come in pieces, by OpenSSL's libcrypto, which uses the processor's
/// own instructions for it.
struct SHA256 {
  private var context = Context()

  /// Adds the next bytes; where a piece ends makes no difference.
  mutating func update(_ bytes: some ContiguousBytes) {
    // A copy of this value shares the context until one of the two goes on.
    if !isKnownUniquelyReferenced(&context) { context = Context(copying: context) }
    context.update(bytes)
  }

  /// The digest of all bytes so far.
  func digest() -> Digest { Context(copying: context).finish() }

  /// The digest of a run of bytes.
  static func digest(of bytes: some ContiguousBytes) -> Digest {
    let context = Context()
    context.update(bytes)
    return context.finish()
  }

  /// A context of libcrypto's; it is changed only by the one value that holds it.
  @safe private final class Context: @unchecked Sendable {
    private let handle: OpaquePointer

    /// Looking the algorithm up takes longer than hashing a short text, so it is done once.
    nonisolated(unsafe) private static let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil)

    init() {
      unsafe handle = Self.newHandle()
      unsafe Self.check(EVP_DigestInit_ex2(handle, Self.algorithm, nil))
    }

    init(copying other: Context) {
      unsafe handle = Self.newHandle()
      unsafe Self.check(EVP_MD_CTX_copy_ex(handle, other.handle))
    }

    deinit { unsafe EVP_MD_CTX_free(handle) }

    func update(_ bytes: some ContiguousBytes) {
      unsafe bytes.withUnsafeBytes {
        unsafe Self.check(EVP_DigestUpdate(handle, $0.baseAddress, $0.count))
      }
    }

    /// Ends the context.
    func finish() -> Digest {
      var bytes = [UInt8](repeating: 0, count: 32)
      unsafe Self.check(EVP_DigestFinal_ex(handle, &bytes, nil))
      var words = SIMD4<UInt64>()
      for (index, byte) in bytes.enumerated() {
        words[index / 8] = words[index / 8] << 8 | UInt64(byte)
      }
      return Digest(words: words)
    }

    private static func newHandle() -> OpaquePointer {
      guard let handle = unsafe EVP_MD_CTX_new() else { preconditionFailure("no memory left") }
      return unsafe handle
    }

    /// SHA-256 fails for want of memory only, or where a policy of the system's forbids it.
    private static func check(_ status: Int32) {
      precondition(status == 1, "OpenSSL computes no SHA-256 here")
    }
  }
}
