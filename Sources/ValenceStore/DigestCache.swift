import Foundation
package import ValenceCore
import ValenceKernels

/// The digests of a corpus folder's files from earlier runs: of their bytes, and of the samples that they
/// decode to.
///
/// Two flat tables in the user's cache, beside the features. Each is read and rewritten as a whole, under a
/// draft name that is then renamed, so that processes and computers that share the folder need no locks,
/// which network file systems do not always honor. If two write at once, one loses its additions and reads
/// those files again next time. A table has a checksum; a damaged one counts as missing, as does one that
/// cannot be written. The folder can be deleted at any time.
///
/// What is kept here enters trials' keys, the search for copies and the ends of utterances in predictions. A
/// file's digest is believed as long as its stamp is the same (`KnownFilesTests`), that of samples under the
/// same `AudioReader.digestRevision`; another layout gets another mark.
///
/// Layout: an eight-byte mark, the words of a row, the SHA-256 digest of the rows, then the rows; all in
/// 64-bit words, little-endian.
package struct DigestCache: Sendable {
  private let folder: URL
  private let name: String

  /// The tables of the corpus folder at `root`, beside a cache of features.
  package init(beside cache: FeatureCache, of root: String) {
    folder = cache.folder.appending(path: "digests", directoryHint: .isDirectory)
    name = Digest(of: root).short
  }

  /// The digest of a file, valid as long as the file has the same stamp.
  package struct File: Hashable, Sendable {
    /// Its identity, size and times in the file system.
    package let stamp: FileStamp
    /// The digest of its bytes.
    package let digest: Digest

    /// Pairs a stamp with a digest.
    package init(stamp: FileStamp, digest: Digest) { (self.stamp, self.digest) = (stamp, digest) }
  }

  /// The result of decoding an utterance.
  package struct Sound: Hashable, Sendable {
    /// The digest of its samples; nil if it cannot be decoded.
    package let samples: Digest?
    /// The length of its file in seconds; nil for a span of a file.
    package let durationS: Double?

    package init(samples: Digest?, durationS: Double?) {
      (self.samples, self.durationS) = (samples, durationS)
    }
  }

  /// The key of a file: a hash of its path.
  ///
  /// If two paths collide, their stamps differ, so both files are read again in each run.
  /// Source: FNV-1a, 64 bits (Fowler, Noll and Vo, 1991).
  package static func key(of path: String) -> UInt64 {
    path.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}

// MARK: - Files

extension DigestCache {
  private static let fileWords = 10
  private var fileTable: URL { folder.appending(path: "\(name).files") }

  /// The known files, by `key(of:)` of their paths.
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

  /// Adds or replaces files.
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

  /// The known decodings, by the digests of the utterances' contents.
  ///
  /// - Parameter revision: that of the decoder; results of other revisions are ignored.
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

  /// Adds or replaces decodings.
  package func keep(_ sounds: [Digest: Sound], revision: Int) {
    guard !sounds.isEmpty else { return }
    let all = self.sounds(revision: revision).merging(sounds) { $1 }
    let rows = all.sorted { $0.key < $1.key }.flatMap { content, sound in
      Self.words(content) + Self.words(sound.samples ?? Self.none)
        + [(sound.durationS ?? 0).bitPattern]
    }
    Self.write(rows, width: Self.soundWords, to: soundTable(revision))
  }

  /// The digest that is stored for an utterance that cannot be decoded.
  private static let none = Digest(words: .zero)
}

// MARK: - Tables

extension DigestCache {
  /// Identifies the format and its version: `VALDIGS1`.
  private static let mark: UInt64 = 0x3153_4749_444C_4156
  private static let headerWords = 6

  private static func digest(_ words: [UInt64], at start: Int) -> Digest {
    Digest(words: SIMD4(words[start], words[start + 1], words[start + 2], words[start + 3]))
  }

  private static func words(_ digest: Digest) -> [UInt64] {
    (0..<4).map { digest.words[$0] }
  }

  /// The rows of a table, concatenated; empty if the table is missing or damaged.
  private static func rows(of table: URL, width: Int) -> [UInt64] {
    // Read, not mapped: a mapped table that is truncated crashes the program.
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

  /// Replaces a table; a failure is ignored, since it costs only time in later runs.
  private static func write(_ rows: [UInt64], width: Int, to table: URL) {
    let body = rows.littleEndianBytes
    let header = [mark, UInt64(width)] + words(Digest(of: body))
    try? AtomicFile.write(header.littleEndianBytes + body, to: table)
  }
}
