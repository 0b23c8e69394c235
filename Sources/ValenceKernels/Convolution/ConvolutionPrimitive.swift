import CKernels
import COneDNN

/// Which one of input, weights and output a convolution computes from the other two.
enum ConvolutionDirection: Int, CaseIterable {
  case output, inputGradient, weightGradient
}

/// A convolution in one direction over images of one length: by Winograd's algorithm where the kernel's
/// side is 3, else oneDNN's generated code or, where that is missing, plain C.
///
/// Unchecked: nothing changes after `init`, and oneDNN's primitives may run on several threads.
@safe
final class ConvolutionPrimitive: @unchecked Sendable {
  @safe private enum Code {
    case winograd(valence_winograd)
    case generated(OpaquePointer)
    case plain
  }

  let shape: ConvolutionShape
  let frames: Int
  let direction: ConvolutionDirection
  private let code: Code

  /// - Parameter plain: whether to take plain C even where there is fast code.
  init(_ shape: ConvolutionShape, frames: Int, direction: ConvolutionDirection, plain: Bool) {
    self.shape = shape
    self.frames = frames
    self.direction = direction
    let (input, output) = (shape.input(frames: frames), shape.output(frames: frames))
    if plain || KernelSetup.isPlainHere {
      code = .plain
    } else if shape.usesWinograd {
      let isTurned = direction == .inputGradient
      code = .winograd(
        valence_winograd(
          in: (isTurned ? output : input).cImage, out: (isTurned ? input : output).cImage,
          wide: KernelSetup.current.vectorExtension == .avx512))
    } else {
      var wanted = valence_dnn_shape(
        frames: frames, bins: shape.bins, in_channels: shape.paddedInput,
        out_channels: shape.paddedOutput, kernel: shape.kernel, in_blocked: input.isBlocked,
        out_blocked: output.isBlocked)
      let names = [
        VALENCE_DNN_OUTPUT, VALENCE_DNN_INPUT_GRADIENT, VALENCE_DNN_WEIGHT_GRADIENT,
      ]
      let generated = unsafe valence_dnn_convolution_create(&wanted, names[direction.rawValue])
      code = unsafe generated.map { unsafe .generated($0) } ?? .plain
    }
  }

  deinit {
    if case .generated(let code) = code { unsafe valence_dnn_convolution_destroy(code) }
  }

  /// The name of the code that runs, for example `jit:avx512_core`.
  var name: String {
    switch code {
    case .winograd: "Winograd's F(4×4, 3×3)"
    case .generated(let code): unsafe String(cString: valence_dnn_convolution_name(code))
    case .plain: "plain C"
    }
  }

  var scratchCount: Int {
    switch code {
    case .winograd(var sizes):
      direction == .weightGradient
        ? unsafe valence_winograd_gradient_scratch_count(&sizes)
        : unsafe valence_winograd_scratch_count(&sizes)
    case .generated(let code): unsafe valence_dnn_scratch_count(code)
    case .plain: 0
    }
  }

  var weightCount: Int {
    switch code {
    case .winograd(var sizes) where direction != .weightGradient:
      unsafe valence_winograd_weight_count(&sizes)
    case .generated(let code): unsafe valence_dnn_weight_count(code)
    case .winograd, .plain: shape.paddedWeightCount
    }
  }

  /// Whether a gradient of the weights is added to what is there.
  var addsGradient: Bool {
    if case .winograd = code { true } else { false }
  }

  /// Whether both need the same order of weights.
  func sharesWeights(with other: ConvolutionPrimitive) -> Bool {
    switch (code, other.code) {
    case (.winograd, .winograd), (.plain, .plain): true
    case (.generated(let mine), .generated(let theirs)):
      unsafe valence_dnn_same_weights(mine, theirs)
    default: false
    }
  }

  /// Reorders padded weights `[Cout, Cin, K, K]` for this primitive.
  func pack(_ weights: Floats, into packed: Floats) {
    precondition(weights.count >= shape.paddedWeightCount && packed.count >= weightCount)
    var sizes = shape.cWeightShape
    switch code {
    case .winograd(let winograd):
      unsafe valence_winograd_pack(
        &sizes, direction == .inputGradient, winograd.wide, weights.pointer, packed.pointer)
    case .generated(let code):
      let done = unsafe valence_dnn_pack_weights(code, weights.pointer, packed.pointer)
      precondition(done, "oneDNN did not reorder the weights of \(shape)")
    case .plain: unsafe valence_weights_to_plain(&sizes, weights.pointer, packed.pointer)
    }
  }

  /// Reorders a gradient of the weights into padded `[Cout, Cin, K, K]`.
  func unpack(_ packed: Floats, into weights: Floats) {
    precondition(weights.count >= shape.paddedWeightCount && packed.count >= weightCount)
    switch code {
    case .generated(let code):
      let done = unsafe valence_dnn_unpack_weights(code, packed.pointer, weights.pointer)
      precondition(done, "oneDNN did not reorder the gradient of the weights of \(shape)")
    case .winograd, .plain:
      var sizes = shape.cWeightShape
      unsafe valence_weights_from_plain(&sizes, packed.pointer, weights.pointer)
    }
  }

  /// Computes what the direction says from the two others, or a part of the output.
  ///
  /// Where an output cannot be cut, the first part is all of it.
  ///
  /// - Parameters:
  ///   - input: the input, or where its gradient goes.
  ///   - weights: packed; or where the packed gradient goes, which is overwritten or, where `addsGradient`
  ///     says so, added to.
  ///   - output: the output, or its gradient.
  func run(
    input: Floats, weights: Floats, output: Floats, scratch: Floats, part: Part = .whole
  ) {
    let (from, to) = (shape.input(frames: frames), shape.output(frames: frames))
    precondition(
      input.count >= from.count && output.count >= to.count && weights.count >= weightCount
        && scratch.count >= scratchCount,
      "\(input.count), \(weights.count), \(output.count), \(scratch.count) floats for \(shape)")
    let (x, w, y) = unsafe (input.pointer, weights.pointer, output.pointer)
    switch (code, direction) {
    case (.generated, _) where !part.isFirst, (.plain, _) where !part.isFirst: break
    case (.generated(let code), _):
      let done = unsafe valence_dnn_convolution_run(code, x, w, y, scratch.pointer)
      precondition(done, "oneDNN did not run \(name) for \(shape)")
    case (.winograd(var sizes), .output):
      let tiles = part.range(of: unsafe valence_winograd_tiles(&sizes))
      unsafe valence_winograd_forward(
        &sizes, tiles.lowerBound, tiles.upperBound, x, w, y, scratch.pointer)
    case (.winograd(var sizes), .inputGradient):
      let tiles = unsafe valence_winograd_tiles(&sizes)
      unsafe valence_winograd_forward(&sizes, 0, tiles, y, w, x, scratch.pointer)
    case (.winograd(var sizes), .weightGradient):
      unsafe valence_winograd_weight_gradient(&sizes, x, y, w, scratch.pointer)
    case (.plain, .output):
      unsafe valence_convolution_forward(from.cImage, to.cImage, shape.kernel, x, w, y)
    case (.plain, .inputGradient):
      unsafe valence_convolution_backward_data(from.cImage, to.cImage, shape.kernel, y, w, x)
    case (.plain, .weightGradient):
      unsafe valence_convolution_backward_weights(from.cImage, to.cImage, shape.kernel, x, y, w)
    }
  }
}
