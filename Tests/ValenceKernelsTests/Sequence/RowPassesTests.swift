import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceKernels

@Suite("Rows and columns")
struct RowPassesTests {
  private static let sizes = [1, 2, 3, 15, 16, 17, 63, 64, 65, 130]

  private func forEachShape(_ body: (Int, Int, [Float]) -> Void) {
    var random = RandomStream(seed: 8, "rows")
    for _ in 0..<100 {
      let rows = Self.sizes[random.below(8)]
      let columns = Self.sizes[random.below(10)]
      body(rows, columns, RecurrentCellsTests.normal(rows * columns, &random))
    }
  }

  @Test("sums of columns equal sums in Double, weighted and scaled")
  func sums() {
    forEachShape { rows, columns, x in
      let out = Floats(zeros: columns)
      let weights = (0..<rows).map { Float($0) - 2 }
      Rows(Floats(x), width: columns)
        .columnSums(weights: Floats(weights), scale: 0.5, into: out)
      let expected = (0..<columns).map { column in
        Float(
          (0..<rows).reduce(0.0) {
            $0 + 0.5 * Double(weights[$1]) * Double(x[$1 * columns + column])
          })
      }
      let far = Deviation(out.array, from: expected, absolute: 1e-9, relative: 1e-6)
      #expect(far.isWithin, "[\(rows), \(columns)]: \(far)")
    }
  }

  @Test("transposing moves every element to its place")
  func transpose() {
    forEachShape { rows, columns, x in
      let out = Rows(zeros: columns, width: rows)
      Rows(Floats(x), width: columns).transpose(into: out)
      let back = Rows(zeros: rows, width: columns)
      out.transpose(into: back)
      #expect(back.floats.array == x)
      #expect(out.row(columns - 1)[0] == x[columns - 1])
    }
  }

  @Test("bias, ReLU and its gradient, sums and copies of rows are what they say")
  func elementwise() {
    forEachShape { rows, columns, x in
      let bias = (0..<columns).map { Float($0 % 3) - 1 }
      let shifted = x.indices.map { x[$0] + bias[$0 % columns] }
      let out = Floats(x)
      let matrix = Rows(out, width: columns)
      matrix.addBias(Floats(bias))
      #expect(out.array == shifted)
      out.copy(x)
      matrix.addBias(Floats(bias), relu: true)
      #expect(out.array == shifted.map { max($0, 0) })
      let gradient = Rows(Floats(x), width: columns)
      gradient.reluBackward(result: matrix, scale: 2)
      #expect(gradient.floats.array == x.indices.map { shifted[$0] > 0 ? 2 * x[$0] : 0 })
      out.setSum(Floats(x), Floats(shifted))
      #expect(out.array == zip(x, shifted).map { $0 + $1 })
      out.copy(x)
      out.mix(Floats(shifted), share: 0.75)
      #expect(
        zip(out.array, zip(x, shifted)).allSatisfy { abs($0 - (0.75 * $1.0 + 0.25 * $1.1)) < 1e-6 })
      matrix.fill(repeating: Floats(bias), scale: 4)
      #expect(out.array == x.indices.map { 4 * bias[$0 % columns] })
    }
  }

  @Test("the maximum's gradient goes to the first greatest row; a NaN wins")
  func maxima() {
    let x = Rows(Floats([1, 5, 3, 5, 3, .nan, 2, 5, 3]), width: 3)
    let (out, gradient) = (Floats(zeros: 3), Rows(zeros: 3, width: 3))
    x.columnMaxima(into: out)
    #expect(out.array[0..<2] == [5, 5] && out[2].isNaN)
    x.columnMaximaBackward(maxima: out, gradient: Floats([7, 8, 9]), into: gradient)
    #expect(gradient.floats.array == [0, 8, 0, 7, 0, 0, 0, 0, 0])
  }

  @Test("ReLU lets NaN through, so that a diverged network shows")
  func reluKeepsNaN() {
    let x = Floats([.nan, -1])
    Rows(x, width: 2).addBias(Floats([0, 0]), relu: true)
    #expect(x[0].isNaN && x[1] == 0)
  }
}

@Suite("Dropout")
struct DropoutTests {
  private func ones(_ dropout: Dropout, clip: Int, count: Int = 20_000) -> [Float] {
    let values = Floats(zeros: count)
    values.fill(1)
    dropout.apply(to: values, clip: clip)
    return values.array
  }

  @Test("it drops its share, scales the rest and repeats itself", arguments: [0.1, 0.5, 0.9])
  func drops(share: Double) {
    let values = ones(Dropout(share: share, seed: 3, layer: 1), clip: 2)
    let scale = Float(1 / (1 - share))
    #expect(values.allSatisfy { $0 == 0 || $0 == scale })
    let dropped = Double(values.filter { $0 == 0 }.count) / 20_000
    #expect(abs(dropped - share) < 5 * (share * (1 - share) / 20_000).squareRoot())
    #expect(values == ones(Dropout(share: share, seed: 3, layer: 1), clip: 2))
  }

  @Test("seed, layer and clip each draw anew, and neighbors are independent")
  func isIndependent() {
    let first = ones(Dropout(share: 0.5, seed: 3, layer: 1), clip: 2)
    let others = [
      ones(Dropout(share: 0.5, seed: 4, layer: 1), clip: 2),
      ones(Dropout(share: 0.5, seed: 3, layer: 2), clip: 2),
      ones(Dropout(share: 0.5, seed: 3, layer: 1), clip: 3), Array(first.dropFirst()),
    ]
    for other in others {
      let agreeing = zip(first, other).filter { $0 == $1 }.count
      // Half of them, within five standard deviations of 20 000 tosses.
      #expect(abs(Double(agreeing) / 20_000 - 0.5) < 0.018)
    }
  }

  @Test("a share of 0 changes nothing")
  func keepsAll() {
    #expect(ones(Dropout(share: 0, seed: 3, layer: 1), clip: 2).allSatisfy { $0 == 1 })
  }
}

@Suite("Flat block")
struct FlatBlockTests {
  @Test("the sum of squares equals that in Double for any length and number of threads")
  func sumsSquares() {
    var random = RandomStream(seed: 5, "squares")
    for count in [0, 1, 15, 16, 17, 65_535, 65_536, 65_537, 150_000] {
      let x = RecurrentCellsTests.normal(count, &random)
      let expected = x.reduce(0.0) { $0 + Double($1) * Double($1) }
      let ours = [1, 2, 4].map {
        FlatBlock.sumOfSquares(Floats(x), workers: Workers(threads: $0))
      }
      #expect(abs(ours[0] - expected) <= 1e-12 * expected)
      #expect(ours[1] == ours[0] && ours[2] == ours[0])
    }
  }
}
