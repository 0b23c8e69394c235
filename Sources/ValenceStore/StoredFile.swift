package import Foundation
package import ValenceCore

/// Reads stored files, and distinguishes a file that does not exist from one that cannot be read now.
///
/// A trial whose file cannot be read now (too many open files, a failing disk or server, missing
/// permission) is still finished: it must be neither trained again nor left out of reports.
package enum StoredFile {
  /// The bytes of a file; nil if there is none, or a folder in its place.
  ///
  /// - Throws: `StoreError.unreadable`.
  package static func content(of url: URL) throws -> Data? {
    do {
      return try Data(contentsOf: url)
    } catch {
      if let reason = reason(error) {
        throw StoreError.unreadable(path: url.path, reason: reason)
      }
      return nil
    }
  }

  /// The system's reason why a file cannot be read; nil if there is no such file.
  private static func reason(_ error: any Error) -> String? {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error ?? error
    let isRefused = (error as? CocoaError)?.code == .fileReadNoPermission
    guard (cause as NSError).domain == NSPOSIXErrorDomain else {
      return isRefused ? "Permission denied" : nil
    }
    switch Int32((cause as NSError).code) {
    case ENOENT, ENOTDIR, EISDIR, ENAMETOOLONG, ELOOP: return nil
    default:
      return cause.localizedDescription.replacing(
        "The operation could not be completed. ", with: "")
    }
  }
}

extension Table {
  /// Reads a table that Valence stored.
  ///
  /// - Throws: `StoreError.unreadable`, which says nothing against the table; `StoreError.missing`;
  ///   `TableError` if it is damaged.
  package init(stored url: URL) throws {
    guard let data = try StoredFile.content(of: url) else {
      throw StoreError.missing(file: url.path)
    }
    try self.init(decoding: data, name: url.path)
  }
}
