package import Foundation
import ValenceCore

/// The place of a model that a user names: a `model.safetensors`, the folder of a trial that holds one, or a
/// bundle.
package struct ModelPlace: Sendable {
  /// The file of the model, which may be missing.
  package let file: URL
  /// The bundle that the file is part of, whose files all have their digests; nil if it is part of none.
  package let bundle: ModelBundle?

  /// Finds the model, and checks every file of a bundle.
  ///
  /// - Throws: `BundleFault` if a file of the bundle is missing or was changed.
  package init(_ path: URL) throws(BundleFault) {
    if let bundle = try ModelBundle(path) {
      try bundle.check()
      (file, self.bundle) = (path.appending(path: TrialFile.model.path), bundle)
      return
    }
    let inFolder = path.appending(path: TrialFile.model.path)
    file = FileManager.default.fileExists(atPath: inFolder.path) ? inFolder : path
    // The file of a bundle that is named by itself still hears through the encoder beside it.
    bundle = try ModelBundle(file.deletingLastPathComponent())
    try bundle?.check()
  }

  /// The folder of the file, links followed: that of a trial, a bundle, or any.
  package var folder: URL { file.resolvingSymlinksInPath().deletingLastPathComponent() }
}
