import ValenceKernels

/// Fully connected layers from the pooled vector, `[B, W]`, to the classes' logits, `[B, K]`.
///
/// Each hidden layer is followed by ReLU and dropout. All of it is so little work that one thread
/// does it.
final class Head {
  private struct DenseLayer {
    let weight: Range<Int>
    let bias: Range<Int>
    let width: Int
    /// `[B, width]`: after ReLU and dropout; of the last layer the logits.
    let output: Rows
    /// `[B, width]`: dL/doutput.
    let gradient: Rows
  }

  private let dropout: Double
  private let layers: [DenseLayer]

  /// The layers behind a vector of `width` values.
  static func shapes(of options: HeadOptions, width: Int, classes: Int) -> [LayerShape] {
    let names = options.hidden.indices.map { "dense \($0 + 1)" } + ["classes"]
    let widths = options.hidden + [classes]
    return zip(names, zip([width] + widths, widths)).map { name, layer in
      var shape = LayerShape(name, .vector(width: layer.1))
      shape.multiplyAdds = layer.0 * layer.1
      shape.parameters = shape.multiplyAdds + layer.1
      shape.keptFloats = layer.1
      return shape
    }
  }

  /// Adds `dense.weight`, or `dense.0.weight` and so on, and `out.weight`, with their biases.
  ///
  /// The block keeps weights transposed. Initialized as torch.nn.Linear.
  init(
    _ options: HeadOptions, inputWidth: Int, classes: Int, clips: Int,
    state: inout StateLayout
  ) {
    dropout = options.dropout
    let widths = [inputWidth] + options.hidden + [classes]
    var layers: [DenseLayer] = []
    for (index, (from, to)) in zip(widths, widths.dropFirst()).enumerated() {
      let name =
        index == options.hidden.count
        ? "out" : options.hidden.count == 1 ? "dense" : "dense.\(index)"
      let bound = Initializer.uniform(bound: 1 / Float(from).squareRoot())
      layers.append(
        DenseLayer(
          weight: state.addParameter(
            "\(name).weight", shape: [to, from], initializer: bound, axes: [1, 0]),
          bias: state.addParameter("\(name).bias", shape: [to], initializer: bound), width: to,
          output: Rows(zeros: clips, width: to), gradient: Rows(zeros: clips, width: to)))
    }
    self.layers = layers
  }

  /// The logits of the last `forward`, `[B, K]`.
  func logits(clips: Int) -> Floats { layers[layers.count - 1].output.prefix(clips).floats }

  /// Where `backward` expects dL/dlogits, `[B, K]`.
  func logitsGradient(clips: Int) -> Floats {
    layers[layers.count - 1].gradient.prefix(clips).floats
  }

  /// Fills the logits from `input`, `[B, W]`.
  func forward(_ input: Rows, pass: Pass) {
    var input = input
    for (index, layer) in layers.enumerated() {
      let output = layer.output.prefix(input.count)
      GEMM.multiply(input, weight(of: layer, pass.parameters), into: output)
      let isHidden = index < layers.count - 1
      output.addBias(pass.parameters[layer.bias], relu: isHidden)
      if isHidden {
        let dropout = pass.dropout(dropout, layer: UInt64(index))
        for clip in 0..<output.count { dropout.apply(to: output.row(clip), clip: clip) }
      }
      input = output
    }
  }

  /// Overwrites the parameters' gradients and dL/dinput, `[B, W]`, from `logitsGradient`.
  func backward(input: Rows, inputGradient: Rows, pass: Pass) {
    let clips = input.count
    for (index, layer) in layers.enumerated().reversed() {
      let gradient = layer.gradient.prefix(clips)
      if index < layers.count - 1 {
        gradient.reluBackward(
          result: layer.output.prefix(clips),
          scale: pass.dropout(dropout, layer: UInt64(index)).scale)
      }
      let below = index == 0 ? nil : layers[index - 1]
      fillGradients(of: layer, from: below?.output.prefix(clips) ?? input, gradient, pass: pass)
      GEMM.multiply(
        gradient, weight(of: layer, pass.parameters), transposing: .right,
        into: below?.gradient.prefix(clips) ?? inputGradient)
    }
  }

  /// Overwrites the gradients of the last layer's parameters, and no other, from `logitsGradient`.
  func backwardLast(input: Rows, pass: Pass) {
    let (clips, last) = (input.count, layers.count - 1)
    fillGradients(
      of: layers[last], from: last == 0 ? input : layers[last - 1].output.prefix(clips),
      layers[last].gradient.prefix(clips), pass: pass)
  }

  private func fillGradients(of layer: DenseLayer, from input: Rows, _ gradient: Rows, pass: Pass) {
    GEMM.multiply(input, gradient, transposing: .left, into: weight(of: layer, pass.gradients))
    gradient.columnSums(into: pass.gradients[layer.bias])
  }

  private func weight(of layer: DenseLayer, _ block: Floats) -> Rows {
    Rows(block[layer.weight], width: layer.width)
  }
}
