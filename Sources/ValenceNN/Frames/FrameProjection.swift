import ValenceKernels

/// The layers of a branch of frames: a mean over states and frames, then a dense layer with activation and
/// dropout over each time step.
///
/// With pooling by the mean and no layers between, this is the downstream head of EmoBox (Ma et al., 2024)
/// and, without an activation and with several states, that of SUPERB (Yang et al., 2021).
final class FrameProjection: BranchLayers {
  /// The dense layer and what it remembers; J values a step.
  private struct Projection {
    let options: ProjectionOptions
    let dense: DenseLayer
    /// `[rows, J]`: before GELU; empty with other activations.
    let arguments: Rows
    /// `[rows, J]`: after activation and dropout, and dL/d of the dense layer's output.
    let values: Rows
    let gradient: Rows
  }

  private let mean: FrameMean
  private let projection: Projection?
  /// `[rows, d]`: dL/d of the means; empty where nothing below learns.
  private let meanGradient: Rows
  private var packing = PackedRows(steps: [])

  /// The rows of `branch`; without options the means are the output.
  static func shapes(
    of options: ProjectionOptions?, input branch: NetworkInput.Branch, frames: Int, averaging: Int
  ) -> [LayerShape] {
    var input = LayerShape(
      "input",
      branch.channels == 1
        ? .sequence(steps: frames, width: branch.bins)
        : .image(ImageSize(channels: branch.channels, frames: frames, bins: branch.bins)))
    input.keptFloats = frames * branch.channels * branch.bins
    let mean = FrameMean.shape(branch, of: averaging, frames: frames)
    var layers = [input] + [mean].compactMap { $0 }
    if let options {
      let steps = frames / averaging
      var dense = DenseLayer.shape(
        "projection", steps: steps, inputs: branch.bins, width: options.width)
      if options.activation == .gelu { dense.keptFloats *= 2 }
      dense.isFirst = branch.channels == 1
      layers.append(dense)
    }
    return layers
  }

  /// Adds `projection.weight` and its bias, if there are options.
  init(
    _ options: ProjectionOptions?, mean: FrameMean, state: inout StateLayout
  ) {
    self.mean = mean
    let rows = mean.rows
    projection = options.map { options in
      Projection(
        options: options,
        dense: DenseLayer("projection.", (mean.bins, options.width), state: &state),
        arguments: Rows(zeros: options.activation == .gelu ? rows : 0, width: options.width),
        values: Rows(zeros: rows, width: options.width),
        gradient: Rows(zeros: rows, width: options.width))
    }
    meanGradient = Rows(zeros: mean.learns ? rows : 0, width: mean.bins)
  }

  var outputWidth: Int { projection?.options.width ?? mean.bins }

  func steps(frames: Int) -> Int { mean.steps(frames: frames) }

  func forward(_ input: Floats, batch: BatchShape, into output: Rows, pass: Pass) {
    packing = PackedRows(steps: batch.frames.map(steps(frames:)))
    mean.forward(input, packing: packing, pass: pass)
    let x = mean.output(rows: packing.rows)
    guard let projection else { return output.copy(x) }
    let dropout = dropout(of: projection, pass)
    let inputDropout = inputDropout(of: projection, pass)
    pass.workers.forEach(parts: packing.clips) { clip in
      let rows = packing.rows(of: clip)
      let y = projection.values[rows]
      // In place: the means are kept for the gradient of the weights, which reads what the layer has read.
      inputDropout.apply(to: x[rows].floats, clip: clip)
      switch projection.options.activation {
      case .relu: projection.dense.forward(x[rows], into: y, relu: true, pass: pass)
      case .none: projection.dense.forward(x[rows], into: y, pass: pass)
      case .gelu:
        let argument = projection.arguments[rows]
        projection.dense.forward(x[rows], into: argument, pass: pass)
        argument.gelu(into: y)
      }
      dropout.apply(to: y.floats, clip: clip)
      output[rows].copy(y)
    }
  }

  func backward(_ outputGradient: Rows, batch: BatchShape, pass: Pass) {
    guard let projection else {
      if mean.learns { meanGradient.prefix(packing.rows).copy(outputGradient) }
      return mean.backward(meanGradient, packing: packing, pass: pass)
    }
    let dropout = dropout(of: projection, pass)
    let inputDropout = inputDropout(of: projection, pass)
    pass.workers.forEach(parts: packing.clips) { clip in
      let rows = packing.rows(of: clip)
      let dy = projection.gradient[rows]
      dy.copy(outputGradient[rows])
      switch projection.options.activation {
      case .relu: dy.reluBackward(result: projection.values[rows], scale: dropout.scale)
      case .none: dropout.apply(to: dy.floats, clip: clip)
      case .gelu:
        dropout.apply(to: dy.floats, clip: clip)
        dy.geluBackward(argument: projection.arguments[rows])
      }
      if mean.learns {
        projection.dense.fillInputGradient(meanGradient[rows], from: dy, pass: pass)
        inputDropout.apply(to: meanGradient[rows].floats, clip: clip)
      }
    }
    projection.dense.fillParameterGradients(
      mean.output(rows: packing.rows), projection.gradient.prefix(packing.rows), pass: pass)
    mean.backward(meanGradient, packing: packing, pass: pass)
  }

  private func dropout(of projection: Projection, _ pass: Pass) -> Dropout {
    pass.dropout(projection.options.dropout, layer: "projection")
  }

  private func inputDropout(of projection: Projection, _ pass: Pass) -> Dropout {
    pass.dropout(projection.options.inputDropout, layer: "projection input")
  }
}
