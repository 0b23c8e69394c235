import Foundation

/// Real speech and published lists that lie beside the project and are never copied into it.
///
/// The folder is `VALENCE_SHARED`, or else `shared` beside the package. Tests that need it are
/// skipped where it is not there: `@Test(.enabled(if: SharedData.isThere))`.
package enum SharedData {
  /// The folder, if it is there.
  package static let folder: URL? = {
    let package = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let beside = package.deletingLastPathComponent().appending(path: "shared")
    let named = ProcessInfo.processInfo.environment["VALENCE_SHARED"].map { URL(filePath: $0) }
    let folder = named ?? beside
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  /// Whether the folder is there.
  package static var isThere: Bool { folder != nil }

  /// What lies at a path below the folder.
  ///
  /// - Throws: `Missing` where the folder is not there.
  package static func url(_ path: String) throws -> URL {
    guard let folder else { throw Missing() }
    return folder.appending(path: path)
  }

  /// The folder of shared data is not there.
  package struct Missing: Error {}
}
