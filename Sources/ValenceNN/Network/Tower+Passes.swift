import ValenceCore
import ValenceKernels

extension Tower {
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

  }

  private func seed(_ layer: DroppingLayer, _ run: Run) -> UInt64 {
    var random = RandomStream(seed: run.seed, "dropout", prefix + layer.name)
    return random.next()
  }

  private func pass(_ layer: DroppingLayer, _ run: Run) -> Pass {
    Pass(
      parameters: run.parameters, gradients: run.gradients, mode: run.mode,
      dropoutSeed: seed(layer, run), workers: run.workers)
  }

  /// Runs all layers.
  func forward(_ inputs: ArraySlice<Floats>, batch: BatchShape, run: Run) {
    precondition(
      inputs.count == stacks.count && batch.clips <= maxClips,
      "\(inputs.count) inputs of \(batch.clips) clips for \(stacks.count) branches, "
        + "at most \(maxClips) clips")
    rows = PackedRows(steps: batch.frames.map(stacks[0].steps(frames:)))
    let stride = shape.stackedWidth
    var column = 0
    for (index, (stack, input)) in zip(stacks, inputs).enumerated() {
      stack.forward(
        input, batch: batch, parameters: run.parameters, statistics: run.statistics,
        mode: run.mode, dropoutSeed: seed(.stack(index), run), output: features, stride: stride,
        column: column, workers: run.workers)
      column += stack.outputWidth
    }
    let head = pass(.head, run)
    gates?.forward(features, rows: rows, pass: head)
    if let recurrent {
      recurrent.forward(joined, rows: rows, pass: pass(.recurrent(recurrent.cell), run))
    }
    pooling.forward(states, rows: rows, pass: head)
    self.head.forward(pooling.output(clips: batch.clips), clips: batch.clips, pass: head)
  }

  /// What recurrent layers read, `[rows, joinedWidth]`.
  private var joined: Floats {
    gates?.output(rows: rows.rows) ?? features[0..<rows.rows * shape.stackedWidth]
  }

  /// What pooling reads, `[rows, W]`.
  private var states: Floats { recurrent?.output(rows: rows.rows) ?? joined }

  /// Takes the gradient of the logits, which the head holds, back through all layers.
  func backward(batch: BatchShape, run: Run) {
    let pooled = pooledGradient[0..<batch.clips * shape.pooledWidth]
    let statesGradient = statesGradient[0..<rows.rows * shape.pooledWidth]
    let joinedGradient = joinedGradient[0..<rows.rows * shape.joinedWidth]
    let stride = shape.stackedWidth
    let head = pass(.head, run)
    self.head.backward(
      input: pooling.output(clips: batch.clips), inputGradient: pooled, clips: batch.clips,
      pass: head)
    pooling.backward(pooled, h: states, inputGradient: statesGradient, rows: rows, pass: head)
    if let recurrent {
      recurrent.backward(
        statesGradient, input: joined, inputGradient: joinedGradient, rows: rows,
        pass: pass(.recurrent(recurrent.cell), run))
    }
    gates?.backward(
      joinedGradient, input: features, inputGradient: featuresGradient, rows: rows, pass: head)
    var column = 0
    for stack in stacks {
      stack.backward(
        outputGradient: featuresGradient, stride: stride, column: column, batch: batch,
        parameters: run.parameters, gradients: run.gradients, workers: run.workers)
      column += stack.outputWidth
    }
  }
}
