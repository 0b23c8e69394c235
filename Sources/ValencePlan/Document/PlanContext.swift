import Foundation
import ValenceCore

/// The context of a file's keys: where relative paths start, and the environment.
struct PlanContext: Sendable {
  /// The folder of the experiment file.
  let folder: URL
  let environment: [String: String]
  /// The folders of the files that it extends, by their names in messages.
  var baseFolders: [String: URL] = [:]
  /// Whether scopes keep what readers say of each key; a plan itself has no need of it.
  var keepsRecords = false

  /// Why a path cannot be expanded, in one sentence.
  struct PathProblem: Error {
    let sentence: String
  }

  /// The absolute URL of an expanded path that starts from `start`; it must be one of `kinds`.
  func existing(
    _ path: String, from start: URL, as kinds: Set<PathKind>
  ) throws(PathProblem) -> URL {
    let url = URL(filePath: path, relativeTo: start).standardizedFileURL.absoluteURL
    let found = PathKind(url)
    if kinds.contains(found) { return url }
    switch found {
    case .missing: throw PathProblem(sentence: "\(url.path) does not exist.")
    case .file: throw PathProblem(sentence: "\(url.path) is a file; expected a folder.")
    case .folder: throw PathProblem(sentence: "\(url.path) is a folder; expected a file.")
    }
  }

  /// A path with `~` and `${NAME}` expanded.
  func expanded(_ written: String) throws(PathProblem) -> String {
    var path = ""
    var rest = written[...]
    if rest == "~" || rest.hasPrefix("~/") {
      guard let home = environment["HOME"] else {
        throw PathProblem(
          sentence: "the environment variable HOME is not set, which ~ refers to.")
      }
      path = home
      rest = rest.dropFirst()
    }
    while let start = rest.firstRange(of: "${") {
      path += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
        throw PathProblem(sentence: "'\(written)' has ${ without }.")
      }
      let name = String(rest[start.upperBound..<end])
      guard let value = environment[name] else {
        throw PathProblem(sentence: "the environment variable \(name) is not set.")
      }
      path += value
      rest = rest[rest.index(after: end)...]
    }
    return path + rest
  }
}
