import Testing
import ValenceCore
import ValenceEvaluation

@Suite("Holm's correction")
struct HolmCorrectionTests {
  @Test(
    "equals R's p.adjust, whatever the order",
    arguments: [
      ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
      ([0.2], [0.2]),
      ([0.4, 0.5, 0.6], [1, 1, 1]),
      ([0.02, 0.02, 0.02], [0.06, 0.06, 0.06]),
      ([], []),
    ])
  func known(values: [Double], expected: [Double]) {
    for shift in values.indices {
      let turned = Array(values[shift...] + values[..<shift])
      let result = HolmCorrection.corrected(turned)
      let right = expected[shift...] + expected[..<shift]
      #expect(zip(result, right).allSatisfy { abs($0 - $1) < 1e-12 })
    }
    #expect(HolmCorrection.corrected(values).count == expected.count)
  }

  @Test("never lies below the value itself, keeps the order, and is at most Bonferroni's")
  func properties() {
    var random = RandomStream(seed: 3, "holm")
    for _ in 0..<50 {
      let values = (0..<random.below(12) + 1).map { _ in random.uniform() }
      let corrected = HolmCorrection.corrected(values)
      for (value, result) in zip(values, corrected) {
        #expect(result >= value && result <= min(1, Double(values.count) * value) + 1e-12)
      }
      for a in values.indices {
        for b in values.indices where values[a] < values[b] {
          #expect(corrected[a] <= corrected[b])
        }
      }
    }
  }
}
