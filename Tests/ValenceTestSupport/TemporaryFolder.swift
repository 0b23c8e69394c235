import Foundation

/// A folder for one test; `with` removes it afterwards.
package struct TemporaryFolder {
  /// The folder.
  package let url: URL

  /// Lends an empty folder.
  package static func with<Result>(_ body: (TemporaryFolder) throws -> Result) throws -> Result {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    return try body(folder)
  }

  /// Lends an empty folder to a test that waits.
  package static func with<Result: Sendable>(
    _ body: (TemporaryFolder) async throws -> Result
  ) async throws -> Result {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    return try await body(folder)
  }

  private init() throws {
    url = FileManager.default.temporaryDirectory
      .appending(path: "valence-test-\(UUID().uuidString)", directoryHint: .isDirectory)
      .resolvingSymlinksInPath()
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  /// What a test left running may still write there; that the folder then stays is no fault of the test.
  private func remove() { try? FileManager.default.removeItem(at: url) }

  /// Writes files, each with its text, and the folders that they lie in.
  package func write(_ files: [String: String]) throws {
    for (path, text) in files {
      let file = url.appending(path: path, directoryHint: .notDirectory)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
  }

  /// Makes empty files: enough for what reads names alone.
  package func touch(_ paths: [String]) throws {
    try write(Dictionary(uniqueKeysWithValues: paths.map { ($0, "") }))
  }
}
