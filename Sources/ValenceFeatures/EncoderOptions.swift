package import Foundation
import ValenceCore
package import ValenceEncoders

/// A frozen transformer encoder, whose hidden states are features.
package struct EncoderOptions: Hashable, Sendable {
  /// Its folder; nil in the settings of a checkpoint, until it is found.
  package var folder: URL?
  /// Its shape and the digest of its weights.
  package var identity: EncoderIdentity
  /// Which of its hidden states.
  package var layer = EncoderLayer.last
  /// The seconds that Whisper's input is padded to, as it was trained; nil gives it the clip alone.
  package var padS: Int?
  /// The corpora that it is known to have heard, by name.
  package var heard: [String] = []

  /// The last hidden state of unpadded clips.
  package init(_ identity: EncoderIdentity, folder: URL?) {
    (self.identity, self.folder) = (identity, folder)
  }

  /// The only length that Whisper was trained on, in seconds.
  package static let padding = 30

  /// Its folder's name, its identity and the layer, for people.
  package var description: String {
    let which =
      switch layer {
      case .state(let number): "layer \(number)"
      case .last: "last layer"
      case .mean: "mean of all layers"
      case .weighted: "weighted sum of all layers"
      case .nested: "a layer chosen by inner folds"
      }
    return "\(name), \(which)\(padding)"
  }

  /// The same without the layer.
  package var descriptionOfAnyLayer: String { name + padding }

  private var name: String {
    (folder.map { "\($0.lastPathComponent) " } ?? "") + "(\(identity.shortText))"
  }

  private var padding: String { padS.map { ", padded to \($0) s" } ?? "" }

  /// The options but for the layer: clips are encoded once for all layers.
  package var ofAnyLayer: EncoderOptions {
    var options = self
    (options.layer, options.heard) = (.last, [])
    return options
  }

  /// The number of values in a frame: of `weighted` and `nested`, all states one after another.
  var bins: Int { identity.shape.width * layer.states(identity.shape) }
}

extension FeatureOptions {
  /// The encoder, if the fusion takes it in.
  package var usedEncoder: EncoderOptions? { kinds.contains(.encoder) ? encoder : nil }

  /// Contradictions between the encoder and the other options.
  func encoderMisfits(rateHz: Int) -> [Misfit<Field>] {
    guard let encoder else {
      return [
        Misfit(
          .encoder,
          """
          is missing, but the fusion (\(field: .fusion)) is 'encoder'; give the folder of an encoder as \
          its path.
          """)
      ]
    }
    let shape = encoder.identity.shape
    var found = gridMisfits(rateHz: rateHz)
    if rateHz != EncoderShape.rateHz {
      found.append(
        Misfit(
          .rateHz,
          """
          \(rateHz) Hz, but the encoder (\(field: .encoder)) hears \(EncoderShape.rateHz) Hz; set it to \
          \(EncoderShape.rateHz).
          """))
    }
    if case .state(let number) = encoder.layer, number > shape.layers {
      found.append(
        Misfit(
          .encoderLayer,
          """
          the encoder has \(shape.layers) layers, not \(number); give 0…\(shape.layers), last, mean, \
          weighted or nested.
          """))
    }
    if encoder.padS != nil, shape.family != .whisper {
      found.append(
        Misfit(
          .encoderPadS,
          """
          only Whisper was trained on padded speech, and this encoder is of the family \
          \(shape.family.rawValue); use none.
          """))
    }
    return found
  }

  /// Frames of an encoder and those of the features beside it must meet again behind each 30 s.
  private func gridMisfits(rateHz: Int) -> [Misfit<Field>] {
    let hopSamples = Framer(framing, rateHz: rateHz).hopSamples
    if fusion != .encoder, !FrozenEncoder.partSamples.isMultiple(of: hopSamples) {
      return [
        Misfit(
          .hopMs,
          """
          frames of \(hopSamples) samples do not fill the 30 s that the encoder (\(field: .encoder)) hears \
          at a time; use 5, 10, 12.5, 16 or 20.
          """)
      ]
    }
    return []
  }
}
