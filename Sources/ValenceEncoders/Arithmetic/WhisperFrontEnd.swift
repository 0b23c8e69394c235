import ValenceKernels

/// Whisper's spectrogram, its two convolutions and its positions.
struct WhisperFrontEnd: Sendable {
  private let mel: WhisperMel
  private let first: Convolution
  private let second: Convolution
  private let positions: Rows

  private struct Convolution: Sendable {
    let weight: PackedMatrix
    let bias: Floats
  }

  init(_ weights: Weights, _ options: EncoderConfig.Mel) throws(EncoderError) {
    mel = WhisperMel(bands: options.bands)
    let width = weights.config.width
    first = try Self.convolution(weights, "conv1", inputs: options.bands, outputs: width)
    second = try Self.convolution(weights, "conv2", inputs: width, outputs: width)
    positions = Rows(Floats(try weights.values("embed_positions.weight")), width: width)
  }

  private static func convolution(
    _ weights: Weights, _ name: String, inputs: Int, outputs: Int
  ) throws(EncoderError) -> Convolution {
    Convolution(
      weight: PackedMatrix(
        Floats(try weights.values("\(name).weight")),
        .convolution(inputs: inputs, outputs: outputs, taps: 3)),
      bias: Floats(try weights.values("\(name).bias")))
  }

  /// The number of frames of a clip: one for each two windows of the spectrogram.
  static func frames(samples: Int) -> Int { (WhisperMel.frames(samples: samples) + 1) / 2 }

  /// Writes the frames of a clip, `[frames, width]`.
  func write(_ samples: [Float], into out: Rows, workers: Workers, pool: FloatPool) {
    let windows = WhisperMel.frames(samples: samples.count)
    let stride = paddedStride(out.width)
    let spectrum = (windows + 2) * mel.bands
    pool.lend(spectrum + (windows + 2) * stride) { memory in
      // A row of zeros before the first and behind the last is the convolutions' padding.
      let input = Rows(memory, count: windows + 2, width: mel.bands)
      let middle = Rows(
        memory.dropFirst(spectrum), count: windows + 2, width: out.width, stride: stride)
      for rows in [input, middle] {
        rows.row(0).fill(0)
        rows.row(windows + 1).fill(0)
      }
      mel.write(samples, into: input[1..<windows + 1], workers: workers, pool: pool)
      let blocks = TransformerStack.blocks(frames: out.count, threads: workers.threads)
      workers.forEach(parts: blocks) { part in
        let range = Part(part, of: blocks).range(of: windows)
        first.weight.multiply(
          Windows(input[range.lowerBound..<windows + 2], count: range.count, step: 1),
          bias: first.bias, finish: .gelu,
          into: middle[range.lowerBound + 1..<range.upperBound + 1])
      }
      workers.forEach(parts: blocks) { part in
        let range = Part(part, of: blocks).range(of: out.count)
        let target = out[range]
        target.copy(positions[range])
        second.weight.multiply(
          Windows(middle[2 * range.lowerBound..<windows + 2], count: range.count, step: 2),
          bias: second.bias, finish: [.gelu, .add], into: target)
      }
    }
  }
}
