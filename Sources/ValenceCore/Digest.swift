import Crypto
public import Foundation

/// A SHA-256 digest: the identity of contents and settings.
///
/// Kept as four numbers, because a corpus may have a million of them; its text is made when asked for.
public struct Digest: Hashable, Sendable, CustomStringConvertible, Comparable {
  /// The bytes, eight a number, the first in the highest place.
  private let words: SIMD4<UInt64>

  /// The digest of a run of bytes.
  public init(of data: Data) { self.init(SHA256.hash(data: data)) }

  /// The digest of a text's UTF-8 bytes.
  public init(of text: String) { self.init(of: Data(text.utf8)) }

  /// The digest of several texts; where one ends and the next begins makes a difference.
  public init(ofParts parts: some Sequence<String>) {
    // Fed piece by piece: a corpus may have a million parts.
    var hash = SHA256()
    var separator = ""
    for part in parts {
      hash.update(data: Data("\(separator)\(part.utf8.count):\(part)".utf8))
      separator = ","
    }
    self.init(hash.finalize())
  }

  private init(_ digest: SHA256Digest) {
    var words = SIMD4<UInt64>()
    for (index, byte) in digest.enumerated() {
      words[index / 8] = words[index / 8] << 8 | UInt64(byte)
    }
    self.words = words
  }

  /// 64 lower-case hexadecimal digits.
  public var hex: String { Self.digits(words, count: 64) }

  /// The first 16 digits: what file and folder names carry.
  public var short: String { Self.digits(words, count: 16) }

  private static func digits(_ words: SIMD4<UInt64>, count: Int) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: (0..<count).map { place in
        digits[Int(words[place / 16] >> UInt64(60 - 4 * (place % 16)) & 15)]
      }, as: UTF8.self)
  }

  /// All 64 digits.
  public var description: String { hex }

  /// Alphabetical order.
  public static func < (a: Digest, b: Digest) -> Bool {
    (0..<4).map { a.words[$0] }.lexicographicallyPrecedes((0..<4).map { b.words[$0] })
  }
}
