package import Foundation
import ValenceCore

/// A folder with a model and all that is needed to ask it: its record, its card and the encoder that it hears
/// through.
///
/// `bundle.json` lists each file with its SHA-256 digest. The digests find damage and files of different
/// bundles; whoever changes a file can change its digest too, so they say nothing about who made the bundle.
package struct ModelBundle: Sendable {
  package let folder: URL
  private let digests: [String: String]

  /// The content of `bundle.json`.
  private struct Manifest: Codable {
    /// The version of this list.
    var format: Int
    /// The version of Valence that wrote it.
    var valence: String
    /// The digest of each file in hexadecimal, by its path below the folder.
    var files: [String: String]
  }

  /// The format that is written and read.
  private static let format = 1
  /// No list of a bundle's few files is longer, in bytes.
  private static let longestList = 1 << 20

  /// Reads the list of a folder; nil if there is none, so that the folder is no bundle.
  ///
  /// - Throws: `BundleFault` if the list is damaged.
  package init?(_ folder: URL) throws(BundleFault) {
    let file = folder.appending(path: BundleFile.manifest.rawValue)
    guard PathKind(file) != .missing else { return nil }
    func fault(_ reason: String) -> BundleFault { .list(file: file.path, reason: reason) }
    let data: Data
    do throws(ByteFault) {
      let bytes = try ByteFile(file)
      data = Data(try bytes.bytes(0..<min(bytes.count, Self.longestList)))
    } catch {
      throw fault(error.reason)
    }
    guard let manifest = try? JSON.decoder.decode(Manifest.self, from: data) else {
      throw fault("it is not the expected JSON")
    }
    guard manifest.format == Self.format else {
      throw fault("its format is \(manifest.format), and this version of Valence reads 1")
    }
    if let name = manifest.files.keys.sorted().first(where: { !Self.isName($0) }) {
      throw fault("'\(name)' is no name of a bundle's file")
    }
    guard manifest.files[TrialFile.model.path] != nil else {
      throw fault("it does not list \(TrialFile.model.path)")
    }
    (self.folder, digests) = (folder, manifest.files)
  }

  /// Whether a path can be a file's: a name in the folder, or in that of the encoder.
  private static func isName(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 1 || (parts.count == 2 && parts[0] == BundleFile.encoderFolder) else {
      return false
    }
    return parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") && !$0.contains("\0") }
  }

  /// Whether the bundle lists a file.
  package func holds(_ path: String) -> Bool { digests[path] != nil }

  /// The folder of the encoder that it brings; nil if it brings none.
  package var encoder: URL? {
    digests.keys.contains { $0.hasPrefix(BundleFile.encoderFolder + "/") }
      ? folder.appending(path: BundleFile.encoderFolder, directoryHint: .isDirectory) : nil
  }

  /// Compares every file with its digest.
  ///
  /// - Throws: `BundleFault` that names the first file that is missing or has other bytes.
  package func check() throws(BundleFault) {
    for (path, digest) in digests.sorted(by: { $0.key < $1.key }) {
      let file = folder.appending(path: path)
      guard PathKind(file) != .missing else { throw .missing(file: file.path) }
      let found: Digest
      do throws(ByteFault) {
        found = try Self.digest(of: file)
      } catch {
        throw .unreadable(file: file.path, reason: error.reason)
      }
      guard found.hex == digest else { throw .changed(file: file.path) }
    }
  }

  /// The digest of a file, which is read piece by piece: an encoder's weights may be larger than memory.
  private static func digest(of url: URL) throws(ByteFault) -> Digest {
    let file = try ByteFile(url)
    var digest = ByteDigest()
    let piece = 1 << 20
    var buffer = [UInt8](repeating: 0, count: piece)
    for start in stride(from: 0, to: file.count, by: piece) {
      let count = min(piece, file.count - start)
      try file.fill(&buffer, count: count, at: start)
      digest.add(buffer[..<count])
    }
    return digest.digest()
  }
}

// MARK: - Writing

extension ModelBundle {
  /// What a bundle is made of.
  package struct Content {
    /// The content of small files, by path.
    package var data: [String: Data] = [:]
    /// Files that are copied, by path; links are followed, so that copies hold the bytes themselves.
    package var copies: [String: URL] = [:]

    package init() {}
  }

  /// Writes a bundle: all files aside, which then get their name in one step.
  ///
  /// - Throws: `BundleFault.exists` if there is anything at `folder`, `.noParent`; `StoreError.unwritable`.
  package static func write(_ content: Content, to folder: URL) throws {
    let parent = folder.deletingLastPathComponent()
    guard PathKind(parent) == .folder else {
      throw BundleFault.noParent(folder: folder.path, parent: parent.path)
    }
    try refuseExisting(folder)
    let draft = Draft.url(of: folder.lastPathComponent, in: parent)
    do {
      try FileManager.default.createDirectory(at: draft, withIntermediateDirectories: false)
      var digests: [String: String] = [:]
      for (path, data) in content.data {
        let file = try place(path, in: draft)
        try data.write(to: file)
        digests[path] = Digest(of: data).hex
      }
      for (path, source) in content.copies {
        let file = try place(path, in: draft)
        try FileManager.default.copyItem(at: source.resolvingSymlinksInPath(), to: file)
        digests[path] = try digest(of: file).hex
      }
      let manifest = Manifest(format: format, valence: Version.number, files: digests)
      // Last, so that a draft with a list is complete.
      try JSON.encoded(manifest).write(to: draft.appending(path: BundleFile.manifest.rawValue))
      AtomicFile.synchronize(folder: draft)
      try refuseExisting(folder)
      try FileManager.default.moveItem(at: draft, to: folder)
      AtomicFile.synchronize(folder: parent)
    } catch {
      try? FileManager.default.removeItem(at: draft)
      if error is BundleFault { throw error }
      if let fault = error as? ByteFault {
        throw StoreError.unwritable(path: folder.path, reason: fault.reason)
      }
      throw StoreError.unwritable(folder, error)
    }
  }

  /// A dangling link is something too: the bundle would take its place.
  private static func refuseExisting(_ folder: URL) throws(BundleFault) {
    if (try? FileManager.default.attributesOfItem(atPath: folder.path)) != nil {
      throw .exists(folder: folder.path)
    }
  }

  private static func place(_ path: String, in draft: URL) throws -> URL {
    precondition(isName(path), "'\(path)' is no name of a bundle's file")
    let file = draft.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    return file
  }
}

/// Why a bundle cannot be used or written.
package enum BundleFault: Error, Hashable, CustomStringConvertible {
  /// Its list cannot be used.
  case list(file: String, reason: String)
  /// A file that is listed does not exist.
  case missing(file: String)
  /// A file has other bytes than those that are listed.
  case changed(file: String)
  /// A file cannot be read now.
  case unreadable(file: String, reason: String)
  /// There is something where it should be written.
  case exists(folder: String)
  /// There is no folder to write it in.
  case noParent(folder: String, parent: String)

  package var description: String {
    switch self {
    case .list(let file, let reason):
      "\(file): this is no list of a bundle's files (\(reason)); make the bundle again, or fetch it again."
    case .missing(let file):
      "\(file): this file of the bundle is missing; make the bundle again, or fetch it again."
    case .changed(let file):
      "\(file): its bytes are not those that the bundle's \(BundleFile.manifest.rawValue) lists; make the "
        + "bundle again, or fetch it again."
    case .unreadable(let file, let reason):
      "\(file): this file of the bundle cannot be read: \(reason)."
    case .exists(let folder):
      "\(folder): there is something of this name already, and a bundle replaces nothing; give another name."
    case .noParent(let folder, let parent):
      "\(folder): there is no folder \(parent) to make the bundle in; make it first."
    }
  }
}
