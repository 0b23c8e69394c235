package import Foundation
import Synchronization
import ValenceAudio
import ValenceCore
package import ValenceEncoders

/// The encoders on this machine and what each is known by.
package enum KnownEncoders {
  private struct Key: Hashable {
    let path: String
    let stamps: [FileStamp?]
  }

  private static let known = Mutex<[Key: EncoderIdentity]>([:])

  /// The identity of the encoder in a folder.
  ///
  /// Found once while the files stay as they are: every variant of a sweep asks, and to find it takes as
  /// long as reading the weights.
  package static func identity(of folder: URL) throws(EncoderError) -> EncoderIdentity {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let stamps = names.sorted().map { try? FileContent.stamp(of: folder.appending(path: $0).path) }
    let key = Key(path: folder.path, stamps: stamps)
    if let identity = known.withLock({ $0[key] }) { return identity }
    let found = try EncoderFolder(folder)
    let partS = FrozenEncoder.partSamples / EncoderShape.rateHz
    if let most = found.maximumSeconds, most < partS {
      throw EncoderError(
        file: folder.path,
        reason:
          "it has positions for \(most) s, but is given up to \(partS) s at a time; use an encoder "
          + "with max_source_positions of \(partS * EncoderShape.rateHz / EncoderShape.hopSamples)."
      )
    }
    let identity = EncoderIdentity(shape: found.shape, digest: try found.digest())
    known.withLock { $0[key] = identity }
    return identity
  }

  /// The folders of `$VALENCE_ENCODERS` that hold a `config.json`, in the order of their names; the folder
  /// itself, if it does.
  package static func installed(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> [URL] {
    guard let path = environment["VALENCE_ENCODERS"], !path.isEmpty else { return [] }
    let root = URL(filePath: path, directoryHint: .isDirectory)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    return ([root] + names.sorted().map { root.appending(path: $0) }).filter {
      FileManager.default.fileExists(atPath: $0.appending(path: "config.json").path)
    }
  }

  /// The folder of an encoder: the one that the user names, if it holds that, or else the one of
  /// `$VALENCE_ENCODERS`.
  ///
  /// - Throws: `EncoderError` if none holds it, or the named one cannot be read.
  package static func folder(
    of identity: EncoderIdentity, named: URL?
  ) throws(EncoderError) -> URL {
    let found = try named.map { (url: URL) throws(EncoderError) in try Self.identity(of: url) }
    if let named, found == identity { return named }
    // By the headers alone, since to digest every encoder may take many seconds.
    for folder in installed() where (try? EncoderFolder(folder))?.shape == identity.shape {
      if (try? Self.identity(of: folder)) == identity { return folder }
    }
    if let named, let found {
      throw EncoderError(
        file: named.path,
        reason:
          "this is \(found.shortText), but the network hears through \(identity.shortText); give "
          + "the folder of that.")
    }
    throw EncoderError(
      file: identity.shortText,
      reason: "no folder in VALENCE_ENCODERS holds this encoder, which the network hears through; "
        + "give its folder by --encoder.")
  }
}
