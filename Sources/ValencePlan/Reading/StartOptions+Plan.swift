import Foundation
import ValenceCore
import ValenceNN

extension StartOptions {
  /// Reads the options from the keys of `training.start_from`; nil if the network cannot be known.
  ///
  /// What tells networks apart is the digest of the file, which is found by reading it: the path leaves
  /// results as they are. The settings of a checkpoint have the digest alone.
  static func read(from scope: inout PlanScope) -> StartOptions? {
    var file: URL?
    if scope.has("model") || !scope.has("digest") {
      file = scope.existingPath("model", as: [.file])
    } else {
      scope.resolveNothing("model")
    }
    scope.setAside("model")
    let given = scope.modelDigest()
    var found: Digest?
    if let file {
      do {
        found = try TrainedBody.network(in: file).digest
      } catch {
        scope.note(
          "\(error.reason.hasSuffix(".") ? String(error.reason.dropLast()) : error.reason); give the "
            + "model.safetensors of a trained network.", about: "model")
      }
    }
    if let given, let found, given != found {
      scope.note(
        "the file has the digest \(found.hex), not \(given.hex); give the file of that network, or its "
          + "digest.", about: "digest")
    }
    let digest = found ?? given
    if let digest { scope.resolve("digest", .text(digest.hex)) }
    let freeze = scope.choice("freeze", default: Freeze.none)
    guard let digest else { return nil }
    var options = StartOptions(digest, file: file)
    options.freeze = freeze
    return options
  }
}

extension PlanScope {
  fileprivate mutating func modelDigest() -> Digest? {
    settle(
      "digest", .other("64 hexadecimal digits, as `sha256sum` prints them"),
      default: .text("that of the file"))
    guard let text = text("digest", default: nil) else { return nil }
    guard let digest = Digest(hex: text) else {
      note(
        "'\(PlanNode.shortened(text))' is no digest of a file; sha256sum prints it.",
        about: "digest")
      return nil
    }
    return digest
  }
}
