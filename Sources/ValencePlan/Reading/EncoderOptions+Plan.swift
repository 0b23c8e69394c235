import Foundation
import ValenceCore
import ValenceEncoders
import ValenceFeatures

extension EncoderOptions {
  /// Reads the options from the keys of `features.encoder`; nil if the encoder cannot be known.
  ///
  /// What tells encoders apart is the digest, which is found in the folder: the path leaves results as they
  /// are. The settings of a checkpoint have the digest alone.
  static func read(from scope: inout PlanScope) -> EncoderOptions? {
    var folder: URL?
    if scope.has("path") || !scope.has("digest") {
      folder = scope.existingPath("path", as: [.folder])
    } else {
      scope.resolveNothing("path")
    }
    scope.setAside("path")
    let given = scope.encoderDigest()
    var found: EncoderIdentity?
    if let folder {
      do {
        found = try KnownEncoders.identity(of: folder)
      } catch {
        scope.note("\(error)", about: "path")
      }
    }
    if let given, let found, given != found {
      scope.note(
        "the folder holds \(found.shortText), not \(given.shortText); give the folder of that encoder, "
          + "or its digest: \(found.text).", about: "digest")
    }
    let identity = found ?? given
    if let identity { scope.resolve("digest", .text(identity.text)) }
    let layer = scope.encoderLayer()
    let padS = scope.encoderPadding()
    let heard = scope.texts("heard", default: [], count: 0...1000)
    scope.setAside("heard")
    guard let identity else { return nil }
    var options = EncoderOptions(identity, folder: folder)
    (options.layer, options.padS, options.heard) = (layer, padS, heard)
    return options
  }
}

extension PlanScope {
  fileprivate mutating func encoderDigest() -> EncoderIdentity? {
    settle(
      "digest", .other("family, layers, width and digest, as `valence doctor` lists them"),
      default: .text("that of the folder"))
    guard let text = text("digest", default: nil) else { return nil }
    guard let identity = EncoderIdentity(text) else {
      note(
        "'\(PlanNode.shortened(text))' is no digest of an encoder; valence doctor lists them.",
        about: "digest")
      return nil
    }
    return identity
  }

  fileprivate mutating func encoderLayer() -> EncoderLayer {
    let words: [EncoderLayer] = [.last, .mean, .weighted, .nested]
    record("layer", .integer(0...EncoderShape.mostLayers), default: .text(EncoderLayer.last.text))
    record("layer", .words(words.map(\.text)))
    var layer = EncoderLayer.last
    if let node = node("layer"), node.wholeNumberText != nil {
      layer = .state(integer("layer", default: 0, in: 0...EncoderShape.mostLayers))
      return layer
    }
    if let node = node("layer"),
      let word = word(node, among: words.map(\.text), about: "layer", at: nil)
    {
      layer = words.first { $0.text == word } ?? layer
    }
    resolve("layer", .text(layer.text))
    return layer
  }

  fileprivate mutating func encoderPadding() -> Int? {
    let seconds = EncoderOptions.padding
    record("pad_s", .words(["none"]), default: .text("none"))
    record("pad_s", .integer(seconds...seconds))
    if let node = node("pad_s"), !node.isWord("none") {
      return integer("pad_s", default: seconds, in: seconds...seconds)
    }
    resolve("pad_s", .text("none"))
    return nil
  }
}
