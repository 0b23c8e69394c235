import ValenceCore
import ValenceKernels

extension Network {
  /// The layers that drop values at random; each draws from its own stream in each step.
  private enum DroppingLayer {
    case stack(Int)
    case recurrent(RNNOptions.Cell)
    case head

    var name: String {
      switch self {
      case .stack(let index): "stack \(index)"
      case .recurrent(let cell): cell.rawValue
      case .head: "head"
      }
    }

    func seed(step: UInt64) -> UInt64 {
      var random = RandomStream(seed: step, "dropout", name)
      return random.next()
    }
  }

  private func pass(_ mode: Mode, _ layer: DroppingLayer, step seed: UInt64) -> Pass {
    Pass(
      parameters: parameters, gradients: gradients, mode: mode,
      dropoutSeed: layer.seed(step: seed), workers: workers)
  }

  /// Runs all layers and returns how the clips' time steps are packed.
  func forward(_ inputs: [Floats], batch: BatchShape, mode: Mode, seed: UInt64) -> PackedRows {
    precondition(
      inputs.count == stacks.count && batch.clips <= maxClips,
      "\(inputs.count) inputs of \(batch.clips) clips for \(stacks.count) branches, "
        + "at most \(maxClips) clips")
    let rows = PackedRows(steps: batch.frames.map(stacks[0].steps(frames:)))
    let stride = shape.stackedWidth
    var column = 0
    for (index, stack) in stacks.enumerated() {
      stack.forward(
        inputs[index], batch: batch, parameters: parameters, statistics: statistics, mode: mode,
        dropoutSeed: DroppingLayer.stack(index).seed(step: seed), output: features, stride: stride,
        column: column, workers: workers)
      column += stack.outputWidth
    }
    if let recurrent {
      recurrent.forward(
        features[0..<rows.rows * stride], rows: rows,
        pass: pass(mode, .recurrent(recurrent.cell), step: seed))
    }
    let head = pass(mode, .head, step: seed)
    pooling.forward(states(rows: rows.rows), rows: rows, pass: head)
    self.head.forward(pooling.output(clips: batch.clips), clips: batch.clips, pass: head)
    return rows
  }

  /// What pooling reads, `[rows, W]`.
  private func states(rows: Int) -> Floats {
    recurrent?.output(rows: rows) ?? features[0..<rows * shape.stackedWidth]
  }

  /// Takes the gradient of the logits back through all layers.
  func backward(batch: BatchShape, rows: PackedRows, seed: UInt64) {
    let pooled = pooledGradient[0..<batch.clips * shape.pooledWidth]
    let states = statesGradient[0..<rows.rows * shape.pooledWidth]
    let stride = shape.stackedWidth
    let head = pass(.training, .head, step: seed)
    self.head.backward(
      input: pooling.output(clips: batch.clips), inputGradient: pooled, clips: batch.clips,
      pass: head)
    pooling.backward(
      pooled, h: self.states(rows: rows.rows), inputGradient: states, rows: rows, pass: head)
    if let recurrent {
      recurrent.backward(
        states, input: features[0..<rows.rows * stride],
        inputGradient: featuresGradient[0..<rows.rows * stride], rows: rows,
        pass: pass(.training, .recurrent(recurrent.cell), step: seed))
    }
    var column = 0
    for stack in stacks {
      stack.backward(
        outputGradient: featuresGradient, stride: stride, column: column, batch: batch,
        parameters: parameters, gradients: gradients, workers: workers)
      column += stack.outputWidth
    }
  }
}
