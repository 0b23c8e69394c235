public import Foundation
public import ValenceCore

/// Float blocks on disk, by the digest of everything that they depend on.
///
/// Each block is a safetensors file of one array; it is written under another name and then
/// renamed, so a block is whole or not there, whoever writes at the same time. A damaged block
/// counts as missing. The folder can be deleted at any time.
public struct FeatureCache: Sendable {
  /// The cache's folder.
  public let folder: URL

  /// Uses a folder, which is made when the first block is written.
  public init(folder: URL) { self.folder = folder }

  /// The user's cache: `VALENCE_CACHE`, or else `$XDG_CACHE_HOME/valence`, or else `~/.cache/valence`.
  public static func ofUser(environment: [String: String]) -> FeatureCache {
    if let path = environment["VALENCE_CACHE"], !path.isEmpty {
      return FeatureCache(folder: URL(filePath: path, directoryHint: .isDirectory))
    }
    if let path = environment["XDG_CACHE_HOME"], path.hasPrefix("/") {
      return FeatureCache(folder: URL(filePath: path).appending(path: "valence"))
    }
    return FeatureCache(
      folder: FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache/valence"))
  }

  /// The block of that digest, if it is there and whole.
  public func block(_ digest: Digest) -> Safetensors.Array? {
    guard let data = try? Data(contentsOf: file(digest)) else { return nil }
    return try? Safetensors(decoding: data, name: digest.hex).arrays["features"]
  }

  /// Keeps a block.
  ///
  /// - Throws: `StoreError.unwritable` if the disk is full or may not be written.
  public func keep(_ block: Safetensors.Array, as digest: Digest) throws {
    try AtomicFile.write(Safetensors(arrays: ["features": block]).encoded(), to: file(digest))
  }

  private func file(_ digest: Digest) -> URL {
    folder.appending(path: "features/\(digest.hex.prefix(2))/\(digest.hex).safetensors")
  }
}

/// Writes files so that they are whole or not there.
enum AtomicFile {
  /// Writes under another name in the same folder, then renames; makes the folder if need be.
  static func write(_ data: Data, to url: URL) throws {
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: url, options: .atomic)
    } catch {
      throw StoreError.unwritable(path: url.path, reason: error.localizedDescription)
    }
  }
}
