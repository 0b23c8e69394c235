import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceKernels

@Suite("Products by halves (Strassen, 1969)")
struct StrassenMatrixTests {
  private static let pool = FloatPool()

  /// Sizes that fit; with AVX-512 some halves have an odd number of panels.
  private static func sizes(_ random: inout RandomStream) -> (depth: Int, columns: Int, rows: Int) {
    (32 * (1 + random.below(10)), 32 * (1 + random.below(5)), random.below(70))
  }

  @Test("a product is its definition, whatever the sizes and finish; what lies between rows stays")
  func definition() {
    var random = RandomStream(seed: 5, "strassen")
    for round in 0..<60 {
      let (depth, columns, count) = Self.sizes(&random)
      let weights = PackedMatrixTests.normal(columns * depth, &random)
      let stride = depth + random.below(20)
      let a = Rows(
        PackedMatrixTests.normal(count * stride, &random), count: count, width: depth,
        stride: stride)
      let bias = round.isMultiple(of: 3) ? nil : PackedMatrixTests.normal(columns, &random)
      let finish = PackedMatrix.Finish(rawValue: random.below(4))
      let outStride = columns + random.below(20)
      let before = PackedMatrixTests.normal(count * outStride + columns, &random)
      let out = Rows(Floats(before.array), count: count, width: columns, stride: outStride)
      StrassenMatrix(weights, depth: depth, columns: columns)
        .multiply(a, bias: bias, finish: finish, into: out, pool: Self.pool)
      for row in 0..<count {
        for column in 0..<columns {
          var sum = Double(bias?[column] ?? 0)
          for k in 0..<depth {
            sum += Double(a.row(row)[k]) * Double(weights[column * depth + k])
          }
          if finish.contains(.gelu) { sum *= 0.5 * erfc(-sum / 2.0.squareRoot()) }
          if finish.contains(.add) { sum += Double(before[row * outStride + column]) }
          #expect(abs(Double(out.row(row)[column]) - sum) < 2e-4, "round \(round)")
        }
        for gap in columns..<outStride where (row + 1) * outStride <= before.count {
          #expect(out.memory[row * outStride + gap] == before[row * outStride + gap])
        }
      }
    }
  }

  @Test(
    "bits of a pair of rows do not depend on other rows, nor on the plain twin by more than rounding"
  )
  func pairs() {
    var random = RandomStream(seed: 6, "pairs")
    for _ in 0..<40 {
      let (depth, columns, rows) = Self.sizes(&random)
      let count = rows + 1
      let matrix = StrassenMatrix(
        PackedMatrixTests.normal(columns * depth, &random), depth: depth, columns: columns)
      let a = Rows(PackedMatrixTests.normal(count * depth, &random), width: depth)
      let all = Rows(zeros: count, width: columns)
      matrix.multiply(a, finish: .gelu, into: all, pool: Self.pool)
      let first = 2 * random.below((count + 1) / 2)
      let range = first..<min(count, first + 2 + 2 * random.below(count))
      let some = Rows(zeros: range.count, width: columns)
      matrix.multiply(a[range], finish: .gelu, into: some, pool: Self.pool)
      #expect(some.floats.hasBits(of: all[range].floats))
      let plain = Rows(zeros: count, width: columns)
      KernelSetup.plainly { matrix.multiply(a, finish: .gelu, into: plain, pool: Self.pool) }
      let far = Deviation(
        all.floats.array, from: plain.floats.array, absolute: 1e-4, relative: 1e-5)
      #expect(far.isWithin, "\(far)")
    }
  }

  @Test("errors are of the size of those of the other product")
  func errors() {
    var random = RandomStream(seed: 8, "errors")
    let (depth, columns, count) = (512, 64, 100)
    let weights = PackedMatrixTests.normal(columns * depth, &random)
    let a = Rows(PackedMatrixTests.normal(count * depth, &random), width: depth)
    let truth = Rows(zeros: count, width: columns)
    let packed = PackedMatrix(weights, .dense(inputs: depth, outputs: columns))
    KernelSetup.plainly { packed.multiply(Windows(a), into: truth) }
    let (whole, halves) = (Rows(zeros: count, width: columns), Rows(zeros: count, width: columns))
    packed.multiply(Windows(a), into: whole)
    StrassenMatrix(weights, depth: depth, columns: columns)
      .multiply(a, into: halves, pool: Self.pool)
    func error(_ rows: Rows) -> Double {
      var sum = 0.0
      for index in 0..<rows.floats.count {
        let difference = Double(rows.floats[index]) - Double(truth.floats[index])
        sum += difference * difference
      }
      return sum.squareRoot()
    }
    #expect(error(halves) < 3 * error(whole), "\(error(halves)), \(error(whole))")
  }

  @Test("sizes whose halves are no whole panels do not fit")
  func fitting() {
    #expect(StrassenMatrix.fits(depth: 512, columns: 2048))
    #expect(!StrassenMatrix.fits(depth: 48, columns: 64))
    #expect(!StrassenMatrix.fits(depth: 64, columns: 40))
  }
}
