import Foundation
import Testing

@testable import ValenceEGeMAPS

@Suite("Parts of eGeMAPS")
struct PartTests {
  @Test("the roots of a polynomial are those it was made of")
  func roots() {
    let truth: [SIMD2<Double>] = [
      SIMD2(0.9, 0), SIMD2(0.3, 0.6), SIMD2(0.3, -0.6), SIMD2(-0.7, 0.2), SIMD2(-0.7, -0.2),
    ]
    var coefficients = [SIMD2(1.0, 0)]
    for root in truth {
      var next = coefficients + [SIMD2(0, 0)]
      for (index, value) in coefficients.enumerated() {
        next[index + 1] -= SIMD2(
          value.x * root.x - value.y * root.y, value.x * root.y + value.y * root.x)
      }
      coefficients = next
    }
    let found = PolynomialRoots.roots(coefficients.dropFirst().map(\.x))
    for root in truth {
      #expect(found.contains { abs($0.x - root.x) + abs($0.y - root.y) < 1e-9 }, "\(root)")
    }
  }

  @Test(
    "no polynomial is without its number of roots",
    arguments: [[], [0], [0, 0, 0], [1e300, 1], [0, 0, 1]])
  func oddRoots(coefficients: [Double]) {
    let found = PolynomialRoots.roots(coefficients)
    #expect(found.count == coefficients.count)
  }

  @Test("a spline goes through its knots and is straight where they are")
  func spline() {
    let spline = LogSpline(bins: 33, binHz: 10, lowHz: 20)
    // Linear over the axis: log₂ of the frequency, of which 0 Hz stands for half the first.
    let line = (0..<33).map { log2(max(0.5, Double($0)) * 10) }
    var values = [Double](repeating: 0, count: 33)
    spline.write(line, into: &values)
    let step = (log2(320.0) - log2(20.0)) / 32
    for point in 0..<33 { #expect(abs(values[point] - log2(20.0) - step * Double(point)) < 1e-9) }
    var bump = [Double](repeating: 0, count: 33)
    bump[32] = 3
    spline.write(bump, into: &values)
    #expect(abs(values[32] - 3) < 1e-12 && abs(values[0]) < 1e-3)
  }

  @Test("gaps of one frame are bridged, stretches of two do not count")
  func stretches() {
    func lengths(_ text: String) -> [Int] { Contour.stretches(text.map { $0 == "x" }) }
    #expect(lengths("") == [] && lengths("...") == [] && lengths("xx") == [])
    #expect(lengths("xxx") == [3] && lengths(".xxx..xx..xxxx") == [3, 4])
    #expect(lengths("xx.xx") == [5] && lengths("x.x.x..xxx.") == [5, 3])
  }

  @Test("percentiles lie between values, as NumPy's do")
  func percentiles() {
    let found = Contour.percentiles([4, 1, 3, 2])
    for (ours, numpy) in zip(found, [1.6, 2.5, 3.4, 1.8]) { #expect(abs(ours - numpy) < 1e-12) }
    #expect(Contour.percentiles([]) == [0, 0, 0, 0] && Contour.percentiles([7]) == [7, 7, 7, 0])
  }

  @Test("zeros are not averaged in")
  func smoothing() {
    #expect(Contour.smoothed([3, 0, 3]) == [2, 2, 2])
    #expect(Contour.smoothedWithoutZeros([0, 2, 4, 0, 6]) == [0, 3, 3, 0, 6])
    #expect(Contour.smoothed([]) == [] && Contour.smoothedWithoutZeros([5]) == [5])
  }

  @Test("peaks stand out by a tenth of the range, and slopes are a second")
  func peaks() {
    let peaks = ContourPeaks([0, 5, 10, 9.5, 9.8, 5, 0, 4, 8, 4])
    #expect(peaks.count == 2)
    // Up 10 in 2 frames and 8 in 2; down 10 in 4 and 4 in 1.
    #expect(abs(peaks.slopes[0] - 450) < 1e-9 && abs(peaks.slopes[1] - 50) < 1e-9)
    #expect(abs(peaks.slopes[2] - 325) < 1e-9 && abs(peaks.slopes[3] - 75) < 1e-9)
    #expect(ContourPeaks([1, 1, 1]).count == 0 && ContourPeaks([]).slopes == [0, 0, 0, 0])
  }

  @Test("the pitch track passes over an octave error and drops two lone frames")
  func track() {
    func frame(_ pitches: [(Double, Double)]) -> [SubharmonicSummation.Candidate] {
      pitches.map { .init(f0Hz: $0.0, voicing: $0.1, score: 1) }
    }
    let good = frame([(200, 0.8), (100, 0.75)])
    let wrong = frame([(100, 0.79), (200, 0.78)])
    let none = frame([(70, 0.4)])
    let found = PitchTrack.decode(
      [none, none, good, good, good, wrong, good, good, none, none, none, good, good, none, none])
    #expect(found == [0, 0, 200, 200, 200, 200, 200, 200, 0, 0, 0, 0, 0, 0, 0])
    #expect(PitchTrack.decode([]) == [] && PitchTrack.decode([[], []]) == [0, 0])
  }
}
