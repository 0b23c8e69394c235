import Foundation
import Testing
import ValenceCore

@Suite("The symmetric beta distribution")
struct BetaTests {
  private func draws(_ alpha: Double, _ count: Int = 4000) -> [Double] {
    var random = RandomStream(seed: 3, "beta", "\(alpha)")
    return (0..<count).map { _ in random.beta(alpha) }
  }

  /// The greatest distance between the drawn and the true distribution (Kolmogorov and Smirnov).
  private func distance(_ drawn: [Double], _ cdf: (Double) -> Double) -> Double {
    drawn.sorted().enumerated().reduce(0) { worst, item in
      let (low, high) = (Double(item.offset), Double(item.offset + 1))
      let truth = cdf(item.element) * Double(drawn.count)
      return max(worst, abs(truth - low), abs(truth - high))
    } / Double(drawn.count)
  }

  @Test("follows the arcsine law at ½, is uniform at 1, and a cubic at 2")
  func closedForms() {
    let limit = 1.95 / 4000.0.squareRoot()  // exceeded once in a thousand
    #expect(distance(draws(0.5)) { 2 / .pi * asin($0.squareRoot()) } < limit)
    #expect(distance(draws(1)) { $0 } < limit)
    #expect(distance(draws(2)) { $0 * $0 * (3 - 2 * $0) } < limit)
    // The comparison can fail.
    #expect(distance(draws(2)) { $0 } > limit)
  }

  @Test("has mean ½ and variance 1 / (4 (2α + 1)), from tiny to large α")
  func moments() {
    for alpha in [0.01, 0.2, 0.4, 3, 100] {
      let drawn = draws(alpha)
      #expect(drawn.allSatisfy { $0 >= 0 && $0 <= 1 })
      let variance = 1 / (4 * (2 * alpha + 1))
      let mean = drawn.reduce(0, +) / 4000
      #expect(abs(mean - 0.5) < 4 * (variance / 4000).squareRoot(), "α \(alpha): \(mean)")
      let found = drawn.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
      #expect(abs(found / variance - 1) < 0.1, "α \(alpha): \(found) against \(variance)")
    }
  }
}
