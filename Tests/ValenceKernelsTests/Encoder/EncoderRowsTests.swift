import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceKernels

@Suite("Norms and attention of encoders")
struct EncoderRowsTests {
  private static func normal(_ count: Int, _ random: inout RandomStream) -> Floats {
    PackedMatrixTests.normal(count, &random)
  }

  @Test("a normalized row has mean 0 and variance 1, far from 0 too, and is that of the plain twin")
  func norm() {
    var random = RandomStream(seed: 8, "norm")
    for round in 0..<100 {
      let (count, width) = (1 + random.below(5), 2 + random.below(100))
      let stride = width + random.below(20)
      let memory = Self.normal(count * stride, &random)
      let offset: Float = round.isMultiple(of: 4) ? 300 : 0
      for index in 0..<memory.count { memory[index] += offset }
      let x = Rows(memory, count: count, width: width, stride: stride)
      let bare = Rows(zeros: count, width: width)
      RowNorm(nil, epsilon: 1e-12).apply(x, into: bare)
      for row in 0..<count {
        let values = bare.row(row).array.map(Double.init)
        let mean = values.reduce(0, +) / Double(width)
        let variance = values.reduce(0) { $0 + $1 * $1 } / Double(width)
        #expect(abs(mean) < 1e-4 && abs(variance - 1) < 1e-3, "\(mean), \(variance)")
      }
      let norm = RowNorm(
        (scale: Self.normal(width, &random), shift: Self.normal(width, &random)), epsilon: 1e-5)
      let (ours, plain) = (Rows(zeros: count, width: width), Rows(zeros: count, width: width))
      let gelu = round.isMultiple(of: 2)
      norm.apply(x, gelu: gelu, into: ours)
      KernelSetup.plainly { norm.apply(x, gelu: gelu, into: plain) }
      let far = Deviation(
        ours.floats.array, from: plain.floats.array,
        absolute: offset == 0 ? 5e-6 : 5e-4, relative: 1e-5)
      #expect(far.isWithin, "\(far)")
    }
  }

  /// Frames, heads and width of a head, with queries, keys, values `[frames, heads · width]`.
  private struct Clip {
    let frames: Int
    let heads: Int
    let width: Int
    let queries: Rows
    let keys: Rows
    let values: Rows
    let bias: HeadAttention.RelativeBias?

    init(_ random: inout RandomStream, hasBias: Bool) {
      (frames, heads, width) = (1 + random.below(70), 1 + random.below(3), 1 + random.below(40))
      let count = frames * heads * width
      queries = Rows(normal(count, &random), width: heads * width)
      keys = Rows(normal(count, &random), width: heads * width)
      values = Rows(normal(count, &random), width: heads * width)
      bias =
        hasBias
        ? HeadAttention.RelativeBias(
          values: normal(heads * (2 * frames - 1), &random), gates: normal(heads * frames, &random))
        : nil
    }

    /// What the frames in blocks of `rows` attend to.
    func attended(rows: Int) -> Rows {
      let counts = HeadAttention.count(frames: frames, heads: heads, width: width)
      let attention = HeadAttention(
        shape: (frames, heads, width), keys: Floats([Float](repeating: .nan, count: counts.keys)),
        values: Floats(zeros: counts.values), bias: bias)
      attention.setKeys(from: 0, keys)
      // The identity puts the values where a product of an encoder does, each head in panels of its own.
      let padded = HeadAttention.paddedWidth(width)
      var identity = [Float](repeating: 0, count: heads * padded * heads * width)
      for head in 0..<heads {
        for column in 0..<width {
          identity[(head * padded + column) * heads * width + head * width + column] = 1
        }
      }
      PackedMatrix(Floats(identity), .dense(inputs: heads * width, outputs: heads * padded))
        .multiply(Windows(values), into: attention.allValues, from: 0)
      let out = Rows(zeros: frames, width: heads * width)
      var start = 0
      while start < frames {
        let range = start..<min(frames, start + rows)
        attention.write(
          queries[range], from: start,
          scratch: Floats(zeros: HeadAttention.scratchCount(frames: frames)), into: out[range])
        start = range.upperBound
      }
      return out
    }

    /// The definition, in double.
    func expected() -> [Float] {
      var result = [Float](repeating: 0, count: frames * heads * width)
      for head in 0..<heads {
        for frame in 0..<frames {
          let weights = (0..<frames).map { key in
            let score = (0..<width).reduce(0.0) {
              $0 + Double(queries.row(frame)[head * width + $1])
                * Double(keys.row(key)[head * width + $1])
            }
            guard let bias else { return exp(score) }
            let distance = key - frame + frames - 1
            return exp(
              score + Double(bias.gates[head * frames + frame])
                * Double(bias.values[head * (2 * frames - 1) + distance]))
          }
          let sum = weights.reduce(0, +)
          for column in 0..<width {
            let value = (0..<frames).reduce(0.0) {
              $0 + weights[$1] * Double(values.row($1)[head * width + column])
            }
            result[(frame * heads + head) * width + column] = Float(value / sum)
          }
        }
      }
      return result
    }
  }

  @Test("attention is its definition, and blocks of rows change no bit", arguments: [false, true])
  func attention(hasBias: Bool) {
    var random = RandomStream(seed: 9, "attention")
    for _ in 0..<25 {
      let clip = Clip(&random, hasBias: hasBias)
      let ours = clip.attended(rows: clip.frames)
      let far = Deviation(
        ours.floats.array, from: clip.expected(), absolute: 2e-5, relative: 1e-5)
      #expect(far.isWithin, "\(clip.frames) frames, \(clip.heads) heads of \(clip.width): \(far)")
      #expect(clip.attended(rows: 1 + random.below(30)).floats.hasBits(of: ours.floats))
      let plain = KernelSetup.plainly { clip.attended(rows: clip.frames) }
      let apart = Deviation(
        ours.floats.array, from: plain.floats.array, absolute: 2e-5, relative: 1e-5)
      #expect(apart.isWithin, "\(apart)")
    }
  }

  @Test("gates are their definition and those of the plain twin")
  func gates() {
    var random = RandomStream(seed: 10, "gates")
    for _ in 0..<40 {
      let (count, heads, width) = (1 + random.below(9), 1 + random.below(4), 1 + random.below(40))
      let weights = Self.normal(2 * width, &random)
      let (biases, constants) = (Self.normal(2, &random), Self.normal(heads, &random))
      let x = Rows(Self.normal(count * heads * width, &random), width: heads * width)
      let gates = PositionGates(weights: weights, biases: biases, constants: constants)
      let ours = Rows(zeros: heads, width: count + 3)
      gates.write(x, from: 2, into: ours)
      for row in 0..<count {
        for head in 0..<heads {
          let sums = (0..<2).map { side in
            (0..<width).reduce(Double(biases[side])) {
              $0 + Double(x.row(row)[head * width + $1]) * Double(weights[side * width + $1])
            }
          }
          let (a, b) = (1 / (1 + exp(-sums[0])), 1 / (1 + exp(-sums[1])))
          let gate = a * (b * Double(constants[head]) - 1) + 2
          #expect(abs(Double(ours.row(head)[2 + row]) - gate) < 1e-5)
        }
      }
      #expect(ours.row(0)[0] == 0 && ours.row(0)[count + 2] == 0)
      let plain = Rows(zeros: heads, width: count + 3)
      KernelSetup.plainly { gates.write(x, from: 2, into: plain) }
      let far = Deviation(
        ours.floats.array, from: plain.floats.array, absolute: 1e-5, relative: 0)
      #expect(far.isWithin, "\(far)")
    }
  }

  @Test("lent memory is not lent twice, and is kept")
  func pool() {
    let pool = FloatPool()
    pool.lend(10) { one in
      one.fill(1)
      pool.lend(10) { $0.fill(2) }
      #expect(one.array.allSatisfy { $0 == 1 })
    }
    pool.lend(10) { again in #expect([1, 2].contains(again[0])) }
  }
}

private func normal(_ count: Int, _ random: inout RandomStream) -> Floats {
  PackedMatrixTests.normal(count, &random)
}
