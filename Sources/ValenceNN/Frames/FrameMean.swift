import Foundation
import ValenceKernels

/// From an encoder's frames to time steps: the states of each frame are mixed into one by learned weights, and
/// neighboring frames are averaged.
///
/// x[s] = 1/a Σ over a frames of Σ w[k]·state[k], w = softmax of `mix.weight`; d bins, K states. A single state
/// is not weighted. Source: SUPERB's weighted sum of hidden states (Yang et al., 2021).
final class FrameMean {
  let branch: NetworkInput.Branch
  /// a.
  let averaging: Int
  private let maxFrames: Int
  private let weight: Range<Int>?
  /// `[rows, d]`.
  private let means: Rows
  /// `[rows, a·K]`: the products of each state of a step with the gradient of its mean.
  private let products: Rows
  /// The input of the last training pass.
  private var trainingInput: Floats?

  /// The greatest number of rows.
  var rows: Int { means.count }
  /// d.
  var bins: Int { branch.bins }
  /// Whether it learns, and so needs the gradient of the means.
  var learns: Bool { weight != nil }

  /// The time steps that clips of `frames` frames become, if something is done to them at all.
  static func shape(_ branch: NetworkInput.Branch, of averaging: Int, frames: Int) -> LayerShape? {
    if branch.channels == 1, averaging == 1 { return nil }
    let steps = frames / averaging
    var shape = LayerShape(
      branch.channels > 1 ? "mix of states" : "mean of frames",
      .sequence(steps: steps, width: branch.bins))
    if branch.channels > 1 { shape.parameters = branch.channels }
    shape.multiplyAdds = steps * averaging * branch.channels * branch.bins
    shape.keptFloats = steps * branch.bins
    shape.isFirst = true
    return shape
  }

  /// Adds `mix.weight` `[K]`, zeros, if there are several states.
  ///
  /// - Parameters:
  ///   - frames: the greatest number of frames of a clip.
  ///   - clips: the greatest number of clips.
  init(
    _ branch: NetworkInput.Branch, of averaging: Int, frames: Int, clips: Int,
    state: inout StateLayout
  ) {
    (self.branch, self.averaging, maxFrames) = (branch, averaging, frames)
    let rows = clips * (frames / averaging)
    means = Rows(zeros: rows, width: branch.bins)
    if branch.channels > 1 {
      weight = state.addParameter(
        "mix.weight", shape: [branch.channels], initializer: .constant(0))
      products = Rows(zeros: rows, width: averaging * branch.channels)
    } else {
      weight = nil
      products = Rows(zeros: 0, width: 1)
    }
  }

  /// The number of time steps that a clip of `frames` frames gives.
  func steps(frames: Int) -> Int { frames / averaging }

  /// The means of the last `forward`, `[rows, d]`.
  func output(rows: Int) -> Rows { means.prefix(rows) }

  /// Averages the frames of `input`, `[clips, frames, K, d]`.
  func forward(_ input: Floats, packing: PackedRows, pass: Pass) {
    trainingInput = pass.mode == .training ? input : nil
    let shares = shares(pass.parameters).map { Float($0 / Double(averaging)) }
    let weights = Floats((0..<averaging).flatMap { _ in shares })
    pass.workers.forEach(parts: packing.clips) { clip in
      let steps = packing.rows(of: clip)
      let states = states(of: clip, input)
      if weights.count == 1 { return means[steps].copy(states.prefix(steps.count)) }
      for (step, row) in steps.enumerated() {
        window(step, of: states).columnSums(weights: weights, into: means.row(row))
      }
    }
  }

  /// Overwrites the gradient of `mix.weight`, given that of the means, `[rows, d]`, after a training `forward`.
  func backward(_ gradient: Rows, packing: PackedRows, pass: Pass) {
    guard let weight else { return }
    guard let input = trainingInput else {
      preconditionFailure("backward without a training forward of this batch")
    }
    pass.workers.forEach(parts: packing.clips) { clip in
      let states = states(of: clip, input)
      for (step, row) in packing.rows(of: clip).enumerated() {
        GEMM.multiply(
          gradient[row..<row + 1], window(step, of: states), transposing: .right,
          into: products[row..<row + 1])
      }
    }
    let sums = Floats(zeros: products.width)
    products.prefix(packing.rows).columnSums(scale: 1 / Double(averaging), into: sums)
    let shares = shares(pass.parameters)
    let ofState = shares.indices.map { state in
      stride(from: state, to: sums.count, by: shares.count).reduce(0.0) { $0 + Double(sums[$1]) }
    }
    let mean = zip(shares, ofState).reduce(0.0) { $0 + $1.0 * $1.1 }
    pass.gradients[weight].copy(zip(shares, ofState).map { Float($0 * ($1 - mean)) })
  }

  /// The weight of each state; they sum to 1.
  private func shares(_ parameters: Floats) -> [Double] {
    guard let weight else { return [1] }
    let scores = parameters[weight].array.map(Double.init)
    let greatest = scores.max() ?? 0
    let powers = scores.map { exp($0 - greatest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// All states of a clip, frame after frame, `[frames · K, d]`.
  private func states(of clip: Int, _ input: Floats) -> Rows {
    Rows(Rows(input, width: maxFrames * branch.channels * bins).row(clip), width: bins)
  }

  /// The states of a step, `[a · K, d]`.
  private func window(_ step: Int, of states: Rows) -> Rows {
    let count = averaging * branch.channels
    return states[step * count..<(step + 1) * count]
  }
}
