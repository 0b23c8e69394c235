import Foundation
import Synchronization
import ValenceCore
package import ValenceEncoders
import ValenceKernels

/// The encoder of several extractions: its weights are read when the first clip needs them, once for all.
///
/// An encoder hears 30 s at the most, the length that Whisper has positions for: of a longer clip each 30 s
/// are encoded as a clip of their own. So memory does not grow with the clip, and a frame depends on no
/// speech outside of its 30 s.
package final class FrozenEncoder: Sendable {
  /// The samples that are encoded together.
  package static let partSamples = 30 * EncoderShape.rateHz

  private let options: EncoderOptions
  /// The layers that some extraction asks for; the weights above them are not read.
  private let layers: [EncoderLayer]
  private let loaded = Mutex<Encoder?>(nil)
  /// How many threads encode a clip: one where clips are encoded side by side.
  private let threads: Int

  /// An encoder for the layers of extractions that agree in everything else.
  package init(_ options: EncoderOptions, layers: [EncoderLayer], threads: Int = 1) {
    (self.options, self.layers, self.threads) = (options, layers, threads)
  }

  /// Gives the memory of the weights back; they are read again if they are needed again.
  package func forget() { loaded.withLock { $0 = nil } }

  /// The states `[T, bins]` of a clip at 16 kHz for each of some layers.
  ///
  /// - Throws: `FeatureError.tooShort` for a clip without a frame, `FeatureError.notEncoded` for one that the
  ///   encoder refuses; `FeatureError.encoder` if the weights cannot be read or are others than those of the
  ///   settings.
  package func states(
    of samples: [Float], _ layers: [EncoderLayer]
  ) throws(FeatureError) -> [FeatureMatrix] {
    let shape = options.identity.shape
    let frames = shape.allFrames(samples: samples.count)
    guard frames > 0 else {
      throw .tooShort(
        samples: samples.count, windowSamples: EncoderShape.minimumSamples,
        rateHz: EncoderShape.rateHz)
    }
    let encoder: Encoder
    do {
      encoder = try self.encoder()
    } catch {
      throw .encoder(error)
    }
    do throws(EncoderError) {
      let workers = Workers(threads: threads)
      var values: [[Float]] = []
      for part in shape.parts(of: samples.count) {
        let states = try encoder.encode(
          Array(samples[part]), layers, padS: options.padS, workers: workers)
        if values.isEmpty {
          values = states
        } else {
          for (index, state) in states.enumerated() { values[index] += state }
        }
      }
      return zip(layers, values).map { layer, values in
        FeatureMatrix(frames: frames, bins: shape.width * layer.states(shape), values: values)
      }
    } catch {
      throw .notEncoded(error.reason)
    }
  }

  /// The encoder with its weights.
  private func encoder() throws(EncoderError) -> Encoder {
    try loaded.withLock { loaded throws(EncoderError) in
      if let loaded { return loaded }
      guard let url = options.folder else {
        throw EncoderError(
          file: options.identity.shortText, reason: "the folder of this encoder is not known.")
      }
      let folder = try EncoderFolder(url)
      let digest = try folder.digest()
      guard EncoderIdentity(shape: folder.shape, digest: digest) == options.identity else {
        throw EncoderError(
          file: url.path,
          reason: "the encoder is not \(options.identity.shortText) any more; start again.")
      }
      let encoder = try Encoder(folder, layers: layers)
      loaded = encoder
      return encoder
    }
  }
}

extension EncoderShape {
  /// The parts of a clip that are encoded each by itself.
  ///
  /// Those but the last reach as far into the next as the last of their frames does, so that frames lie
  /// 20 ms apart across parts too.
  package func parts(of samples: Int) -> [Range<Int>] {
    stride(from: 0, to: samples, by: FrozenEncoder.partSamples).map {
      $0..<min(samples, $0 + FrozenEncoder.partSamples + overlap)
    }.filter { frames(samples: $0.count) > 0 }
  }

  /// The number of samples by which neighboring windows of the convolutions overlap.
  package var overlap: Int {
    family == .whisper ? 0 : Self.minimumSamples - Self.hopSamples
  }

  /// The number of frames of a clip of any length: the sum over its parts.
  package func allFrames(samples: Int) -> Int {
    let part = FrozenEncoder.partSamples
    let (whole, rest) = samples.quotientAndRemainder(dividingBy: part)
    if whole == 0 { return frames(samples: rest) }
    return (whole - 1) * frames(samples: part + overlap)
      + frames(samples: part + min(rest, overlap)) + frames(samples: rest)
  }
}

extension FeatureMatrix {
  /// The frame of an encoder that lies nearest to each frame of a grid of `count`, `hopSamples` apart.
  func aligned(to count: Int, hopSamples: Int, of shape: EncoderShape) -> FeatureMatrix {
    var result: [Float] = []
    result.reserveCapacity(count * bins)
    for frame in 0..<count {
      let place = Double(frame * hopSamples - shape.firstCenter) / Double(EncoderShape.hopSamples)
      let nearest = min(max(0, Int(place.rounded())), frames - 1)
      result += values[nearest * bins..<(nearest + 1) * bins]
    }
    return FeatureMatrix(frames: count, bins: bins, values: result)
  }
}

extension FeatureOptions {
  /// Gathers the matrices of a clip at 16 kHz; beside other features an encoder's frames are brought to
  /// their grid.
  package func clip(_ matrices: [FeatureKind: FeatureMatrix]) -> ClipFeatures {
    guard let encoder, let states = matrices[.encoder],
      let frames = matrices.first(where: { $0.key != .encoder && !$0.key.isVector })?.value.frames
    else { return ClipFeatures(matrices) }
    var matrices = matrices
    matrices[.encoder] = states.aligned(
      to: frames, hopSamples: Framer(framing, rateHz: EncoderShape.rateHz).hopSamples,
      of: encoder.identity.shape)
    return ClipFeatures(matrices)
  }

  /// The time of the middle of frame 0, in seconds.
  package var firstCenterS: Double {
    guard fusion == .encoder, let encoder else { return 0 }
    return Double(encoder.identity.shape.firstCenter) / Double(EncoderShape.rateHz)
  }

  /// The number of frames of a clip.
  package func frames(samples: Int, rateHz: Int) -> Int {
    if fusion == .encoder, let encoder {
      return encoder.identity.shape.allFrames(samples: samples)
    }
    if isOneVector { return 1 }
    return Framer(framing, rateHz: rateHz).frames(samples: samples)
  }
}

extension FramingOptions {
  /// The frames of an encoder that stands alone: 20 ms apart, and no shorter than its convolutions span.
  package static let ofEncoder: FramingOptions = {
    var framing = FramingOptions()
    let rateHz = Double(EncoderShape.rateHz)
    framing.windowMs = 1000 * Double(EncoderShape.minimumSamples) / rateHz
    framing.hopMs = 1000 * Double(EncoderShape.hopSamples) / rateHz
    return framing
  }()
}
