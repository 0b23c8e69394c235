package import Foundation

/// Reads what was kept, and tells a file that is not there from one that the machine does not give out.
///
/// A trial whose file cannot be read for the moment (too many open files, a disk or server at fault, missing
/// permission) is as finished as before: it must not be trained again, nor reported without.
package enum StoredFile {
  /// The bytes of a file; nil where there is none, or where a folder lies in its place.
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

  /// What the system said, where the machine is at fault; nil for a file that is none.
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
