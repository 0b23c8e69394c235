import Foundation
import Synchronization
import ValenceAudio
import ValenceCore

/// A trained network in a file, as far as a plan must know it; its weights are not read.
struct TrainedBody: Sendable {
  /// The digest of the file's bytes.
  let digest: Digest
  /// The keys of the settings that it was trained with.
  let settings: PlanNode
  /// Whether it is a classic model, which has no body.
  let isClassic: Bool

  /// Why a file holds no network that training can start from.
  struct Fault: Error {
    /// A clause that begins with the file.
    let reason: String
  }

  private struct Key: Hashable {
    let path: String
    let stamp: FileStamp
  }

  private static let known = Mutex<[Key: TrainedBody]>([:])

  /// The network in a file.
  ///
  /// Read once while the file stays as it is, since every variant of a sweep asks.
  static func network(in file: URL) throws(Fault) -> TrainedBody {
    let path = file.path
    let reading: FileContent.Reading?
    do {
      if let stamp = try FileContent.stamp(of: path),
        let body = known.withLock({ $0[Key(path: path, stamp: stamp)] })
      {
        return body
      }
      reading = try FileContent.reading(of: path)
    } catch {
      throw Fault(reason: "\(error)")
    }
    guard let reading else { throw Fault(reason: "\(path) is no regular file") }
    let body = try TrainedBody(file, digest: reading.digest)
    if reading.isSettled {
      known.withLock { $0[Key(path: path, stamp: reading.stamp)] = body }
    }
    return body
  }

  private init(_ file: URL, digest: Digest) throws(Fault) {
    self.digest = digest
    let text: String?
    do {
      text = try SafetensorsFile(contentsOf: file, name: file.path).metadata[Settings.note]
    } catch {
      throw Fault(reason: "\(error)")
    }
    guard let text else {
      throw Fault(
        reason: "\(file.path) holds no network of Valence (its note \(Settings.note) is missing)")
    }
    do {
      isClassic = try Settings(identity: text, file: file.path).classic != nil
      settings = try PlanDocument.root(of: text, file: file.path, use: "a network has settings")
    } catch {
      let first = error.all.first?.description ?? "no reason is known"
      throw Fault(reason: "the settings of \(file.path) cannot be read (\(first))")
    }
  }

  /// A setting that two networks do not share.
  struct Difference: Equatable {
    /// The full key.
    let key: String
    /// Its values as one line of YAML, here and of the body.
    let here, body: String
  }

  /// The first setting of the sound, the features or the network in which a variant differs from the body;
  /// nil if there is none.
  ///
  /// - Parameter identity: the variant's settings in canonical form, as the body has its own.
  func difference(from identity: String) throws(Problems) -> Difference? {
    let root = try PlanDocument.root(of: identity, file: "settings", use: "a variant has settings")
    for section in ["audio", "features", "model"] {
      let (own, other) = (root.value(at: [section]), settings.value(at: [section]))
      if let found = Self.difference(own, other, at: section) { return found }
    }
    return nil
  }

  private static func difference(
    _ here: PlanNode?, _ body: PlanNode?, at key: String
  ) -> Difference? {
    if let own = here?.entries, let other = body?.entries {
      let keys = own.map(\.key) + other.map(\.key).filter { key in !own.contains { $0.key == key } }
      for inner in keys {
        let found = difference(
          here?.value(at: [inner]), body?.value(at: [inner]), at: "\(key).\(inner)")
        if let found { return found }
      }
      return nil
    }
    // A key that an identity lacks is one that was not asked for.
    let (own, other) = (here.map(Self.flow) ?? "none", body.map(Self.flow) ?? "none")
    return own == other ? nil : Difference(key: key, here: own, body: other)
  }

  private static func flow(_ node: PlanNode) -> String { ResolvedValue(of: node).flow }
}
