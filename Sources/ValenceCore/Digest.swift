import Crypto
public import Foundation

/// A SHA-256 digest in hexadecimal: the identity of contents and settings.
public struct Digest: Hashable, Sendable, CustomStringConvertible, Comparable {
  /// 64 lower-case hexadecimal digits.
  public let hex: String

  /// The digest of a run of bytes.
  public init(of data: Data) {
    hex = SHA256.hash(data: data).map { String(format: "%02x", $0) }.joined()
  }

  /// The digest of a text's UTF-8 bytes.
  public init(of text: String) { self.init(of: Data(text.utf8)) }

  /// The digest of several texts; where one ends and the next begins makes a difference.
  public init(ofParts parts: [String]) {
    self.init(of: parts.map { "\($0.utf8.count):\($0)" }.joined(separator: ","))
  }

  /// The first 16 digits: what file and folder names carry.
  public var short: String { String(hex.prefix(16)) }

  /// All 64 digits.
  public var description: String { hex }

  /// Alphabetical order.
  public static func < (a: Digest, b: Digest) -> Bool { a.hex < b.hex }
}
