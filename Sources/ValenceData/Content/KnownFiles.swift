import Foundation
import Synchronization
import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValenceStore

/// The audio files of an experiment by their content, and whether they still are what they were.
///
/// Whatever is made of a file is kept under the digest of its bytes, so it must be made of these very
/// bytes. A file is read once to know them, or not at all where a record of an earlier run has its
/// stamp. From then on its stamp is compared before and after each decoding; where that has changed the
/// bytes decide.
final class KnownFiles: Sendable {
  /// The digest and sound of one file.
  private struct Known {
    let digest: Digest
    var stamp: FileStamp
    /// Whether any change shows in the stamp.
    var isSettled: Bool
  }

  /// By path; nil for a path that leads to no file.
  private let known = Mutex<[ExactName: Known?]>([:])

  /// The digest of each utterance: its file's bytes, and its span with the revision of reading spans.
  ///
  /// Where there is no file, it is a digest of the path in the corpus.
  /// - Parameter record: what earlier runs know; what this one learns is added.
  /// - Throws: `MachineFault` for a file that is there and cannot be read.
  func contents(
    of utterances: [LabeledUtterance], record: DigestCache?
  ) throws -> [Digest] {
    let names = Set(utterances.lazy.map { ExactName($0.utterance.filePath) }).sorted()
    let paths = names.map(\.text)
    let files = try digests(of: paths, record: record)
    let byPath = Dictionary(uniqueKeysWithValues: zip(names, files))
    return utterances.map { item in
      let utterance = item.utterance
      let name = ExactName(utterance.filePath)
      let file = byPath[name]?.map(\.self) ?? Digest(of: "missing \(utterance.path)")
      guard let span = utterance.span else { return file }
      return Digest(ofParts: [
        file.hex, "\(span.lowerBound)", "\(span.upperBound)", "\(AudioReader.spanRevision)",
      ])
    }
  }

  /// The digest of a file's bytes; nil where there is no file.
  func digest(of path: String) -> Digest? {
    known.withLock { $0[ExactName(path)].flatMap(\.self)?.digest }
  }

  private func digests(of paths: [String], record: DigestCache?) throws -> [Digest?] {
    let old = record?.files() ?? [:]
    let pool = OrderedPool(jobs: ProcessInfo.processInfo.activeProcessorCount)
    // In runs of many: a stamp takes a microsecond, a task of the pool more.
    let parts = stride(from: 0, to: paths.count, by: 256).map { start in
      paths[start..<min(start + 256, paths.count)]
    }
    let found = try pool.map(parts) { part in
      Result { try part.map { try Self.look(at: $0, record: old) } }
    }.map { try $0.get() }.flatMap(\.self)
    var learned: [UInt64: DigestCache.File] = [:]
    for (path, item) in zip(paths, found) {
      guard let item, item.isSettled else { continue }
      let file = DigestCache.File(stamp: item.stamp, digest: item.digest)
      let key = DigestCache.key(of: path)
      if old[key] != file { learned[key] = file }
    }
    record?.keep(learned)
    known.withLock { known in
      for (path, item) in zip(paths, found) { known[ExactName(path)] = .some(item) }
    }
    return found.map { $0?.digest }
  }

  private static func look(
    at path: String, record: [UInt64: DigestCache.File]
  ) throws -> Known? {
    do {
      if let old = record[DigestCache.key(of: path)], try FileContent.stamp(of: path) == old.stamp {
        return Known(digest: old.digest, stamp: old.stamp, isSettled: true)
      }
      return try FileContent.reading(of: path).map {
        Known(digest: $0.digest, stamp: $0.stamp, isSettled: $0.isSettled)
      }
    } catch {
      throw MachineFault(error)
    }
  }
}

// MARK: - While a run works

extension KnownFiles {
  /// Reads something of a file, and makes sure that it was of the content that the file is known by.
  ///
  /// What is wrong with a file is believed only if it is found twice, with all of its bytes read in
  /// between: a hiccup of a disk or a server must not count as a damaged recording.
  /// - Throws: what `body` throws that is a property of the content; `MachineFault` for all else.
  func reading<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
    var isSecond = false
    // Files may be touched without being changed; a file that keeps changing is reported.
    for _ in 0..<4 {
      let before = try confirmed(path, readingAll: isSecond)
      let outcome = Result { try body() }
      if case .failure(let error) = outcome { try Self.blameMachine(error, isThere: before != nil) }
      guard try isStill(path, before) else { continue }
      switch outcome {
      case .success(let value): return value
      case .failure(let error):
        if isSecond || before == nil { throw error }
        isSecond = true
      }
    }
    throw MachineFault.changed(path)
  }

  /// Makes sure that every file is what it was.
  ///
  /// - Throws: `MachineFault` that names the first one that is not.
  func verify() throws {
    let paths = known.withLock { $0.keys.sorted().map(\.text) }
    let pool = OrderedPool(jobs: ProcessInfo.processInfo.activeProcessorCount)
    let parts = stride(from: 0, to: paths.count, by: 256).map { start in
      paths[start..<min(start + 256, paths.count)]
    }
    for part in pool.map(parts, { part in Result { try part.forEach { try self.settle($0) } } }) {
      try part.get()
    }
  }

  /// The files that are not what they were.
  func changed(among paths: Set<ExactName>) -> Set<ExactName> {
    paths.filter { path in (try? settle(path.text)) == nil }
  }

  /// The stamp under which a file has the content that it is known by; nil where there is none.
  private func confirmed(_ path: String, readingAll: Bool = false) throws -> Known? {
    guard let entry = known.withLock({ $0[ExactName(path)] }) else {
      preconditionFailure("\(path) was not read before")
    }
    do {
      let stamp = try FileContent.stamp(of: path)
      guard let entry else {
        if stamp != nil { throw MachineFault.changed(path) }
        return nil
      }
      guard let stamp else { throw MachineFault.gone(path) }
      if stamp == entry.stamp, !readingAll {
        let isDue = !entry.isSettled && stamp.isSettled(at: FileContent.nowNs())
        if !isDue { return entry }
      }
      guard let reading = try FileContent.reading(of: path) else { throw MachineFault.gone(path) }
      guard reading.digest == entry.digest else { throw MachineFault.changed(path) }
      let renewed = Known(
        digest: entry.digest, stamp: reading.stamp, isSettled: reading.isSettled)
      known.withLock { $0[ExactName(path)] = .some(renewed) }
      return renewed
    } catch let error as AudioError {
      throw MachineFault(error)
    }
  }

  /// Confirms a file's content for good: that of one which changed just now by its bytes.
  private func settle(_ path: String) throws {
    if let entry = try confirmed(path), !entry.isSettled {
      _ = try confirmed(path, readingAll: true)
    }
  }

  /// Whether a file is what it was before something was read of it.
  private func isStill(_ path: String, _ before: Known?) throws -> Bool {
    do {
      let stamp = try FileContent.stamp(of: path)
      guard let before else { return stamp == nil }
      guard stamp == before.stamp else { return false }
      if before.isSettled { return true }
      return try FileContent.reading(of: path)?.digest == before.digest
    } catch {
      throw MachineFault(error)
    }
  }

  /// Throws what no content can be the reason of.
  private static func blameMachine(_ error: any Error, isThere: Bool) throws {
    guard let error = error as? AudioError else { return }
    if error.isOfMachine { throw MachineFault(error) }
    // A path that led to no file may lead to a folder or a device, on any machine.
    guard isThere else { return }
    switch error.fault {
    case .missing, .directory, .notARegularFile, .refused: throw MachineFault(error)
    default: return
    }
  }
}
