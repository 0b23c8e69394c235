import Foundation
import NIOCore
import NIOHTTP1

/// A private folder for uploads while they are heard.
final class Spool: Sendable {
  private let folder: URL

  /// Makes the folder, which only this user may enter.
  ///
  /// - Throws: an error of the system where it cannot be made.
  init(in parent: URL = FileManager.default.temporaryDirectory) throws {
    folder = parent.appending(
      path: "valence-serve-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
  }

  /// Removes the folder with all that is in it.
  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// An empty file in the folder.
  ///
  /// - Throws: an error of the system where it cannot be made.
  func makeFile() throws -> SpooledFile { try SpooledFile(in: folder) }
}

/// An upload on disk.
struct SpooledFile: Sendable {
  /// The file; relative to its folder, so that no sentence names that.
  let url: URL
  private let handle: FileHandle

  fileprivate init(in folder: URL) throws {
    let name = UUID().uuidString
    url = URL(filePath: name, relativeTo: folder)
    try Data().write(to: url, options: .withoutOverwriting)
    handle = try FileHandle(forWritingTo: url)
  }

  /// Appends bytes.
  ///
  /// - Throws: `Refusal` with status 507 where the disk is full.
  func write(_ bytes: Data) throws(Refusal) {
    do {
      try handle.write(contentsOf: bytes)
    } catch {
      throw Refusal(.insufficientStorage, "The upload cannot be kept, as the disk is full.")
    }
  }

  /// Closes the file for reading by others.
  func close() { try? handle.close() }

  /// Removes the file.
  func remove() {
    close()
    try? FileManager.default.removeItem(at: url)
  }
}
