import ValenceKernels

/// A fully connected layer over packed rows, y = x·W + b; I input values, J output values.
///
/// Products of a clip's rows are taken by themselves, so that a clip's bits do not depend on its batch.
struct DenseLayer {
  /// The initial values of a layer.
  struct Initializers {
    let weight: Initializer
    let bias: Initializer

    /// As torch.nn.Linear: ±1/√I.
    static func linear(inputs: Int) -> Initializers {
      let bound = Initializer.uniform(bound: 1 / Float(inputs).squareRoot())
      return Initializers(weight: bound, bias: bound)
    }
  }

  /// The number of strips that the product of the weights' gradient is cut into, for any number of threads.
  private static let stripCount = BatchShape.shardCount

  /// I.
  let inputWidth: Int
  /// J.
  let width: Int
  private let weight: Range<Int>
  private let bias: Range<Int>

  /// The layer over sequences of `inputs` values a step.
  static func shape(_ name: String, steps: Int, inputs: Int, width: Int) -> LayerShape {
    var shape = LayerShape(name, .sequence(steps: steps, width: width))
    shape.parameters = (inputs + 1) * width
    shape.multiplyAdds = steps * inputs * width
    shape.keptFloats = steps * width
    return shape
  }

  /// Adds the weight `[J, I]`, kept transposed, and the bias `[J]`.
  ///
  /// - Parameters:
  ///   - name: their names are `<name>weight` and `<name>bias`.
  ///   - sizes: I and J.
  init(
    _ name: String, _ sizes: (inputs: Int, width: Int), initializers: Initializers? = nil,
    state: inout StateLayout
  ) {
    (inputWidth, width) = sizes
    let initializers = initializers ?? .linear(inputs: inputWidth)
    weight = state.addParameter(
      name + "weight", shape: [width, inputWidth], initializer: initializers.weight, axes: [1, 0])
    bias = state.addParameter(name + "bias", shape: [width], initializer: initializers.bias)
  }

  /// Fills `y`, `[rows, J]`, of one clip's `x`, `[rows, I]`; with `relu`, negative results become 0.
  func forward(_ x: Rows, into y: Rows, relu: Bool = false, pass: Pass) {
    GEMM.multiply(x, matrix(pass.parameters), into: y)
    y.addBias(pass.parameters[bias], relu: relu)
  }

  /// Overwrites dL/dx of one clip, or adds to it.
  func fillInputGradient(_ dx: Rows, from dy: Rows, accumulate: Bool = false, pass: Pass) {
    GEMM.multiply(
      dy, matrix(pass.parameters), transposing: .right, into: dx, accumulate: accumulate)
  }

  /// Overwrites the gradients of the parameters, given x and dL/dy of all clips.
  func fillParameterGradients(_ x: Rows, _ dy: Rows, pass: Pass) {
    // A part owns some inputs' weights, so that every sum over rows is one product.
    let gradient = matrix(pass.gradients)
    pass.workers.forEach(parts: Self.stripCount + 1) { index in
      if index == Self.stripCount { return dy.columnSums(into: pass.gradients[bias]) }
      let strip = Part(index, of: Self.stripCount).range(of: inputWidth)
      if strip.isEmpty { return }
      GEMM.multiply(x.columns(strip), dy, transposing: .left, into: gradient[strip])
    }
  }

  private func matrix(_ block: Floats) -> Rows { Rows(block[weight], width: width) }
}
