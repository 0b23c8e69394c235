import Foundation
import ValenceCore

/// The version of this program.
package enum Version {
  /// By semantic versioning.
  package static let number = "0.1.0"

  /// The digest of the program file: what tells two builds apart, whatever their sources say.
  package static let build: String? = {
    let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    return (try? Data(contentsOf: program, options: .alwaysMapped)).map { Digest(of: $0).short }
  }()

  /// The commit that the sources stood at when the program was built; nil where they are no git
  /// checkout, or where the checkout has moved on since the build.
  ///
  /// Read from git's own files: a checkout is what people run from, and no program need be started.
  package static var commit: String? {
    let git = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: ".git")
    guard let head = text(git.appending(path: "HEAD")) else { return nil }
    guard head.hasPrefix("ref: ") else { return head }
    let reference = git.appending(path: String(head.dropFirst(5)))
    guard let commit = text(reference), let moved = changeDate(reference),
      let built = changeDate(URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()),
      moved <= built
    else { return nil }
    return commit
  }

  private static func text(_ url: URL) -> String? {
    (try? String(contentsOf: url, encoding: .utf8))?
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func changeDate(_ url: URL) -> Date? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
    return attributes?[.modificationDate] as? Date
  }
}
