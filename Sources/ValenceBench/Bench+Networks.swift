import Foundation
import ValenceCore
import ValenceKernels
import ValenceNN
import ValencePlan
import ValenceTraining

extension Bench {
  /// Times training steps: forward, loss, backward, clipping, AdamW.
  ///
  /// - Throws: `Problems` if the options do not fit, or the gradients are not plain C's.
  package static func train(_ options: BenchOptions) throws -> BenchResult {
    let work = try NetworkWorkload(options)
    let difference = try check("gradients", samples: samplesOfGradients) {
      try work.sample($0).gradients()
    }
    let network = try work.network(workers: Workers(threads: options.threads))
    let optimizer = Optimizer(OptimizerOptions(), count: network.parameters.count)
    let (inputs, targets, loss) = (work.inputs, work.targets, work.loss)
    var random = RandomStream(seed: 1, "bench", "steps")
    return result(
      of: "train", options, difference: difference,
      operations: try work.operations(\.trainingMultiplyAdds)
    ) {
      _ = network.forwardBackward(
        inputs: inputs, batch: work.shape, targets: targets, loss: loss, step: random.next())
      _ = optimizer.step(
        network.parameters, gradients: network.gradients, rate: 1e-3, clipNorm: 5,
        workers: network.workers)
    }
  }

  /// Times passes without gradients: logits of a batch.
  ///
  /// - Throws: `Problems` if the options do not fit, or the logits are not plain C's.
  package static func infer(_ options: BenchOptions) throws -> BenchResult {
    let work = try NetworkWorkload(options)
    let difference = try check("logits") { try work.sample($0).logits() }
    let network = try work.network(workers: Workers(threads: options.threads))
    let inputs = work.inputs
    return result(
      of: "infer", options, difference: difference, operations: try work.operations(\.multiplyAdds)
    ) {
      _ = network.logits(inputs: inputs, batch: work.shape)
    }
  }
}

/// A network and random clips for it.
struct NetworkWorkload {
  private let settings: Settings
  private let input: NetworkInput
  /// The lengths of the clips.
  private var frames: [Int]
  /// The stream that the clips are drawn from.
  private var seed: UInt64 = 1

  /// The settings' network and clips as the options want them.
  init(_ options: BenchOptions) throws {
    let settings = try options.settings(of: ["model", "features", "audio.clip_s"])
    // The peers leave out the frame that is centered on a clip's last sample.
    let longest = max(settings.frames - 1, settings.minimumFrames)
    let shortest = max(longest / 4, settings.minimumFrames)
    var random = RandomStream(seed: 1, "bench", "frames")
    self.init(
      settings,
      frames: (0..<options.batch).map { clip in
        options.ragged && clip > 0 ? shortest + random.below(longest - shortest + 1) : longest
      })
    try refuseTooLarge(options.batch)
  }

  /// The settings' network and clips of so many frames, the first the longest.
  init(_ settings: Settings, frames: [Int]) {
    (self.settings, self.frames) = (settings, frames)
    input = settings.networkInput(frames: frames[0])
  }

  /// One clip for the same network, which plain C gets through in a second; of several lengths the first
  /// is a shorter one, so that padding counts.
  func sample(_ number: Int) -> NetworkWorkload {
    var sample = self
    sample.frames = [frames[(number + 1) % frames.count]]
    sample.seed = UInt64(2 + number)
    return sample
  }

  var shape: BatchShape { BatchShape(frames: frames) }

  /// Normal numbers within each clip's length: `[B, T, bins, channels]` for each branch.
  var inputs: [Floats] {
    input.branches.map { branch in
      var random = RandomStream(seed: seed, "bench", branch.name)
      let width = branch.width
      let room = branch.frames(of: input.frames) * width
      let values = Floats(zeros: frames.count * room)
      for (clip, frames) in frames.enumerated() {
        let start = clip * room
        for index in start..<start + branch.frames(of: frames) * width {
          values[index] = Float(random.normal())
        }
      }
      return values
    }
  }

  var targets: BatchTargets {
    var random = RandomStream(seed: seed, "bench", "targets")
    return BatchTargets(frames.map { _ in random.below(Bench.classes) })
  }

  /// Cross entropy with label smoothing.
  var loss: CrossEntropy {
    var options = LossOptions()
    options.classWeights = .none
    return CrossEntropy(options, counts: [Double](repeating: 1, count: Bench.classes))
  }

  func network(workers: Workers) throws -> Network {
    Network(
      try NetworkShape(model: settings.model, input: input, classes: Bench.classes),
      maxClips: frames.count, seed: 1, workers: workers)
  }

  /// The gradients of one step.
  func gradients() throws -> [Float] {
    let network = try network(workers: .single)
    _ = network.forwardBackward(
      inputs: inputs, batch: shape, targets: targets, loss: loss, step: 1)
    return network.gradients.array
  }

  func logits() throws -> [Float] {
    try network(workers: .single).logits(inputs: inputs, batch: shape)
  }

  /// The operations on all clips by what the network costs for one; a multiply-add counts as two.
  func operations(_ multiplyAdds: KeyPath<NetworkCost, Int>) throws -> Int {
    var costs: [Int: Int] = [:]
    for length in Set(frames) {
      let shape = try NetworkShape(
        model: settings.model, input: settings.networkInput(frames: length), classes: Bench.classes)
      costs[length] = 2 * shape.cost[keyPath: multiplyAdds]
    }
    return frames.reduce(0) { $0 + (costs[$1] ?? 0) }
  }

  private func refuseTooLarge(_ batch: Int) throws {
    let shape = try NetworkShape(model: settings.model, input: input, classes: Bench.classes)
    let needed = shape.cost.trainingBytes(batch: batch, optimizer: OptimizerOptions())
    let free = FreeMemory.bytes
    guard needed > free else { return }
    throw Problems([
      Problem(
        "--batch \(batch): takes about \(needed >> 20) MiB of memory and \(free >> 20) MiB are free; "
          + "use a smaller one.")
    ])
  }
}
