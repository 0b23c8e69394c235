import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceKernels

@Suite("Products with packed matrices")
struct PackedMatrixTests {
  static func normal(_ count: Int, _ random: inout RandomStream) -> Floats {
    Floats((0..<count).map { _ in Float(random.normal()) })
  }

  private static func gelu(_ x: Double) -> Double {
    0.5 * x * (1 + erf(x / 2.0.squareRoot()))
  }

  @Test("a product is its definition, whatever the sizes, windows and finish")
  func definition() {
    var random = RandomStream(seed: 5, "packed")
    for round in 0..<150 {
      let (taps, depth) = (1 + random.below(3), 1 + random.below(40))
      let (columns, count) = (1 + random.below(70), random.below(40))
      let (step, tapStep) = (random.below(50), random.below(50))
      let weights = Self.normal(columns * depth * taps, &random)
      let a = Self.normal(count * step + taps * tapStep + depth, &random)
      let bias = round.isMultiple(of: 3) ? nil : Self.normal(columns, &random)
      let finish = PackedMatrix.Finish(rawValue: random.below(4))
      let stride = columns + random.below(20)
      let before = Self.normal(count * stride + columns, &random)
      let out = Rows(Floats(before.array), count: count, width: columns, stride: stride)
      let matrix = PackedMatrix(
        weights, .convolution(inputs: depth, outputs: columns, taps: taps))
      matrix.multiply(
        Windows(a, count: count, step: step, tapStep: tapStep), bias: bias, finish: finish,
        into: out)
      for row in 0..<count {
        for column in 0..<columns {
          var sum = Double(bias?[column] ?? 0)
          for tap in 0..<taps {
            for k in 0..<depth {
              sum +=
                Double(a[row * step + tap * tapStep + k])
                * Double(weights[(column * depth + k) * taps + tap])
            }
          }
          if finish.contains(.gelu) { sum = Self.gelu(sum) }
          if finish.contains(.add) { sum += Double(before[row * stride + column]) }
          #expect(abs(Double(out.row(row)[column]) - sum) < 1e-4, "round \(round)")
        }
      }
      // What lies between and behind the rows stays as it was.
      for row in 0..<count {
        for gap in columns..<stride where (row + 1) * stride <= before.count {
          #expect(out.memory[row * stride + gap] == before[row * stride + gap])
        }
      }
    }
  }

  @Test(
    "a row's bits do not depend on the rows beside it, nor on the plain twin by more than rounding")
  func rows() {
    var random = RandomStream(seed: 6, "rows")
    for _ in 0..<40 {
      let (depth, columns, count) = (
        1 + random.below(200), 1 + random.below(100), 1 + random.below(60)
      )
      let matrix = PackedMatrix(
        Self.normal(columns * depth, &random), .dense(inputs: depth, outputs: columns))
      let a = Rows(Self.normal(count * depth, &random), width: depth)
      let all = Rows(zeros: count, width: columns)
      matrix.multiply(Windows(a), finish: .gelu, into: all)
      let first = random.below(count)
      let range = first..<first + 1 + random.below(count - first)
      let some = Rows(zeros: range.count, width: columns)
      matrix.multiply(Windows(a[range]), finish: .gelu, into: some)
      #expect(some.floats.hasBits(of: all[range].floats))
      let plain = Rows(zeros: count, width: columns)
      KernelSetup.plainly { matrix.multiply(Windows(a), finish: .gelu, into: plain) }
      let far = Deviation(
        all.floats.array, from: plain.floats.array, absolute: 2e-5, relative: 1e-5)
      #expect(far.isWithin, "\(far)")
    }
  }

  @Test("rows of a packed matrix that a product made are those of the product")
  func packedTarget() {
    var random = RandomStream(seed: 7, "target")
    for _ in 0..<40 {
      let (depth, columns, count) = (
        1 + random.below(30), 1 + random.below(50), 2 + random.below(40)
      )
      let one = PackedMatrix(
        Self.normal(columns * depth, &random), .dense(inputs: depth, outputs: columns))
      let a = Rows(Self.normal(count * depth, &random), width: depth)
      let made = PackedMatrix(
        packed: Floats(zeros: PackedMatrix.count(rows: count, columns: columns)), depth: count,
        columns: columns)
      let middle = 1 + random.below(count - 1)
      one.multiply(Windows(a.prefix(middle)), into: made, from: 0)
      one.multiply(Windows(a[middle..<count]), into: made, from: middle)
      let plain = Rows(zeros: count, width: columns)
      one.multiply(Windows(a), into: plain)
      let again = PackedMatrix(
        plain.floats,
        .init(depth: count, columns: columns, rowStride: columns, columnStride: 1))
      let left = Rows(Self.normal(3 * count, &random), width: count)
      let (ours, theirs) = (Rows(zeros: 3, width: columns), Rows(zeros: 3, width: columns))
      made.multiply(Windows(left), into: ours)
      again.multiply(Windows(left), into: theirs)
      #expect(ours.floats.hasBits(of: theirs.floats))
    }
  }

  /// What `0.5 x (1 + erf)` in single precision loses there: a tenth at x = −4.5.
  @Test("GELU keeps its digits where it is small", arguments: [false, true])
  func smallGELU(byNorm: Bool) {
    let x = (0..<1600).map { -8 + Float($0) / 100 }
    let target = Rows(zeros: x.count, width: 1)
    if byNorm {
      // One row of values whose mean is 0 and whose variance is far below epsilon 1 stays as it is.
      let small = x.map { $0 * 1e-3 }
      let row = Rows(Floats(small), width: small.count)
      let out = Rows(zeros: 1, width: small.count)
      RowNorm((Floats(small.map { _ in 1000 }), Floats(small.map { _ in 0 })), epsilon: 1)
        .apply(row, gelu: true, into: out)
      let mean = small.reduce(0) { $0 + Double($1) } / Double(small.count)
      let variance =
        small.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(small.count)
      let truth = small.map {
        Self.preciseGELU(1000 * (Double($0) - mean) / (variance + 1).squareRoot())
      }
      #expect(Deviation(out.floats.array, from: truth, absolute: 1e-12, relative: 2e-5).isWithin)
      return
    }
    PackedMatrix(Floats([1]), .dense(inputs: 1, outputs: 1)).multiply(
      Windows(Rows(Floats(x), width: 1)), finish: .gelu, into: target)
    let truth = x.map { Self.preciseGELU(Double($0)) }
    let far = Deviation(target.floats.array, from: truth, absolute: 1e-12, relative: 2e-5)
    #expect(far.isWithin, "\(far)")
  }

  private static func preciseGELU(_ x: Double) -> Float {
    Float(0.5 * x * erfc(-x / 2.0.squareRoot()))
  }
}
