import Foundation
import ValenceCore
import ValenceKernels
import ValenceNN

/// Times whole training steps of a network on random clips: forward, loss, backward, clipping, AdamW.
///
/// Sizes, input and counting are those of the PyTorch reference, so the two can stand side by side.
public struct TrainBench: Sendable {
  /// The networks that are timed.
  public enum Size: String, Sendable, CaseIterable {
    /// 16-32-64 channels, 64 units.
    case small
    /// 32-64-128 channels, 128 units.
    case reference
    /// 64-128-256 channels, 256 units in two layers.
    case large

    var model: ModelOptions {
      var model = ModelOptions()
      switch self {
      case .small:
        model.cnn.channels = [16, 32, 64]
        model.rnn?.hidden = 64
      case .reference: break
      case .large:
        model.cnn.channels = [64, 128, 256]
        model.rnn?.hidden = 256
        model.rnn?.layers = 2
      }
      return model
    }
  }

  /// The network.
  public var size = Size.reference
  /// Clips a step.
  public var batch = 32
  /// Threads of the step.
  public var threads = 2
  /// Steps that are timed, after three that are not.
  public var repeats = 10
  /// Whether clips last from a quarter to the full length instead of all the full length.
  public var ragged = false

  /// The reference network, batch 32, two threads.
  public init() {}

  /// The outcome, with the reference script's keys.
  public struct Result: Codable, Sendable {
    /// What was timed.
    public var what = "train"
    /// The network.
    public var size: String
    /// Clips a step.
    public var batch: Int
    /// Threads of the step.
    public var threads: Int
    /// Whether clips had different lengths.
    public var ragged: Bool
    /// The median time of a step.
    public var median_ms: Double
    /// The shortest time of a step.
    public var min_ms: Double
    /// Clips a second at the median.
    public var clips_per_s: Double
    /// The greatest memory of the process so far.
    public var peak_mib: Int
    /// The loss of the last step, so that nothing of the work can be left out.
    public var last_loss: Double
  }

  /// 64 log-mel bands and 40 MFCC of three seconds; eight classes.
  private static let input = NetworkInput(
    branches: [.init(name: "concat", channels: 1, bins: 104)], frames: 300)
  private static let classes = 8

  /// Runs the steps.
  public func run() throws -> Result {
    let network = try Network(
      size.model, input: Self.input, classes: Self.classes, maxClips: batch, seed: 1,
      workers: Workers(threads: threads))
    var random = RandomStream(seed: 1, "bench")
    let frames = (0..<batch).map { clip in
      ragged && clip > 0 ? 75 + random.below(226) : Self.input.frames
    }
    let clipSize = Self.input.frames * 104
    let input = Floats(zeros: batch * clipSize)
    for clip in 0..<batch {
      for index in 0..<(frames[clip] * 104) {
        input[clip * clipSize + index] = Float(random.normal())
      }
    }
    let targets = (0..<batch).map { _ in random.below(Self.classes) }
    var lossOptions = LossOptions()
    lossOptions.classWeights = .none
    let loss = CrossEntropy(
      lossOptions, counts: [Int](repeating: 1, count: Self.classes))
    let optimizer = Optimizer(OptimizerOptions(), count: network.parameters.count)
    let shape = BatchShape(frames: frames)

    let clock = ContinuousClock()
    var times: [Double] = []
    var last = 0.0
    for step in 0..<(repeats + 3) {
      let began = clock.now
      last = network.forwardBackward(
        inputs: [input], batch: shape, targets: BatchTargets(targets), loss: loss,
        step: random.next())
      _ = optimizer.step(
        network.parameters, gradients: network.gradients, rate: 1e-3, clipNorm: 5,
        workers: network.workers)
      if step >= 3 { times.append((clock.now - began).seconds) }
    }
    times.sort()
    let median = (times[times.count / 2] + times[(times.count - 1) / 2]) / 2
    return Result(
      size: size.rawValue, batch: batch, threads: threads, ragged: ragged,
      median_ms: (median * 1e6).rounded() / 1e3, min_ms: (times[0] * 1e6).rounded() / 1e3,
      clips_per_s: (Double(batch) / median * 100).rounded() / 100,
      peak_mib: Self.peakMiB, last_loss: last)
  }

  /// The greatest resident size of this process, in MiB, as the system counts it.
  static var peakMiB: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let kib = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }
    return (kib ?? 0) / 1024
  }
}
