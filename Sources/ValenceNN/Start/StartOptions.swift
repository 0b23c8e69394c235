package import Foundation
package import ValenceCore

/// A trained network whose body training starts from: all of its layers but the last, which is made for the
/// classes of the new network.
package struct StartOptions: Hashable, Sendable {
  /// What of the body training leaves as it is.
  package enum Freeze: String, Hashable, Sendable, CaseIterable {
    /// Nothing: all layers are trained.
    case none
    /// All of it: the last layer alone is trained. The body runs as in inference, with its own running
    /// statistics and without dropout.
    case body
  }

  /// The file of the trained network; nil in the settings of a checkpoint.
  package var file: URL?
  /// The digest of the file's bytes.
  package var digest: Digest
  /// What of the body training leaves as it is.
  package var freeze = Freeze.none

  /// The body in a file of these bytes, all of which is trained.
  package init(_ digest: Digest, file: URL?) { (self.digest, self.file) = (digest, file) }
}
