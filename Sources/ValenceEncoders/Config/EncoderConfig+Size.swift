import ValenceKernels

extension EncoderConfig {
  /// The longest clip in whole seconds, where there is one.
  var maximumSeconds: Int? {
    mel.map { $0.positions * EncoderShape.hopSamples / EncoderShape.rateHz }
  }

  /// The least number of samples of a clip.
  var minimumSamples: Int {
    guard let wave else { return WhisperMel.window / 2 + 1 }
    return zip(wave.kernels, wave.strides).reversed().reduce(1) { ($0 - 1) * $1.1 + $1.0 }
  }

  /// The number of frames of a clip.
  func frames(samples: Int) -> Int {
    guard let wave else { return WhisperFrontEnd.frames(samples: samples) }
    return frames(samples: samples, wave).last ?? 0
  }

  /// The number of rows behind each convolution.
  private func frames(samples: Int, _ wave: Wave) -> [Int] {
    var count = samples
    return zip(wave.kernels, wave.strides).map { kernel, stride in
      count = count < kernel ? 0 : (count - kernel) / stride + 1
      return count
    }
  }

  /// The multiplications with additions of a clip through `depth` layers.
  func multiplyAdds(samples: Int, depth: Int) -> Int {
    let rows = frames(samples: samples)
    let layer = 4 * width * width + 2 * width * feedForward + 2 * rows * width
    return before(samples: samples, rows: rows) + depth * rows * layer
  }

  private func before(samples: Int, rows: Int) -> Int {
    guard let wave else {
      let bands = mel?.bands ?? 0
      return WhisperMel.frames(samples: samples) * 3 * bands * width + rows * 3 * width * width
    }
    var sum = 0
    var inputs = 1
    for (index, count) in frames(samples: samples, wave).enumerated() {
      sum += count * inputs * wave.kernels[index] * wave.channels[index]
      inputs = wave.channels[index]
    }
    let position = wave.position.kernel * width / wave.position.groups * width
    return sum + rows * (inputs * width + (wave.position.depth ?? 1) * position)
  }
}

extension EncoderFolder {
  /// The longest clip, where there is one: Whisper has only so many positions, 30 s of them as published.
  package var maximumSeconds: Int? { config.maximumSeconds }

  /// The multiplications with additions that a clip takes through `depth` layers.
  ///
  /// - Parameter padS: the seconds that the clip is filled up to; nil for none.
  package func multiplyAdds(samples: Int, depth: Int, padS: Int?) -> Int {
    let padded = padS.map { max(samples, $0 * EncoderShape.rateHz) } ?? samples
    return config.multiplyAdds(samples: padded, depth: depth)
  }
}
