import Foundation

/// A folder for one test; `with` removes it afterwards.
public struct TemporaryFolder {
  /// The folder.
  public let url: URL

  /// Lends an empty folder.
  public static func with<Result>(_ body: (TemporaryFolder) throws -> Result) throws -> Result {
    let url = FileManager.default.temporaryDirectory
      .appending(path: "valence-test-\(UUID().uuidString)", directoryHint: .isDirectory)
      .resolvingSymlinksInPath()
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    let folder = TemporaryFolder(url: url)
    do {
      let result = try body(folder)
      try FileManager.default.removeItem(at: url)
      return result
    } catch {
      try FileManager.default.removeItem(at: url)
      throw error
    }
  }

  /// Writes files, each with its text, and the folders that they lie in.
  public func write(_ files: [String: String]) throws {
    for (path, text) in files {
      let file = url.appending(path: path, directoryHint: .notDirectory)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
  }

  /// Makes empty files: enough for what reads names alone.
  public func touch(_ paths: [String]) throws {
    try write(Dictionary(uniqueKeysWithValues: paths.map { ($0, "") }))
  }
}
