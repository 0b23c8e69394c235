package import Foundation

/// A SHA-256 digest: the identity of contents and settings.
///
/// Kept as four numbers, because a corpus may have a million of them; its text is made when asked for.
///
/// Keys of trials, names in the feature cache and digests in records are such. How parts and feeds are
/// written down for hashing is thus a part of each: another form makes every trial a new one and every cache
/// an empty one (`DigestTests`).
package struct Digest: Hashable, Sendable, CustomStringConvertible, Comparable {
  /// The bytes, eight a number, the first in the highest place.
  package let words: SIMD4<UInt64>

  /// The digest of a run of bytes.
  package init(of data: Data) { self = SHA256.digest(of: data) }

  /// The digest of a text's UTF-8 bytes.
  package init(of text: String) { self.init(of: Data(text.utf8)) }

  /// The digest of several texts; where one ends and the next begins makes a difference.
  package init(ofParts parts: some Sequence<String>) {
    // Fed piece by piece: a corpus may have a million parts.
    var hash = SHA256()
    var separator = ""
    for part in parts {
      hash.update(Array("\(separator)\(part.utf8.count):\(part)".utf8))
      separator = ","
    }
    self = hash.digest()
  }

  /// The digest of these words, as a table on disk keeps them.
  package init(words: SIMD4<UInt64>) { self.words = words }

  /// Reads `hex`; nil unless it is 64 hexadecimal digits.
  package init?(hex: String) {
    guard hex.utf8.count == 64 else { return nil }
    let words = stride(from: 0, to: 64, by: 16).compactMap { start in
      UInt64(hex.dropFirst(start).prefix(16), radix: 16)
    }
    guard words.count == 4 else { return nil }
    self.init(words: SIMD4(words[0], words[1], words[2], words[3]))
  }

  /// 64 lower-case hexadecimal digits.
  package var hex: String { Self.digits(words, count: 64) }

  /// The first 16 digits: what file and folder names carry.
  package var short: String { Self.digits(words, count: 16) }

  private static func digits(_ words: SIMD4<UInt64>, count: Int) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: (0..<count).map { place in
        digits[Int(words[place / 16] >> UInt64(60 - 4 * (place % 16)) & 15)]
      }, as: UTF8.self)
  }

  /// All 64 digits.
  package var description: String { hex }

  /// Alphabetical order.
  package static func < (a: Digest, b: Digest) -> Bool {
    for index in 0..<4 where a.words[index] != b.words[index] {
      return a.words[index] < b.words[index]
    }
    return false
  }

  /// A digest that is fed piece by piece: other digests, numbers and texts, in their order.
  ///
  /// Faster than `init(ofParts:)` by the making of a text for each part, which counts where a million
  /// digests are fed for each fold.
  package struct Feed {
    private var hash = SHA256()
    private var waiting: [UInt8] = []

    /// A feed of nothing yet.
    package init() {}

    private static let room = 1024

    /// Feeds the 32 bytes of a digest.
    package mutating func add(_ digest: Digest) {
      for index in 0..<4 { add(digest.words[index]) }
    }

    /// Feeds a number.
    package mutating func add(_ number: Int) { add(UInt64(bitPattern: Int64(number))) }

    /// Feeds a text and its length, so that where it ends makes a difference.
    package mutating func add(_ text: String) {
      add(text.utf8.count)
      waiting.append(contentsOf: text.utf8)
      if waiting.count >= Self.room { flush() }
    }

    /// Feeds a text that may not be there.
    package mutating func add(_ text: String?) {
      add(text == nil ? 0 : 1)
      if let text { add(text) }
    }

    /// The digest of all that was fed.
    package func digest() -> Digest {
      var all = self
      all.flush()
      return all.hash.digest()
    }

    private mutating func add(_ word: UInt64) {
      for shift in stride(from: UInt64(56), through: 0, by: -8) {
        waiting.append(UInt8(truncatingIfNeeded: word >> shift))
      }
      if waiting.count >= Self.room { flush() }
    }

    private mutating func flush() {
      hash.update(waiting)
      waiting.removeAll(keepingCapacity: true)
    }
  }
}
