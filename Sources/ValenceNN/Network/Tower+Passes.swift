import ValenceCore
import ValenceKernels

extension Tower {
  /// The pass of a group of layers, whose dropout draws from a stream of its own.
  private func pass(_ group: String, _ pass: Pass) -> Pass { pass.drawing(from: prefix + group) }

  /// The pass of a branch's own layers.
  private func stackPass(_ index: Int, _ pass: Pass) -> Pass {
    pass.drawing(from: "\(prefix)stack \(index)", layerPrefix: branches[index].prefix)
  }

  /// The clips as a branch has them: a vector is one frame of a clip.
  private func frames(of index: Int, _ batch: BatchShape) -> BatchShape {
    BatchShape(frames: batch.frames.map(shape.input.branches[index].frames(of:)))
  }

  /// Runs all layers.
  func forward(_ inputs: ArraySlice<Floats>, batch: BatchShape, pass: Pass) {
    precondition(
      inputs.count == branches.count && batch.clips <= maxClips,
      "\(inputs.count) inputs of \(batch.clips) clips for \(branches.count) branches, "
        + "at most \(maxClips) clips")
    packing = PackedRows(steps: frames(of: 0, batch).frames.map(branches[0].stack.steps))
    for (index, input) in zip(branches.indices, inputs) {
      let branch = branches[index]
      branch.stack.forward(
        input, batch: frames(of: index, batch),
        into: output(of: branch, clips: batch.clips).columns(branch.columns),
        pass: stackPass(index, pass))
    }
    gates?.forward(features, packing: packing, pass: pass)
    if let recurrent {
      recurrent.forward(
        joined, packing: packing, pass: self.pass(recurrent.cell.rawValue, pass))
    }
    transformer?.forward(recurred, packing: packing, pass: self.pass("transformer", pass))
    pooling.forward(states, packing: packing, pass: pass)
    let pooled = pooling.output(clips: batch.clips)
    if let besides {
      let joined = besides.values.prefix(batch.clips)
      joined.columns(0..<pooled.width).copy(pooled)
      clearDropped(of: joined, pooled: pooled.width, pass)
    }
    head.forward(headInput(clips: batch.clips), pass: self.pass("head", pass))
  }

  /// Where a branch's stack writes.
  private func output(of branch: BranchStack, clips: Int) -> Rows {
    guard branch.isBesideFrames, let besides else { return stacked(features) }
    return besides.values.prefix(clips)
  }

  /// The input of the head, `[B, W + V]`.
  private func headInput(clips: Int) -> Rows {
    besides?.values.prefix(clips) ?? pooling.output(clips: clips)
  }

  /// Zeros what modality dropout takes from a clip in training: what was pooled of its frames, or its vector;
  /// of the gradient the same.
  ///
  /// Unlike single values, which many others stand in for, what is kept is not scaled (Neverova et al., 2016).
  private func clearDropped(of joined: Rows, pooled width: Int, _ pass: Pass) {
    let share = shape.model.modalityDropout
    guard share > 0, pass.mode == .training else { return }
    var random = RandomStream(seed: pass.seed, "dropout", prefix + "modality")
    for clip in 0..<joined.count {
      let draw = random.uniform()
      guard draw < share else { continue }
      let dropped = draw < share / 2 ? 0..<width : width..<joined.width
      joined.row(clip)[dropped].fill(0)
    }
  }

  /// The rows of the last pass.
  private func stacked(_ rows: Rows) -> Rows { rows.prefix(packing.rows) }

  /// The input of the recurrent layers, `[rows, joinedWidth]`.
  private var joined: Rows { gates?.output(rows: packing.rows) ?? stacked(features) }

  /// The input of the transformer, `[rows, R]`.
  private var recurred: Rows { recurrent?.output(rows: packing.rows) ?? joined }

  /// The input of pooling, `[rows, W]`.
  private var states: Rows { transformer?.output(rows: packing.rows) ?? recurred }

  /// Takes the gradient of the logits, which the head holds, to the weights of the last layer alone.
  func backwardLast(clips: Int, pass: Pass) {
    head.backwardLast(input: headInput(clips: clips), pass: pass)
  }

  /// Takes the gradient of the logits, which the head holds, back through all layers.
  ///
  /// - Parameter change: what may change the gradient of the pooled vectors, its second argument.
  func backward(batch: BatchShape, pass: Pass, change: (Rows, Rows) -> Void) {
    let pooled = pooledGradient.prefix(batch.clips)
    let (statesGradient, joinedGradient) = (stacked(statesGradient), stacked(joinedGradient))
    let recurrentGradient = stacked(recurrentGradient)
    let headGradient = besides?.gradient.prefix(batch.clips) ?? pooled
    head.backward(
      input: headInput(clips: batch.clips), inputGradient: headGradient,
      pass: self.pass("head", pass))
    if besides != nil {
      clearDropped(of: headGradient, pooled: pooled.width, pass)
      pooled.copy(headGradient.columns(0..<pooled.width))
    }
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
      let gradient = branch.isBesideFrames ? headGradient : stacked(featuresGradient)
      branch.stack.backward(
        gradient.columns(branch.columns), batch: frames(of: index, batch),
        pass: stackPass(index, pass))
    }
  }
}
