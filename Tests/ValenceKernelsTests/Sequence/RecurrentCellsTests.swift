import CKernels
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceKernels

@Suite("Recurrent cells")
struct RecurrentCellsTests {
  static func normal(_ count: Int, _ random: inout RandomStream) -> [Float] {
    (0..<count).map { _ in Float(random.normal()) }
  }

  @Test(
    "the fast steps equal those by libm, forward and back, for any sizes",
    arguments: [RecurrentCellKind.lstm, .gru])
  func equalsPlain(kind: RecurrentCellKind) {
    var random = RandomStream(seed: 6, "lstm cells")
    let sizes = [1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 64]
    for trial in 0..<100 {
      let hidden = sizes[random.below(sizes.count)]
      let clips = 1 + random.below(5)
      let stride = hidden + random.below(3)
      let rows = 2 * clips
      let buffers = Buffers(
        gates: Self.normal(rows * kind.gates * hidden, &random),
        kept: Self.normal(rows * hidden, &random),
        output: Self.normal(rows * stride, &random), bias: Self.normal(4 * hidden, &random),
        state: Self.normal(clips * hidden, &random),
        z: Self.normal(clips * kind.gates * hidden, &random),
        carry: Self.normal(clips * hidden, &random))
      let order = random.shuffled(Array(0..<rows))
      let before = (0..<clips).map { random.below(3) == 0 ? -1 : order[clips + $0] }
      let shape = Shape(
        hidden: hidden, stride: stride, rows: Array(order.prefix(clips)), before: before)
      var (fast, plain) = (buffers.copy(), buffers.copy())
      switch kind {
      case .lstm:
        fast.run(shape, valence_lstm_forward, valence_lstm_backward)
        plain.run(shape, valence_lstm_forward_plain, valence_lstm_backward_plain)
      case .gru:
        fast.run(shape, valence_gru_forward, valence_gru_backward)
        plain.run(shape, valence_gru_forward_plain, valence_gru_backward_plain)
      }
      for (index, pair) in zip(fast.results, plain.results).enumerated() {
        // Errors of exp and tanh, 2.4e-7, times numbers of some units.
        let far = Deviation(pair.0, from: pair.1, absolute: 4e-6, relative: 1e-6)
        #expect(far.isWithin, "seed 6, trial \(trial), \(hidden) units, array \(index): \(far)")
      }
    }
  }

  @Test("an order visits every row once, the longest clips first")
  func orders() {
    let order = RecurrentOrder(clips: [0..<2, 2..<6, 6..<7, 7..<11], direction: .reverse)
    #expect(order.running == [4, 3, 2, 2])
    #expect(order.rows == [5, 10, 1, 6, 4, 9, 0, 3, 8, 2, 7])
    #expect(order.before == [-1, -1, -1, -1, 5, 10, 1, 4, 9, 3, 8])
    #expect(RecurrentOrder(clips: [], direction: .forward).steps == 0)
  }
}

private struct Shape {
  let hidden: Int
  let stride: Int
  let rows: [Int]
  let before: [Int]
}

private typealias Forward =
  @convention(c) (
    UnsafePointer<valence_recurrent_step>?, UnsafePointer<Float>?, UnsafePointer<Float>?,
    UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?, Int
  ) -> Void
private typealias Backward =
  @convention(c) (
    UnsafePointer<valence_recurrent_step>?, UnsafePointer<Float>?, Int, UnsafePointer<Float>?,
    UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?
  ) -> Void

/// All that one step forward and one back read and write.
private struct Buffers {
  var gates: [Float]
  var kept: [Float]
  var output: [Float]
  var bias: [Float]
  var state: [Float]
  var z: [Float]
  var carry: [Float]
  var previous: [Float] = []
  var activations: [Float] = []

  func copy() -> Buffers { self }

  var results: [[Float]] {
    [gates, kept, output, state, z, carry, previous, activations]
  }

  mutating func run(_ shape: Shape, _ forward: Forward, _ backward: Backward) {
    previous = [Float](repeating: 0, count: kept.count)
    let gradient = output.map { $0 / 2 }
    let recurrent = state.map { $0 / 3 }
    gates.withUnsafeMutableBufferPointer { gates in
      kept.withUnsafeMutableBufferPointer { kept in
        shape.rows.withUnsafeBufferPointer { rows in
          shape.before.withUnsafeBufferPointer { before in
            previous.withUnsafeMutableBufferPointer { previous in
              var step = valence_recurrent_step(
                clips: rows.count, hidden: shape.hidden, rows: rows.baseAddress,
                before: before.baseAddress, gates: gates.baseAddress, kept: kept.baseAddress,
                previous: previous.baseAddress)
              forward(&step, z, bias, &state, &output, shape.stride)
              activations = Array(gates)
              backward(&step, gradient, shape.stride, recurrent, &carry, &z)
            }
          }
        }
      }
    }
  }
}
