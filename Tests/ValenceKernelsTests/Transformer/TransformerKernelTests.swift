import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceKernels

@Suite("Kernels of a transformer that is trained")
struct TransformerKernelTests {
  private func random(_ count: Int, width: Int, _ name: String, scale: Float = 2) -> Rows {
    var stream = RandomStream(seed: 7, name)
    return Rows(
      Floats((0..<count * width).map { _ in Float(stream.uniform() * 2 - 1) * scale }),
      width: width)
  }

  @Test("the gradient of layer norm equals its plain twin", arguments: [1, 2, 15, 16, 17, 48, 193])
  func layerNorm(width: Int) {
    let (x, dy) = (random(5, width: width, "x"), random(5, width: width, "dy"))
    let scale = random(1, width: width, "scale").floats
    func run() -> [[Float]] {
      let (moments, dx) = (Rows(zeros: 5, width: 2), random(5, width: width, "dx"))
      LayerNormGradient(x, moments: moments).add(dy, scale: scale, to: dx)
      return [moments.floats.array, dx.floats.array]
    }
    for (ours, plain) in zip(run(), KernelSetup.plainly(run)) {
      let far = Deviation(ours, from: plain, tolerance: 3e-6)
      #expect(far.isWithin, "\(far)")
    }
  }

  @Test("the gradient of layer norm keeps the digits that a large mean leaves")
  func largeMean() {
    let (x, dy) = (random(3, width: 64, "x"), random(3, width: 64, "dy"))
    let one = Floats(zeros: 64)
    one.fill(1)
    func gradient() -> [Float] {
      let dx = Rows(zeros: 3, width: 64)
      LayerNormGradient(x, moments: Rows(zeros: 3, width: 2)).add(dy, scale: one, to: dx)
      return dx.floats.array
    }
    let near = gradient()
    for index in 0..<x.floats.count { x.floats[index] += 4096 }
    let far = Deviation(gradient(), from: near, tolerance: 2e-3)
    #expect(far.isWithin, "\(far)")
  }

  @Test("the sums of layer norm are those of all rows, strip by strip")
  func sums() {
    let (x, dy) = (random(50, width: 20, "x"), random(50, width: 20, "dy"))
    let one = Floats(zeros: 20)
    one.fill(1)
    let normed = Rows(zeros: 50, width: 20)
    RowNorm((one, Floats(zeros: 20)), epsilon: LayerNormGradient.epsilon).apply(x, into: normed)
    let kernel = LayerNormGradient(x, moments: Rows(zeros: 50, width: 2))
    kernel.add(dy, scale: one, to: Rows(zeros: 50, width: 20))
    let (scale, shift) = (Floats(zeros: 20), Floats(zeros: 20))
    for columns in [0..<7, 7..<8, 8..<20] {
      kernel.fillSums(dy, columns: columns, scale: scale, shift: shift)
    }
    for column in 0..<20 {
      let rows = (0..<50).map { (Double(dy.row($0)[column]), Double(normed.row($0)[column])) }
      #expect(abs(Double(scale[column]) - rows.reduce(0) { $0 + $1.0 * $1.1 }) < 1e-4)
      #expect(abs(Double(shift[column]) - rows.reduce(0) { $0 + $1.0 }) < 1e-5)
    }
  }

  @Test(
    "attention's weights sum to 1 over the keys, and equal the plain twin", arguments: [0.0, 0.3])
  func weights(share: Double) {
    let mask = Dropout(share: share, seed: 4, layer: 2).mask(clip: 1)
    for keys in [1, 3, 16, 37, 64, 131] {
      let (scores, gradient) = (
        random(9, width: keys, "scores", scale: 60), random(9, width: keys, "gradient")
      )
      let weights = AttentionWeights(headWidth: 9, mask: share == 0 ? nil : mask)
      func run() -> [[Float]] {
        let (x, d) = (Rows(Floats(scores.floats.array), width: keys), Floats(zeros: 9))
        let (again, dx) = (
          Rows(Floats(scores.floats.array), width: keys),
          Rows(Floats(gradient.floats.array), width: keys)
        )
        let (logSums, inner) = (d, Floats(zeros: 9))
        weights.forward(x, from: 20, logSums: logSums)
        gradient.rowProducts(with: x, into: inner)
        weights.backward(again, from: 20, logSums: logSums, inner: inner, gradient: dx)
        return [x, again, dx].map(\.floats.array) + [logSums.array]
      }
      let (ours, plain) = (run(), KernelSetup.plainly(run))
      for (ours, plain) in zip(ours, plain) {
        let far = Deviation(ours, from: plain, absolute: 2e-5, relative: 2e-5)
        #expect(far.isWithin, "\(keys): \(far)")
      }
      // Backward makes the same weights again.
      #expect(Deviation(ours[1], from: ours[0], absolute: 1e-5, relative: 1e-5).isWithin)
      for row in 0..<9 {
        let sum = ours[0][row * keys..<(row + 1) * keys].reduce(0) { $0 + Double($1) }
        if share == 0 { #expect(abs(sum - 1) < 1e-5) }
        // A constant added to a query's scores changes nothing.
        let slope = ours[2][row * keys..<(row + 1) * keys].reduce(0) { $0 + Double($1) }
        #expect(abs(slope) < 1e-4, "\(keys): \(slope)")
      }
    }
  }

  @Test(
    "weights are those of the definition: scores over √(width of a head), over the keys of a row")
  func definition() {
    let scores: [[Double]] = [[0.5, -1, 2], [3, 0, -2]]
    let rows = Rows(Floats(scores.flatMap { $0.map { Float($0) } }), width: 3)
    AttentionWeights(headWidth: 4, mask: nil).forward(rows, from: 0, logSums: Floats(zeros: 2))
    for (row, scores) in scores.enumerated() {
      let powers = scores.map { exp($0 / 2) }
      for (key, power) in powers.enumerated() {
        #expect(abs(Double(rows.row(row)[key]) - power / powers.reduce(0, +)) < 1e-6)
      }
    }
  }

  @Test("dropped weights have the mean of those that are not")
  func dropout() {
    let scores = random(4, width: 50, "scores")
    let plain = Rows(Floats(scores.floats.array), width: 50)
    AttentionWeights(headWidth: 4, mask: nil).forward(plain, from: 0, logSums: Floats(zeros: 4))
    var sums = [Double](repeating: 0, count: 200)
    var zeros = 0
    for seed in 0..<2000 {
      let x = Rows(Floats(scores.floats.array), width: 50)
      let mask = Dropout(share: 0.2, seed: UInt64(seed), layer: 1).mask(clip: 0)
      AttentionWeights(headWidth: 4, mask: mask).forward(x, from: 0, logSums: Floats(zeros: 4))
      for (index, value) in x.floats.array.enumerated() {
        sums[index] += Double(value) / 2000
        if value == 0 { zeros += 1 }
      }
    }
    #expect(abs(Double(zeros) / 400_000 - 0.2) < 0.005)
    let far = Deviation(
      sums.map { Float($0) }, from: plain.floats.array, absolute: 1e-4, relative: 0.06)
    #expect(far.isWithin, "\(far)")
  }

  @Test("draws of queries do not depend on how many are taken at a time")
  func blocks() {
    let mask = Dropout(share: 0.5, seed: 1, layer: 1).mask(clip: 0)
    let weights = AttentionWeights(headWidth: 4, mask: mask)
    let (whole, parts) = (random(10, width: 33, "s"), random(10, width: 33, "s"))
    weights.forward(whole, from: 0, logSums: Floats(zeros: 10))
    for rows in [0..<4, 4..<5, 5..<10] {
      weights.forward(
        parts[rows], from: rows.lowerBound, logSums: Floats(zeros: rows.count))
    }
    #expect(whole.floats.array == parts.floats.array)
  }

  @Test("rotary positions equal the plain twin, keep lengths, and see distances alone")
  func rotary() {
    let positions = RotaryPositions(steps: 200, width: 6)
    let x = random(200, width: 14, "x")
    func run() -> [Float] {
      let copy = Rows(Floats(x.floats.array), width: 14)
      positions.rotate(copy.columns(1..<13))
      return copy.floats.array
    }
    let far = Deviation(run(), from: KernelSetup.plainly(run), absolute: 1e-5, relative: 1e-5)
    #expect(far.isWithin, "\(far)")
    let ours = Rows(Floats(run()), width: 14)
    for row in 0..<200 {
      #expect(ours.row(row)[0] == x.row(row)[0] && ours.row(row)[13] == x.row(row)[13])
    }
    positions.rotate(ours.columns(1..<13), back: true)
    #expect(
      Deviation(ours.floats.array, from: x.floats.array, absolute: 2e-6, relative: 0).isWithin)
    // The same query and key at all places.
    let (q, k) = (Rows(zeros: 200, width: 6), Rows(zeros: 200, width: 6))
    for row in 0..<200 {
      q.row(row).copy([0.3, -1, 0.7, 1.2, 0.1, -0.4])
      k.row(row).copy([-0.6, 0.2, 1.1, 0.5, -0.9, 0.8])
    }
    for rows in [q, k] { positions.rotate(rows) }
    let products = Rows(zeros: 200, width: 200)
    GEMM.multiply(q, k, transposing: .right, into: products)
    var byDistance: [Int: [Float]] = [:]
    for row in 0..<200 {
      for key in 0..<200 { byDistance[key - row, default: []].append(products.row(row)[key]) }
    }
    for (distance, values) in byDistance {
      let spread = (values.max() ?? 0) - (values.min() ?? 0)
      #expect(spread < 2e-5, "\(distance): \(spread)")
    }
    #expect(abs((byDistance[0]?[0] ?? 0) - (byDistance[1]?[0] ?? 0)) > 0.05)
  }
}
