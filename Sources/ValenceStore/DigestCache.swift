import Foundation
package import ValenceCore
import ValenceKernels

/// What is known of the files of a corpus folder from earlier runs: the digests of their bytes, and of
/// the samples that they decode to.
///
/// Two flat tables in the user's cache, beside the features. Each is read whole, and written whole under
/// another name and renamed, so that processes and computers that share the folder need no locks, which
/// network file systems do not always keep: of two that write at once, one loses what it has added, and
/// reads those files again next time. A table has a checksum; a damaged one counts as missing, as does one
/// that cannot be written, and the folder can be deleted at any time.
///
/// Layout: eight bytes that say what it is, the words of a row, the SHA-256 digest of the rows, then the
/// rows; all of 64-bit words, little-endian.
package struct DigestCache: Sendable {
  private let folder: URL
  private let name: String

  /// The tables of the corpus folder at `root`, beside a cache of features.
  package init(beside cache: FeatureCache, of root: String) {
    folder = cache.folder.appending(path: "digests", directoryHint: .isDirectory)
    name = Digest(of: root).short
  }

  /// A file that was read under a stamp that will show any change.
  package struct File: Hashable, Sendable {
    /// What the system said of it.
    package let stamp: FileStamp
    /// The digest of its bytes.
    package let digest: Digest

    /// Pairs a stamp with a digest.
    package init(stamp: FileStamp, digest: Digest) { (self.stamp, self.digest) = (stamp, digest) }
  }

  /// What decoding an utterance showed, under the digest of its content.
  package struct Sound: Hashable, Sendable {
    /// The digest of its samples; nil where it cannot be decoded.
    package let samples: Digest?
    /// How long its file is in seconds; nil for a span.
    package let durationS: Double?

    package init(samples: Digest?, durationS: Double?) {
      (self.samples, self.durationS) = (samples, durationS)
    }
  }

  /// What files are known by: a hash of their path.
  ///
  /// Two paths may share one; their stamps differ, so that the files are read each time.
  /// Source: FNV-1a, 64 bits (Fowler, Noll and Vo, 1991).
  package static func key(of path: String) -> UInt64 {
    path.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}

// MARK: - Bytes

extension DigestCache {
  private static let fileWords = 10
  private var fileTable: URL { folder.appending(path: "\(name).files") }

  /// The files that are known, by `key(of:)` of their paths.
  package func files() -> [UInt64: File] {
    let words = Self.rows(of: fileTable, width: Self.fileWords)
    var files: [UInt64: File] = [:]
    files.reserveCapacity(words.count / Self.fileWords)
    for row in stride(from: 0, to: words.count, by: Self.fileWords) {
      let stamp = FileStamp(
        device: words[row + 1], inode: words[row + 2], size: Int64(bitPattern: words[row + 3]),
        modifiedNs: Int64(bitPattern: words[row + 4]), changedNs: Int64(bitPattern: words[row + 5]))
      files[words[row]] = File(stamp: stamp, digest: Self.digest(words, at: row + 6))
    }
    return files
  }

  /// Adds files to those that are known, or replaces what was known of them.
  package func keep(_ files: [UInt64: File]) {
    guard !files.isEmpty else { return }
    let all = self.files().merging(files) { $1 }
    let rows = all.sorted { $0.key < $1.key }.flatMap { key, file -> [UInt64] in
      let stamp = file.stamp
      return [
        key, stamp.device, stamp.inode, UInt64(bitPattern: stamp.size),
        UInt64(bitPattern: stamp.modifiedNs), UInt64(bitPattern: stamp.changedNs),
      ] + Self.words(file.digest)
    }
    Self.write(rows, width: Self.fileWords, to: fileTable)
  }
}

// MARK: - Samples

extension DigestCache {
  private static let soundWords = 9

  private func soundTable(_ revision: Int) -> URL {
    folder.appending(path: "\(name).sounds-\(revision)")
  }

  /// What utterances decode to, by the digests of their contents.
  ///
  /// - Parameter revision: that of the decoder; what another one made is not known.
  package func sounds(revision: Int) -> [Digest: Sound] {
    let words = Self.rows(of: soundTable(revision), width: Self.soundWords)
    var sounds: [Digest: Sound] = [:]
    sounds.reserveCapacity(words.count / Self.soundWords)
    for row in stride(from: 0, to: words.count, by: Self.soundWords) {
      let samples = Self.digest(words, at: row + 4)
      let durationS = Double(bitPattern: words[row + 8])
      sounds[Self.digest(words, at: row)] = Sound(
        samples: samples == Self.none ? nil : samples,
        durationS: durationS > 0 ? durationS : nil)
    }
    return sounds
  }

  /// Adds what utterances decode to.
  package func keep(_ sounds: [Digest: Sound], revision: Int) {
    guard !sounds.isEmpty else { return }
    let all = self.sounds(revision: revision).merging(sounds) { $1 }
    let rows = all.sorted { $0.key < $1.key }.flatMap { content, sound in
      Self.words(content) + Self.words(sound.samples ?? Self.none)
        + [(sound.durationS ?? 0).bitPattern]
    }
    Self.write(rows, width: Self.soundWords, to: soundTable(revision))
  }

  /// Stands for samples that there are not.
  private static let none = Digest(words: .zero)
}

// MARK: - Tables

extension DigestCache {
  /// Says what the file is, and in which layout: `VALDIGS1`.
  private static let mark: UInt64 = 0x3153_4749_444C_4156
  private static let headerWords = 6

  private static func digest(_ words: [UInt64], at start: Int) -> Digest {
    Digest(words: SIMD4(words[start], words[start + 1], words[start + 2], words[start + 3]))
  }

  private static func words(_ digest: Digest) -> [UInt64] {
    (0..<4).map { digest.words[$0] }
  }

  /// The rows of a table, one after another; none unless the table is there and whole.
  private static func rows(of table: URL, width: Int) -> [UInt64] {
    // Read, not mapped: a mapping of a table that somebody cuts off ends the program.
    guard let data = try? Data(contentsOf: table), data.count.isMultiple(of: 8),
      data.count >= 8 * headerWords
    else { return [] }
    let header = [UInt64](littleEndian: data.prefix(8 * headerWords))
    let body = data.dropFirst(8 * headerWords)
    guard header[0] == mark, header[1] == UInt64(width), body.count.isMultiple(of: 8 * width),
      digest(header, at: 2) == Digest(of: body)
    else { return [] }
    return [UInt64](littleEndian: body)
  }

  /// Writes a table whole; where that is not possible, nothing is lost but time.
  private static func write(_ rows: [UInt64], width: Int, to table: URL) {
    let body = rows.littleEndianBytes
    let header = [mark, UInt64(width)] + words(Digest(of: body))
    try? AtomicFile.write(header.littleEndianBytes + body, to: table)
  }
}
