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
    packing = PackedRows(steps: batch.frames.map(stacks[0].steps(frames:)))
    for (index, (stack, input)) in zip(stacks, inputs).enumerated() {
      stack.forward(
        input, batch: batch, parameters: run.parameters, statistics: run.statistics,
        mode: run.mode, dropoutSeed: seed(.stack(index), run),
        output: stacked(features).columns(columns[index]), workers: run.workers)
    }
    let head = pass(.head, run)
    gates?.forward(features, packing: packing, pass: head)
    if let recurrent {
      recurrent.forward(joined, packing: packing, pass: pass(.recurrent(recurrent.cell), run))
    }
    pooling.forward(states, packing: packing, pass: head)
    self.head.forward(pooling.output(clips: batch.clips), pass: head)
  }

  /// The rows of the last pass.
  private func stacked(_ rows: Rows) -> Rows { rows.prefix(packing.rows) }

  /// The columns of each stack's output.
  private var columns: [Range<Int>] {
    var end = 0
    return stacks.map { stack in
      end += stack.outputWidth
      return end - stack.outputWidth..<end
    }
  }

  /// What recurrent layers read, `[rows, joinedWidth]`.
  private var joined: Rows { gates?.output(rows: packing.rows) ?? stacked(features) }

  /// What pooling reads, `[rows, W]`.
  private var states: Rows { recurrent?.output(rows: packing.rows) ?? joined }

  /// Takes the gradient of the logits, which the head holds, back through all layers.
  func backward(batch: BatchShape, run: Run) {
    let pooled = pooledGradient.prefix(batch.clips)
    let (statesGradient, joinedGradient) = (stacked(statesGradient), stacked(joinedGradient))
    let head = pass(.head, run)
    self.head.backward(
      input: pooling.output(clips: batch.clips), inputGradient: pooled, pass: head)
    pooling.backward(
      pooled, h: states, inputGradient: statesGradient, packing: packing, pass: head)
    if let recurrent {
      recurrent.backward(
        statesGradient, input: joined, inputGradient: joinedGradient, packing: packing,
        pass: pass(.recurrent(recurrent.cell), run))
    }
    gates?.backward(
      joinedGradient, input: features, inputGradient: featuresGradient, packing: packing,
      pass: head)
    for (stack, columns) in zip(stacks, columns) {
      stack.backward(
        outputGradient: stacked(featuresGradient).columns(columns), batch: batch,
        parameters: run.parameters, gradients: run.gradients, workers: run.workers)
    }
  }
}
