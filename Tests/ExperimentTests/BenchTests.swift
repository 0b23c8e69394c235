import Foundation
import Testing
import ValenceCore
import ValenceKernels
import ValenceNN
import ValencePlan
import ValenceTestSupport

@testable import ValenceBench
@testable import ValenceData
@testable import ValenceStore

@Suite("valence bench")
struct BenchTests {
  /// Tiny networks over 30 frames, once.
  private func options(_ overrides: [String] = []) -> BenchOptions {
    var options = BenchOptions()
    options.size = .small
    (options.batch, options.threads, options.repeats) = (3, 1, 1)
    options.overrides =
      [
        "features.window_ms=200", "features.hop_ms=100", "model.cnn.channels=[16, 20]",
        "model.cnn.pool=[2, 2]",
      ] + overrides
    return options
  }

  private func keys(_ value: some Encodable) throws -> Set<String> {
    let object = try JSONSerialization.jsonObject(with: JSON.encoded(value, onOneLine: true))
    return Set(try #require(object as? [String: Any]).keys)
  }

  private func problem(_ work: () throws -> some Any) -> String {
    do {
      _ = try work()
      return "nothing is wrong"
    } catch { return "\(error)" }
  }

  private static let keys: Set = [
    "what", "size", "settings", "batch", "threads", "repeats", "ragged", "median_ms", "min_ms",
    "clips_per_s", "peak_mib", "check_difference", "roofline",
  ]

  @Test("training and answers of every kind of network are plain C's, and are timed")
  func networks() throws {
    let kinds = [
      [], ["model.rnn.cell=gru"], ["model.cnn.norm=layer", "model.cnn.activation=gelu"],
      ["features.fusion=branches"], ["features.fusion=gated"], ["features.fusion=late"],
      ["features.fusion=stack", "features.mfcc.coefficients=64"], ["model.rnn=none"],
    ]
    for kind in kinds {
      var options = options(kind)
      options.ragged = true
      for (what, bench) in [("train", Bench.train), ("infer", Bench.infer)] {
        let result = try bench(options)
        #expect(result.what == what)
        #expect(result.settings == options.overrides)
        #expect(0 < result.minMs && result.minMs <= result.medianMs, "\(kind)")
        #expect(abs(result.clipsPerS * result.medianMs / 1e3 - 3) < 1e-9)
        #expect(result.checkDifference <= Bench.tolerance)
        // Other kernels round differently: equal bits would mean that plain C was held against itself.
        #expect(result.checkDifference > 0 || KernelSetup.current.isPlain)
        let roofline = try #require(result.roofline)
        #expect(roofline.gflopPerS > 0 && roofline.peakGflopPerS > 0 && roofline.copyGbPerS > 0)
        #expect(try keys(result) == Self.keys)
      }
    }
  }

  @Test("features are timed without decoding, in seconds of audio a second too, as set")
  func features() throws {
    var options = BenchOptions()
    (options.batch, options.threads, options.repeats) = (1, 1, 1)
    let result = try Bench.features(options)
    #expect(
      try keys(result) == Self.keys.subtracting(["size", "roofline"]).union(["times_real_time"]))
    #expect(try #require(result.timesRealTime) == 3 * result.clipsPerS)
    options.overrides = ["features.prosody=true"]
    #expect(try Bench.features(options).settings == options.overrides)
  }

  @Test("a kernel that is wrong is not timed: what differs from plain C is refused with a sentence")
  func wrongKernel() throws {
    /// As a kernel does that is a thousandth off in one of its numbers.
    func compute(_ error: Float) -> [Float] {
      [3, 4 + (KernelSetup.current.isPlain ? 0 : error), 0]
    }
    #expect(try Bench.check("gradients") { _ in compute(0) } == 0)
    #expect(abs(try Bench.check("gradients") { _ in compute(0.0004) } - 0.00008) < 1e-6)
    #expect(
      problem { try Bench.check("gradients") { _ in compute(0.05) } }
        == "gradients by the kernels in use differ from those by plain C by 1e-02 of their size, more "
        + "than 1e-04, so nothing was timed; valence doctor names the kernels.")
    #expect(
      problem { try Bench.check("logits") { _ in compute(.nan) } }
        .hasPrefix("logits by the kernels in use differ from those by plain C by nan of their size")
    )
  }

  @Test("operations are those of direct convolution; the input's gradient is not counted")
  func operations() throws {
    let work = try NetworkWorkload(BenchOptions())
    let first = 9 * 32 * 300 * 104
    let forward =
      first + 9 * 32 * 64 * 150 * 52 + 9 * 64 * 128 * 75 * 26  // convolutions
      + 37 * 2 * 4 * 128 * (128 * 13 + 128)  // LSTM
      + 37 * (256 * 128 + 128)  // attention
      + 256 * 128 + 128 * 8  // head
    #expect(try work.operations(\.multiplyAdds) == 32 * 2 * forward)
    #expect(try work.operations(\.trainingMultiplyAdds) == 32 * 2 * (3 * forward - first))
  }

  @Test("clips of several lengths count for less work than full ones")
  func ragged() throws {
    var options = BenchOptions()
    options.ragged = true
    let work = try NetworkWorkload(options)
    #expect(work.shape.frames[0] == 300)
    #expect(work.shape.frames.allSatisfy { 75...300 ~= $0 })
    #expect(Set(work.shape.frames).count > 16)
    #expect(
      try work.operations(\.multiplyAdds)
        < NetworkWorkload(BenchOptions()).operations(\.multiplyAdds))
  }

  @Test("settings that do not exist, fit or matter are refused before anything is timed")
  func wrongSettings() {
    func training(_ override: String, _ change: (inout BenchOptions) -> Void = { _ in }) -> String {
      var options = BenchOptions()
      options.overrides = [override]
      change(&options)
      return problem { try Bench.train(options) }
    }
    #expect(
      training("model.rnn.sell=gru")
        == "command line: model.rnn.sell: no such key; did you mean cell?")
    #expect(
      training("features.fusion=stack")
        == "command line: features.fusion: 'stack' lays features over each other, which needs as many "
        + "coefficients (features.mfcc.coefficients is 40) as bands (features.mel.bands is 64); set "
        + "both to 64 or fuse by concat or branches.")
    #expect(
      training("training.batch=4")
        == "command line: training.batch: has no effect on this bench; give keys of model or "
        + "features or audio.clip_s.")
    #expect(
      training("features.normalization=none")
        == "command line: features.normalization: has no effect on this bench; give keys of model "
        + "or features or audio.clip_s.")
    var options = BenchOptions()
    options.overrides = ["model.rnn=none"]
    #expect(
      problem { try Bench.features(options) }
        == "command line: model.rnn: has no effect on this bench; give keys of features.")
    #expect(
      training("model.rnn.cell=gru") { $0.batch = 10_000_000 }
        .hasPrefix("--batch 10000000: takes about "))
  }

  @Test("a sweep is timed from an empty cache to figures, and leaves nothing behind")
  func sweep() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let text = laboratory.plan(
        "swept", "sweep: {grid: {features.fusion: [mel, mfcc]}}")
      let plan = try laboratory.experiment(
        text, ["training.epochs=1", "training.schedule.warmup_epochs=0"]
      ).plan
      let before = try FileManager.default.contentsOfDirectory(
        atPath: FileManager.default.temporaryDirectory.path)
      let times = try Bench.sweep(plan, jobs: 2, threads: 2, control: RunControl { _ in })
      #expect((times.name, times.trials, times.jobs) == ("swept", 4, 2))
      #expect(times.featuresS > 0 && times.trainingS > 0 && times.reportS > 0)
      let parts = times.featuresS + times.trainingS + times.reportS
      #expect(abs(parts - times.wallS) < 1e-6)
      #expect(times.checkDifference <= Bench.tolerance)
      #expect(
        try keys(times) == [
          "what", "name", "trials", "jobs", "threads", "features_s", "training_s", "report_s",
          "wall_s", "peak_mib", "check_difference",
        ])
      let own = "valence-bench-\(ProcessInfo.processInfo.processIdentifier)"
      #expect(!before.contains(own))
      #expect(
        !FileManager.default.fileExists(
          atPath: FileManager.default.temporaryDirectory.appending(path: own).path))
      #expect(!FileManager.default.fileExists(atPath: laboratory.url("Results").path))
    }
  }
}
