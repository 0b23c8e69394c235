import ValenceKernels

/// Convolutions over neighboring frames, by groups of channels, that are added to the frames and tell a
/// frame its place.
struct PositionConvolution: Sendable {
  private let kernel: Int
  private let steps: [Step]
  /// data2vec has several, each normalized; the others have one.
  private let isSeries: Bool

  private struct Step: Sendable {
    let groups: [(weight: PackedMatrix, bias: Floats)]
  }

  init(
    _ weights: Weights, _ options: EncoderConfig.Wave.Position
  ) throws(EncoderError) {
    kernel = options.kernel
    isSeries = options.depth != nil
    let name = "encoder.pos_conv_embed"
    guard let depth = options.depth else {
      let values = Self.weightNormed(
        try weights.values("\(name).conv.parametrizations.weight.original1"),
        lengths: try weights.values("\(name).conv.parametrizations.weight.original0"))
      steps = [
        Self.step(values, bias: try weights.values("\(name).conv.bias"), options)
      ]
      return
    }
    var steps: [Step] = []
    for index in 0..<depth {
      steps.append(
        Self.step(
          try weights.values("\(name).layers.\(index).conv.weight"),
          bias: try weights.values("\(name).layers.\(index).conv.bias"), options))
    }
    self.steps = steps
  }

  /// The weights of a weight norm by tap (Salimans and Kingma, 2016): each tap's directions, made as long
  /// as its length says.
  static func weightNormed(_ directions: [Float], lengths: [Float]) -> [Float] {
    let taps = lengths.count
    var squares = [Double](repeating: 0, count: taps)
    for (index, value) in directions.enumerated() {
      squares[index % taps] += Double(value) * Double(value)
    }
    let scales = zip(lengths, squares).map { Double($0) / $1.squareRoot() }
    return directions.enumerated().map { Float(Double($1) * scales[$0 % taps]) }
  }

  private static func step(
    _ weight: [Float], bias: [Float], _ options: EncoderConfig.Wave.Position
  ) -> Step {
    let width = bias.count / options.groups
    let count = width * width * options.kernel
    return Step(
      groups: (0..<options.groups).map { group in
        (
          weight: PackedMatrix(
            Floats(weight[group * count..<(group + 1) * count]),
            .convolution(inputs: width, outputs: width, taps: options.kernel)),
          bias: Floats(bias[group * width..<(group + 1) * width])
        )
      })
  }

  /// Adds the convolutions of the frames to the frames.
  func apply(_ frames: Rows, workers: Workers, pool: FloatPool) {
    guard isSeries else {
      return convolve(frames, steps[0], finish: [.gelu, .add], into: frames, (workers, pool))
    }
    let stride = paddedStride(frames.width)
    pool.lend(frames.count * stride) { memory in
      let other = Rows(memory, count: frames.count, width: frames.width, stride: stride)
      let norm = RowNorm(nil, epsilon: 1e-5)
      let blocks = TransformerStack.blocks(frames: frames.count, threads: workers.threads)
      for (index, step) in steps.enumerated() {
        convolve(index == 0 ? frames : other, step, finish: [], into: other, (workers, pool))
        workers.forEach(parts: blocks) { part in
          let range = Part(part, of: blocks).range(of: frames.count)
          norm.apply(other[range], gelu: true, into: other[range])
          if index == steps.count - 1 { frames[range].add(other[range]) }
        }
      }
    }
  }

  /// Each group's columns are copied side by side, where a window is one run of floats.
  ///
  /// A kernel of even width would give a frame more than there are; it is dropped.
  private func convolve(
    _ input: Rows, _ step: Step, finish: PackedMatrix.Finish, into out: Rows,
    _ threads: (workers: Workers, pool: FloatPool)
  ) {
    let groups = step.groups.count
    let width = input.width / groups
    let padded = input.count + kernel
    threads.workers.forEach(parts: groups) { group in
      let columns = group * width..<(group + 1) * width
      threads.pool.lend(padded * width) { memory in
        memory.fill(0)
        let copy = Rows(memory, count: padded, width: width)
        copy[kernel / 2..<kernel / 2 + input.count].copy(input.columns(columns))
        step.groups[group].weight.multiply(
          Windows(copy, count: input.count, step: 1), bias: step.groups[group].bias,
          finish: finish, into: out.columns(columns))
      }
    }
  }
}
