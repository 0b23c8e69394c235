package import Foundation

/// What is at a path, links followed.
package enum PathKind: Hashable, Sendable {
  case missing, file, folder

  /// Looks at a path.
  package init(_ url: URL) {
    do {
      let values = try url.resolvingSymlinksInPath().resourceValues(forKeys: [.isDirectoryKey])
      self = values.isDirectory == true ? .folder : .file
    } catch {
      self = .missing
    }
  }
}
