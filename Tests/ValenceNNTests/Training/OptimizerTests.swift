import Foundation
import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceNN

@Suite("Optimizer")
struct OptimizerTests {
  private static func options(
    _ name: OptimizerOptions.Name, momentum: Double = 0, nesterov: Bool = false
  ) -> OptimizerOptions {
    var options = OptimizerOptions()
    (options.name, options.weightDecay) = (name, 0.1)
    (options.momentum, options.nesterov) = (momentum, nesterov)
    return options
  }

  @Test(
    "ten steps with clipping and weight decay equal PyTorch's",
    arguments: [
      ("adamw", options(.adamw)), ("adam", options(.adam)), ("sgd_plain", options(.sgd)),
      ("sgd_momentum", options(.sgd, momentum: 0.9)),
      ("sgd_nesterov", options(.sgd, momentum: 0.8, nesterov: true)),
    ])
  func equalsPyTorch(name: String, options: OptimizerOptions) throws {
    let arrays = try Fixture(.module).arrays("sequence/\(name).safetensors")
    let optimizer = Optimizer(options, count: 100)
    let parameters = Floats(hashed("parameters", 100))
    let norms = (0..<10).map { step in
      Float(
        optimizer.step(
          parameters,
          gradients: Floats(hashed("gradient \(step)", 100, scale: 0.2 * Float(step + 1))),
          rate: 1e-2, clipNorm: 5, workers: .single))
    }
    let theirs = try #require(arrays["parameters"]).values
    let far = Deviation(parameters.array, from: theirs, absolute: 1e-6, relative: 1e-6)
    #expect(far.isWithin, "\(far)")
    let farNorms = Deviation(
      norms, from: try #require(arrays["norms"]).values, absolute: 0, relative: 1e-6)
    #expect(farNorms.isWithin, "\(farNorms)")
  }

  @Test(
    "1, 2 and 4 threads give the same bits over several parts",
    arguments: OptimizerOptions.Name.allCases)
  func threadsChangeNothing(name: OptimizerOptions.Name) {
    let count = 200_003
    let options = Self.options(name, momentum: 0.9)
    let results = [1, 2, 4].map { threads in
      let parameters = Floats(hashed("parameters", count))
      let optimizer = Optimizer(options, count: count)
      let norm = optimizer.step(
        parameters, gradients: Floats(hashed("gradient", count)), rate: 1e-3, clipNorm: 5,
        workers: Workers(threads: threads))
      return (norm, parameters.array)
    }
    for result in results.dropFirst() {
      #expect(result.0 == results[0].0)
      #expect(result.1 == results[0].1)
    }
  }

  @Test(
    "a gradient that is not finite moves nothing and is reported by its norm",
    arguments: OptimizerOptions.Name.allCases)
  func refusesInfinities(name: OptimizerOptions.Name) {
    let parameters = Floats([1, 2])
    let optimizer = Optimizer(Self.options(name), count: 2)
    let norm = optimizer.step(
      parameters, gradients: Floats([.nan, 0]), rate: 1, clipNorm: 1, workers: .single)
    #expect(norm.isNaN)
    #expect(parameters.array == [1, 2])
  }
}

@Suite("Learning rate schedule")
struct ScheduleTests {
  private func schedule(
    _ name: ScheduleOptions.Name, warmup: Int, epochs: Int, steps: Int, peak: Double = 0.5
  ) -> LearningRateSchedule {
    var options = ScheduleOptions()
    (options.name, options.warmupEpochs) = (name, warmup)
    (options.everyEpochs, options.factor) = (2, 0.3)
    return LearningRateSchedule(options, peak: peak, epochs: epochs, stepsPerEpoch: steps)
  }

  @Test(
    "warm-up, cosine and steps equal PyTorch's LinearLR, CosineAnnealingLR and StepLR",
    arguments: [("schedule", ScheduleOptions.Name.cosine), ("schedule_step", .step)])
  func equalsPyTorch(file: String, name: ScheduleOptions.Name) throws {
    let rates = try #require(Fixture(.module).arrays("sequence/\(file).safetensors")["rates"])
    let ours = schedule(name, warmup: 3, epochs: 10, steps: 2)
    let far = Deviation(
      (0..<20).map { Float(ours.rate(step: $0)) }, from: rates.values, absolute: 5e-7, relative: 0)
    #expect(far.isWithin, "\(far)")
  }

  @Test("the cosine has its closed form and never turns up again after the last step")
  func cosineClosedForm() {
    let ours = schedule(.cosine, warmup: 0, epochs: 4, steps: 25)
    for step in 0..<100 {
      let expected = 0.25 * (1 + cos(.pi * Double(step) / 100))
      #expect(abs(ours.rate(step: step) - expected) < 1e-15)
    }
    #expect(ours.rate(step: 100) == 0)
    #expect(ours.rate(step: 150) == 0)
  }

  @Test("constant keeps the peak after a linear warm-up, which may be all of training")
  func constantAndLongWarmup() {
    let constant = schedule(.constant, warmup: 1, epochs: 3, steps: 4)
    #expect((0..<6).map { constant.rate(step: $0) } == [0.125, 0.25, 0.375, 0.5, 0.5, 0.5])
    let long = schedule(.cosine, warmup: 9, epochs: 2, steps: 1)
    #expect(long.rate(step: 1) == 0.5 * 2 / 9)
  }
}
