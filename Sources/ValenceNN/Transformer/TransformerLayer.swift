import ValenceKernels

/// One layer of a transformer, normalized before each sublayer (Xiong et al., 2020); W values a step.
///
/// x += drop(attention(norm x)); x += drop(dense(drop(GELU(dense(norm x))))). As
/// torch.nn.TransformerEncoderLayer with `norm_first` and `gelu`.
struct TransformerLayer {
  private let name: String
  private let dropout: Double
  private let firstNorm: LayerNorm
  private let attention: SelfAttention
  private let secondNorm: LayerNorm
  private let widening: DenseLayer
  private let narrowing: DenseLayer
  /// `[rows, W]`: the input normalized; behind attention; that normalized.
  private let normed: Rows
  private let middle: Rows
  private let normedMiddle: Rows
  /// `[rows, F]`: before GELU, and behind it and dropout.
  private let arguments: Rows
  private let hidden: Rows
  /// `[rows, W]`.
  let output: Rows

  /// Adds the parameters of `layers.<index>.`.
  init(_ index: Int, _ shared: SelfAttention.Shared, state: inout StateLayout) {
    let (options, rows) = (shared.options, shared.rows)
    let (width, between) = (options.width, options.feedForward)
    name = "layers.\(index)."
    dropout = options.dropout
    attention = SelfAttention(name + "self_attn.", shared, state: &state)
    widening = DenseLayer(name + "linear1.", (width, between), state: &state)
    narrowing = DenseLayer(name + "linear2.", (between, width), state: &state)
    firstNorm = LayerNorm(name + "norm1.", width: width, rows: rows, state: &state)
    secondNorm = LayerNorm(name + "norm2.", width: width, rows: rows, state: &state)
    normed = Rows(zeros: rows, width: width)
    middle = Rows(zeros: rows, width: width)
    normedMiddle = Rows(zeros: rows, width: width)
    arguments = Rows(zeros: rows, width: between)
    hidden = Rows(zeros: rows, width: between)
    output = Rows(zeros: rows, width: width)
  }

  /// Fills the given rows of `output`, those of one clip, from those of `x`, `[rows, W]`.
  func forward(_ x: Rows, clip: Int, rows: Range<Int>, pass: Pass) {
    firstNorm.forward(x, into: normed, rows: rows, pass: pass)
    attention.forward(normed, into: middle, clip: clip, rows: rows, pass: pass)
    drop(middle[rows], "dropout1", clip: clip, pass)
    middle[rows].floats.setSum(middle[rows].floats, x[rows].floats)
    secondNorm.forward(middle, into: normedMiddle, rows: rows, pass: pass)
    widening.forward(normedMiddle[rows], into: arguments[rows], pass: pass)
    arguments[rows].gelu(into: hidden[rows])
    drop(hidden[rows], "dropout", clip: clip, pass)
    narrowing.forward(hidden[rows], into: output[rows], pass: pass)
    drop(output[rows], "dropout2", clip: clip, pass)
    output[rows].floats.setSum(output[rows].floats, middle[rows].floats)
  }

  /// The gradients of a layer that `backward` writes and `fillParameterGradients` reads.
  struct Gradients {
    let attention: SelfAttention.Gradients
    /// `[rows, W]`: of what each norm gives, and of each sublayer's output before dropout.
    let normed: Rows
    let normedMiddle: Rows
    let attentionOutput: Rows
    let output: Rows
    /// `[rows, F]`: before GELU.
    let arguments: Rows

    init(_ shared: SelfAttention.Shared) {
      let (rows, width) = (shared.rows, shared.options.width)
      attention = SelfAttention.Gradients(shared)
      normed = Rows(zeros: rows, width: width)
      normedMiddle = Rows(zeros: rows, width: width)
      attentionOutput = Rows(zeros: rows, width: width)
      output = Rows(zeros: rows, width: width)
      arguments = Rows(zeros: rows, width: shared.options.feedForward)
    }
  }

  /// Turns the given rows of dL/doutput into those of dL/dx, after a `forward` of the same clip.
  func backward(
    _ gradient: Rows, x: Rows, clip: (Int, rows: Range<Int>), gradients: Gradients, pass: Pass
  ) {
    let (index, rows) = clip
    let (output, arguments) = (gradients.output[rows], gradients.arguments[rows])
    output.copy(gradient[rows])
    drop(output, "dropout2", clip: index, pass)
    narrowing.fillInputGradient(arguments, from: output, pass: pass)
    drop(arguments, "dropout", clip: index, pass)
    arguments.geluBackward(argument: self.arguments[rows])
    widening.fillInputGradient(gradients.normedMiddle[rows], from: arguments, pass: pass)
    secondNorm.backward(
      gradients.normedMiddle, x: middle, addingTo: gradient, rows: rows, pass: pass)
    gradients.attentionOutput[rows].copy(gradient[rows])
    drop(gradients.attentionOutput[rows], "dropout1", clip: index, pass)
    attention.backward(
      gradients.attentionOutput, into: gradients.normed, clip: clip,
      gradients: gradients.attention, pass: pass)
    firstNorm.backward(gradients.normed, x: x, addingTo: gradient, rows: rows, pass: pass)
  }

  /// Overwrites the gradients of the parameters, given x, after a `backward` of all clips.
  func fillParameterGradients(_ x: Rows, gradients: Gradients, pass: Pass) {
    let rows = x.count
    narrowing.fillParameterGradients(
      hidden.prefix(rows), gradients.output.prefix(rows), pass: pass)
    widening.fillParameterGradients(
      normedMiddle.prefix(rows), gradients.arguments.prefix(rows), pass: pass)
    secondNorm.fillParameterGradients(
      middle.prefix(rows), gradients.normedMiddle.prefix(rows), pass: pass)
    attention.fillParameterGradients(
      normed.prefix(rows), gradients.attentionOutput.prefix(rows), gradients: gradients.attention,
      pass: pass)
    firstNorm.fillParameterGradients(x, gradients.normed.prefix(rows), pass: pass)
  }

  private func drop(_ values: Rows, _ place: String, clip: Int, _ pass: Pass) {
    if pass.mode == .inference || dropout == 0 { return }
    pass.dropout(dropout, layer: name + place).apply(to: values.floats, clip: clip)
  }
}
