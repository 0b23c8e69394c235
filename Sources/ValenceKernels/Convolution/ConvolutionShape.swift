import CKernels

/// A convolution with "same" zero padding, stride 1 and no bias, for any number of frames.
package struct ConvolutionShape: Hashable, Sendable {
  /// The number of bins of input and output.
  package let bins: Int
  /// The number of channels that come in.
  package let inputChannels: Int
  /// The number of channels that go out.
  package let outputChannels: Int
  /// The side of the kernel; odd.
  package let kernel: Int
  /// Whether the input is a network's: channels last and without added channels.
  package let isFirst: Bool

  package init(bins: Int, inputChannels: Int, outputChannels: Int, kernel: Int, isFirst: Bool) {
    precondition(
      bins > 0 && inputChannels > 0 && outputChannels > 0 && kernel > 0 && kernel % 2 == 1,
      "a convolution of \(inputChannels) to \(outputChannels) channels with a side of \(kernel)")
    self.bins = bins
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.kernel = kernel
    self.isFirst = isFirst
  }

  /// The input's image; a network's is channels last.
  package func input(frames: Int) -> ImageShape {
    ImageShape(
      frames: frames, bins: bins, channels: paddedInput, isBlocked: isBlocked)
  }

  /// The output's image.
  package func output(frames: Int) -> ImageShape {
    ImageShape(
      frames: frames, bins: bins, channels: paddedOutput, isBlocked: isBlocked)
  }

  /// Whether Winograd's algorithm F(4×4, 3×3) (Lavin and Gray, 2016) convolves it.
  package var usesWinograd: Bool { !isFirst && kernel == 3 && !KernelSetup.isPlainHere }

  /// Whether images are kept in blocks of channels.
  ///
  /// Winograd's algorithm takes both orders, but reads tiles of blocks faster: with AVX2 a training step
  /// takes 296 instead of 332 ms. oneDNN has fast code for one of them.
  private var isBlocked: Bool {
    !isFirst && (usesWinograd || KernelSetup.current.blocksChannels)
  }

  var paddedInput: Int { isFirst ? inputChannels : ImageShape.padded(inputChannels) }
  var paddedOutput: Int { ImageShape.padded(outputChannels) }
  /// The number of weights.
  package var weightCount: Int { outputChannels * inputChannels * kernel * kernel }
  var paddedWeightCount: Int { paddedOutput * paddedInput * kernel * kernel }

  var cWeightShape: valence_weight_shape {
    valence_weight_shape(
      out: outputChannels, in: inputChannels, kernel: kernel, padded_out: paddedOutput,
      padded_in: paddedInput)
  }
}
