import Foundation
import Synchronization

/// A folder for recordings that are sent as bytes, which only this user can read.
///
/// Decoders open a file several times, so the bytes have to be one for as long as they are heard.
final class ScratchFolder: Sendable {
  /// The folder, which is made when it is first needed.
  private let folder: URL
  private let isMade = Mutex(false)

  init() {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "valence-\(UUID().uuidString)", directoryHint: .isDirectory)
  }

  deinit { remove() }

  /// Its path, without a slash at the end.
  var path: String {
    let path = folder.path
    return path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// A new file with these bytes, whose relative path is `audio_base64`, so that sentences call it that.
  func file(with bytes: Data) throws -> URL {
    try isMade.withLock { isMade in
      let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
      if !isMade {
        try FileManager.default.createDirectory(
          at: folder, withIntermediateDirectories: true, attributes: attributes)
      }
      isMade = true
    }
    let own = folder.appending(path: UUID().uuidString, directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: own, withIntermediateDirectories: false)
    let file = URL(filePath: "audio_base64", directoryHint: .notDirectory, relativeTo: own)
    do {
      try bytes.write(to: file)
    } catch {
      remove(file)
      throw ToolFault(
        "The server cannot keep the recording for the time that it is heard; its disk may be full.")
    }
    return file
  }

  /// Removes a file that `file` made.
  func remove(_ file: URL) {
    try? FileManager.default.removeItem(at: file.absoluteURL.deletingLastPathComponent())
  }

  /// Removes the folder with all that is in it.
  func remove() { try? FileManager.default.removeItem(at: folder) }
}
