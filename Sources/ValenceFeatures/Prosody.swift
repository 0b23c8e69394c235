import Foundation
import ValenceKernels

/// Pitch, voicing and loudness of each frame, and how they move: `[T, 8]`.
///
/// A frame holds, in this order:
/// 0. F0 in semitones above 27.5 Hz, 12·log₂(F0 / 27.5 Hz), as eGeMAPS has it (Eyben et al., 2016).
///    Unvoiced frames are interpolated between their voiced neighbors; those at the ends of the clip
///    take the nearest voiced value, and a clip without voice the middle of the band.
/// 1. Voicing: 1 in voiced frames, 0 in unvoiced ones, which says where F0 is made up.
/// 2. The probability of voicing, from 0 to 1.
/// 3. The energy in dB: the mean square of the Hann-windowed frame, not below −100 dB.
///
/// then the slope over time of each (`Delta`, order 1). The mean of the clip is taken off first, so an
/// offset of the recording is neither pitch nor energy.
struct Prosody: Sendable {
  /// The number of bins of a frame.
  static let bins = 8
  /// The reference of 0 semitones: the lowest A of a piano.
  static let referenceHz = 27.5
  /// The mean square that lower ones are raised to: −100 dB.
  private static let floorEnergy: Float = 1e-10

  private let framer: Framer
  private let tracker: F0Tracker
  /// The squares of the Hann window, which sum to 1.
  private let weights: [Double]
  private let middle: Float

  /// Plans the extraction.
  init(_ options: ProsodyOptions, framing: FramingOptions, rateHz: Int) {
    framer = Framer(framing, rateHz: rateHz)
    tracker = F0Tracker(options, framing: framing, rateHz: rateHz)
    let length = Double(framer.windowSamples)
    let squares = (0..<framer.windowSamples).map {
      pow(0.5 - 0.5 * cos(2 * .pi * Double($0) / length), 2)
    }
    let sum = squares.reduce(0, +)
    weights = squares.map { $0 / sum }
    middle = Self.semitones((options.lowHz * options.highHz).squareRoot())
  }

  /// The frames of a signal.
  func extract(_ samples: [Float]) -> FeatureMatrix {
    let mean = Float(samples.reduce(0.0) { $0 + Double($1) } / Double(max(1, samples.count)))
    let centered = samples.map { $0 - mean }
    let track = tracker.track(centered)
    let frames = track.f0Hz.count
    let (pitch, energy) = (contour(track.f0Hz), energy(centered, frames: frames))
    var values: [Float] = []
    values.reserveCapacity(frames * Self.bins / 2)
    for frame in 0..<frames {
      values += [
        pitch[frame], track.f0Hz[frame] > 0 ? 1 : 0, track.voicingProbability[frame], energy[frame],
      ]
    }
    return Delta.append(
      orders: 1, to: FeatureMatrix(frames: frames, bins: Self.bins / 2, values: values))
  }

  private static func semitones(_ hz: Double) -> Float { Float(12 * log2(hz / referenceHz)) }

  /// F0 in semitones, without gaps.
  private func contour(_ f0Hz: [Float]) -> [Float] {
    let voiced = f0Hz.indices.filter { f0Hz[$0] > 0 }
    guard let first = voiced.first, let last = voiced.last else {
      return [Float](repeating: middle, count: f0Hz.count)
    }
    var contour = f0Hz.map { $0 > 0 ? Self.semitones(Double($0)) : 0 }
    for frame in 0..<first { contour[frame] = contour[first] }
    for frame in last..<contour.count { contour[frame] = contour[last] }
    for (left, right) in zip(voiced, voiced.dropFirst()) {
      let slope = (contour[right] - contour[left]) / Float(right - left)
      for frame in left + 1..<right {
        contour[frame] = contour[left] + slope * Float(frame - left)
      }
    }
    return contour
  }

  /// The level of each frame in dB.
  private func energy(_ samples: [Float], frames: Int) -> [Float] {
    let signal = framer.padded(samples).array
    let levels = Floats(
      (0..<frames).map { frame in
        let start = frame * framer.hopSamples
        var sum = 0.0
        for (n, weight) in weights.enumerated() {
          sum += weight * Double(signal[start + n]) * Double(signal[start + n])
        }
        return Float(sum)
      })
    Decibels.replace(levels, floor: Self.floorEnergy)
    return levels.array
  }
}
