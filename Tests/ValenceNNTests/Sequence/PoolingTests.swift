import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceNN

@Suite("Pooling over time")
struct PoolingTests {
  static let lengths = [4, 1, 9, 6, 9]

  /// Output, dL/dinput and the gradients of parameters, on hashed numbers.
  private func run(
    _ kind: ModelOptions.Pooling, steps: [Int], threads: Int = 1
  ) -> [String: [Float]] {
    var model = ModelOptions()
    model.pooling = kind
    model.rnn?.hidden = 3
    let rows = PackedRows(steps: steps)
    var state = StateLayout()
    let pooling = TimePooling(
      model, width: 6, rows: rows.rows, clips: steps.count, state: &state)
    let block = HashedBlock(state) { _ in 1 }
    let pass = block.pass(threads: threads)
    let h = Rows(Floats(hashed("input", rows.rows * 6)), width: 6)
    let inputGradient = Rows(zeros: h.count, width: 6)
    inputGradient.fill(9)
    pooling.forward(h, packing: rows, pass: pass)
    pooling.backward(
      Rows(Floats(hashed("gradient", steps.count * 6)), width: 6), h: h,
      inputGradient: inputGradient, packing: rows, pass: pass)
    var results = block.gradientArrays.mapKeys { "gradient.\($0)" }
    results["output"] = pooling.output(clips: steps.count).floats.array
    results["gradient.input"] = inputGradient.floats.array
    return results
  }

  @Test(
    "outputs and gradients equal PyTorch's on ragged clips",
    arguments: ModelOptions.Pooling.allCases)
  func equalsPyTorch(kind: ModelOptions.Pooling) throws {
    let arrays = try Fixture(.module).arrays("sequence/pooling_\(kind.rawValue).safetensors")
    let ours = run(kind, steps: Self.lengths)
    #expect(Set(ours.keys) == Set(arrays.keys))
    for (key, array) in arrays {
      let far = Deviation(ours[key] ?? [], from: array.values, absolute: 2e-6, relative: 1e-4)
      #expect(far.isWithin, "\(key): \(far)")
    }
  }

  @Test("1, 2 and 4 threads give the same bits", arguments: ModelOptions.Pooling.allCases)
  func threadsChangeNothing(kind: ModelOptions.Pooling) {
    let steps = [3, 8, 8, 1, 5, 13, 2, 7, 7, 30]
    let one = run(kind, steps: steps)
    for threads in [2, 4] { #expect(run(kind, steps: steps, threads: threads) == one) }
  }

  @Test("attention stays finite for scores that exp alone could not hold")
  func survivesGreatScores() {
    let steps = 3
    let u = Rows(Floats([200, -200, 200]), width: 1)
    let weights = Floats(zeros: steps)
    let kernel = AttentionKernel(
      h: Rows(Floats([1, 2, 3]), width: 1), u: u, weights: weights)
    let context = Floats(zeros: 1)
    kernel.forward(bias: Floats([0]), query: Floats([1000]), context: context)
    // tanh is ±1, so the scores are ±1000 and steps 0 and 2 share all of the weight.
    let far = Deviation(weights.array, from: [0.5, 0, 0.5], absolute: 1e-3, relative: 0)
    #expect(far.isWithin, "\(far)")
    #expect(abs(context[0] - 2) < 2e-3)
  }
}
