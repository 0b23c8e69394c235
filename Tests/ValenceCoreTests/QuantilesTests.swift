import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@Suite("Quantiles")
struct QuantilesTests {
  @Test("quantiles are numpy's")
  func quantiles() throws {
    let arrays = try Fixture(.module).arrays("quantiles/quantiles.safetensors")
    let probabilities = try #require(arrays["probabilities"]).values
    for size in [1, 2, 3, 10, 101] {
      let sample = try #require(arrays["sample\(size)"]).values.map(Double.init)
      let quantiles = Quantiles(sample + [.nan, .infinity])
      let ours = probabilities.map { Float(quantiles.at(Double($0))) }
      let deviation = Deviation(
        ours, from: try #require(arrays["quantiles\(size)"]).values, absolute: 1e-6, relative: 1e-6)
      #expect(deviation.isWithin, "\(size) values: \(deviation)")
    }
    #expect(Quantiles([]).median.isNaN)
  }
}
