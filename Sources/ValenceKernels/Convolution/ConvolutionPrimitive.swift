import CKernels
import COneDNN

/// What a convolution computes from the other two of input, weights and output.
enum ConvolutionDirection: Int, CaseIterable {
  case output, inputGradient, weightGradient
}

/// A convolution in one direction over images of one length: oneDNN's generated code or plain C.
///
/// Unchecked: nothing changes after `init`, and oneDNN's primitives may run on several threads.
@safe
final class ConvolutionPrimitive: @unchecked Sendable {
  let shape: ConvolutionShape
  let frames: Int
  let direction: ConvolutionDirection
  private let code: OpaquePointer?

  /// - Parameters:
  ///   - weightsStay: whether weights are packed seldom enough to transform them then.
  ///   - plain: whether to take plain C even where oneDNN has fast code.
  init(
    _ shape: ConvolutionShape, frames: Int, direction: ConvolutionDirection,
    weightsStay: Bool = false, plain: Bool
  ) {
    self.shape = shape
    self.frames = frames
    self.direction = direction
    if plain || KernelSetup.current.oneDNNVersion == nil {
      unsafe code = nil
    } else {
      var wanted = valence_dnn_shape(
        frames: frames, bins: shape.bins, in_channels: shape.paddedInput,
        out_channels: shape.paddedOutput, kernel: shape.kernel,
        in_blocked: shape.input(frames: frames).isBlocked,
        out_blocked: shape.output(frames: frames).isBlocked, winograd: shape.usesWinograd,
        weights_stay: weightsStay)
      let names = [
        VALENCE_DNN_OUTPUT, VALENCE_DNN_INPUT_GRADIENT, VALENCE_DNN_WEIGHT_GRADIENT,
      ]
      unsafe code = valence_dnn_convolution_create(&wanted, names[direction.rawValue])
    }
  }

  deinit { unsafe valence_dnn_convolution_destroy(code) }

  /// What runs, for example `jit_wino_4x3:avx512_core`.
  var name: String {
    guard let code = unsafe code else { return "plain C" }
    return unsafe String(cString: valence_dnn_convolution_name(code))
  }

  var scratchCount: Int { unsafe code.map { unsafe valence_dnn_scratch_count($0) } ?? 0 }

  var weightCount: Int {
    unsafe code.map { unsafe valence_dnn_weight_count($0) } ?? shape.paddedWeightCount
  }

  /// Whether both want their weights in the same order.
  func sharesWeights(with other: ConvolutionPrimitive) -> Bool {
    switch unsafe (code, other.code) {
    case (nil, nil): true
    case (let mine?, let theirs?): unsafe valence_dnn_same_weights(mine, theirs)
    default: false
    }
  }

  /// Reorders padded weights `[Cout, Cin, K, K]` as this primitive wants them.
  func pack(_ weights: Floats, into packed: Floats) {
    precondition(weights.count >= shape.paddedWeightCount && packed.count >= weightCount)
    if let code = unsafe code {
      let done = unsafe valence_dnn_pack_weights(code, weights.pointer, packed.pointer)
      precondition(done, "oneDNN did not reorder the weights of \(shape)")
    } else {
      var sizes = shape.cWeightShape
      unsafe valence_weights_to_plain(&sizes, weights.pointer, packed.pointer)
    }
  }

  /// Reorders a gradient of the weights into padded `[Cout, Cin, K, K]`.
  func unpack(_ packed: Floats, into weights: Floats) {
    precondition(weights.count >= shape.paddedWeightCount && packed.count >= weightCount)
    if let code = unsafe code {
      let done = unsafe valence_dnn_unpack_weights(code, packed.pointer, weights.pointer)
      precondition(done, "oneDNN did not reorder the gradient of the weights of \(shape)")
    } else {
      var sizes = shape.cWeightShape
      unsafe valence_weights_from_plain(&sizes, packed.pointer, weights.pointer)
    }
  }

  /// Computes what the direction says from the two others.
  ///
  /// - Parameters:
  ///   - input: the input, or where its gradient goes.
  ///   - weights: packed; or where the packed gradient goes, which is overwritten.
  ///   - output: the output, or its gradient.
  func run(input: Floats, weights: Floats, output: Floats, scratch: Floats) {
    let (from, to) = (shape.input(frames: frames), shape.output(frames: frames))
    precondition(
      input.count >= from.count && output.count >= to.count && weights.count >= weightCount
        && scratch.count >= scratchCount,
      "\(input.count), \(weights.count), \(output.count), \(scratch.count) floats for \(shape)")
    if let code = unsafe code {
      let done = unsafe valence_dnn_convolution_run(
        code, input.pointer, weights.pointer, output.pointer, scratch.pointer)
      precondition(done, "oneDNN did not run \(name) for \(shape)")
      return
    }
    let (x, w, y) = unsafe (input.pointer, weights.pointer, output.pointer)
    switch direction {
    case .output:
      unsafe valence_convolution_forward(from.cImage, to.cImage, shape.kernel, x, w, y)
    case .inputGradient:
      unsafe valence_convolution_backward_data(from.cImage, to.cImage, shape.kernel, y, w, x)
    case .weightGradient:
      unsafe valence_convolution_backward_weights(from.cImage, to.cImage, shape.kernel, x, y, w)
    }
  }
}
