import Foundation

/// The version of this program.
package enum Version {
  /// By semantic versioning.
  package static let number = "0.1.0"

  /// The digest of the program file: it tells two builds apart even if their version is the same.
  package static let build: String? = {
    let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    return (try? Data(contentsOf: program, options: .alwaysMapped)).map { Digest(of: $0).short }
  }()
}
