import ValenceCore
import ValenceKernels

extension Tower {
  /// The pass of a group of layers, whose dropout draws from a stream of its own.
  private func pass(_ group: String, _ pass: Pass) -> Pass { pass.drawing(from: prefix + group) }

  /// The pass of a branch's own layers.
  private func stackPass(_ index: Int, _ pass: Pass) -> Pass {
    pass.drawing(from: "\(prefix)stack \(index)", layerPrefix: branches[index].prefix)
  }

  /// Runs all layers.
  func forward(_ inputs: ArraySlice<Floats>, batch: BatchShape, pass: Pass) {
    precondition(
      inputs.count == branches.count && batch.clips <= maxClips,
      "\(inputs.count) inputs of \(batch.clips) clips for \(branches.count) branches, "
        + "at most \(maxClips) clips")
    packing = PackedRows(steps: batch.frames.map(branches[0].stack.steps(frames:)))
    for (index, input) in zip(branches.indices, inputs) {
      branches[index].stack.forward(
        input, batch: batch, into: stacked(features).columns(branches[index].columns),
        pass: stackPass(index, pass))
    }
    gates?.forward(features, packing: packing, pass: pass)
    if let recurrent {
      recurrent.forward(
        joined, packing: packing, pass: self.pass(recurrent.cell.rawValue, pass))
    }
    transformer?.forward(recurred, packing: packing, pass: self.pass("transformer", pass))
    pooling.forward(states, packing: packing, pass: pass)
    head.forward(pooling.output(clips: batch.clips), pass: self.pass("head", pass))
  }

  /// The rows of the last pass.
  private func stacked(_ rows: Rows) -> Rows { rows.prefix(packing.rows) }

  /// The input of the recurrent layers, `[rows, joinedWidth]`.
  private var joined: Rows { gates?.output(rows: packing.rows) ?? stacked(features) }

  /// The input of the transformer, `[rows, R]`.
  private var recurred: Rows { recurrent?.output(rows: packing.rows) ?? joined }

  /// The input of pooling, `[rows, W]`.
  private var states: Rows { transformer?.output(rows: packing.rows) ?? recurred }

  /// Takes the gradient of the logits, which the head holds, back through all layers.
  ///
  /// - Parameter change: what may change the gradient of the pooled vectors, its second argument.
  func backward(batch: BatchShape, pass: Pass, change: (Rows, Rows) -> Void) {
    let pooled = pooledGradient.prefix(batch.clips)
    let (statesGradient, joinedGradient) = (stacked(statesGradient), stacked(joinedGradient))
    let recurrentGradient = stacked(recurrentGradient)
    head.backward(
      input: pooling.output(clips: batch.clips), inputGradient: pooled,
      pass: self.pass("head", pass))
    change(pooling.output(clips: batch.clips), pooled)
    pooling.backward(
      pooled, h: states, inputGradient: statesGradient, packing: packing, pass: pass)
    transformer?.backward(
      statesGradient, input: recurred, inputGradient: recurrentGradient, packing: packing,
      pass: self.pass("transformer", pass))
    if let recurrent {
      recurrent.backward(
        recurrentGradient, input: joined, inputGradient: joinedGradient, packing: packing,
        pass: self.pass(recurrent.cell.rawValue, pass))
    }
    gates?.backward(
      joinedGradient, input: features, inputGradient: featuresGradient, packing: packing,
      pass: pass)
    for (index, branch) in branches.enumerated() {
      branch.stack.backward(
        stacked(featuresGradient).columns(branch.columns), batch: batch,
        pass: stackPass(index, pass))
    }
  }
}
