import ValenceKernels

/// Fully connected layers from the pooled vector, `[B, W]`, to the classes' logits, `[B, K]`.
///
/// Each hidden layer is followed by ReLU and dropout. All of it is so little work that one thread
/// does it.
final class Head {
  private struct Layer {
    let weight: Range<Int>
    let bias: Range<Int>
    let inputWidth: Int
    let outputWidth: Int
    /// `[B, outputWidth]`: after ReLU and dropout; of the last layer the logits.
    let output: Floats
    /// `[B, outputWidth]`: dL/doutput.
    let gradient: Floats
  }

  private let dropout: Double
  private let layers: [Layer]

  /// Adds `dense.weight`, or `dense.0.weight` and so on, and `out.weight`, with their biases.
  ///
  /// Weights lie transposed in the block. Initialized as torch.nn.Linear.
  init(
    _ options: HeadOptions, inputWidth: Int, classes: Int, clips: Int,
    parameters: inout ParameterLayout
  ) {
    dropout = options.dropout
    let widths = [inputWidth] + options.hidden + [classes]
    var layers: [Layer] = []
    for (index, (from, to)) in zip(widths, widths.dropFirst()).enumerated() {
      let name =
        index == options.hidden.count
        ? "out" : options.hidden.count == 1 ? "dense" : "dense.\(index)"
      let bound = Initializer.uniform(bound: 1 / Float(from).squareRoot())
      layers.append(
        Layer(
          weight: parameters.add(
            "\(name).weight", shape: [to, from], initializer: bound, axes: [1, 0]),
          bias: parameters.add("\(name).bias", shape: [to], initializer: bound), inputWidth: from,
          outputWidth: to, output: Floats(zeros: clips * to), gradient: Floats(zeros: clips * to)))
    }
    self.layers = layers
  }

  /// The logits of the last `forward`, `[B, K]`.
  func logits(clips: Int) -> Floats { output(of: layers.count - 1, clips) }

  /// Where `backward` expects dL/dlogits, `[B, K]`.
  func logitsGradient(clips: Int) -> Floats { gradient(of: layers.count - 1, clips) }

  /// Fills the logits from `input`, `[B, W]`.
  func forward(_ input: Floats, clips: Int, pass: Pass) {
    var input = input
    for (index, layer) in layers.enumerated() {
      let output = output(of: index, clips)
      GEMM.multiply(
        input, pass.parameters[layer.weight], into: output, m: clips, n: layer.outputWidth,
        k: layer.inputWidth)
      let isHidden = index < layers.count - 1
      Rows.addBias(pass.parameters[layer.bias], to: output, relu: isHidden)
      if isHidden {
        let dropout = pass.dropout(dropout, layer: index)
        for clip in 0..<clips {
          dropout.apply(
            to: output[clip * layer.outputWidth..<(clip + 1) * layer.outputWidth], clip: clip)
        }
      }
      input = output
    }
  }

  /// Overwrites the parameters' gradients and dL/dinput, `[B, W]`, from `logitsGradient`.
  func backward(input: Floats, inputGradient: Floats, clips: Int, pass: Pass) {
    for (index, layer) in layers.enumerated().reversed() {
      let gradient = gradient(of: index, clips)
      if index < layers.count - 1 {
        Rows.reluBackward(
          gradient, result: output(of: index, clips),
          scale: pass.dropout(dropout, layer: index).scale)
      }
      GEMM.multiply(
        index == 0 ? input : output(of: index - 1, clips), transposed: true, gradient,
        into: pass.gradients[layer.weight], m: layer.inputWidth, n: layer.outputWidth, k: clips)
      Rows.sums(gradient, rows: clips, into: pass.gradients[layer.bias])
      GEMM.multiply(
        gradient, transposed: false, pass.parameters[layer.weight], transposed: true,
        into: index == 0 ? inputGradient : self.gradient(of: index - 1, clips), m: clips,
        n: layer.inputWidth, k: layer.outputWidth)
    }
  }

  private func output(of layer: Int, _ clips: Int) -> Floats {
    layers[layer].output[0..<clips * layers[layer].outputWidth]
  }

  private func gradient(of layer: Int, _ clips: Int) -> Floats {
    layers[layer].gradient[0..<clips * layers[layer].outputWidth]
  }
}
