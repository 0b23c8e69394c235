import Foundation
import ValenceCore

/// The reference values that ship beside a test target, in `Fixtures/`.
package struct Fixture {
  /// The folder of the test target's fixtures.
  package let folder: URL

  /// The fixtures of the test target whose `Bundle.module` is `bundle`.
  package init(_ bundle: Bundle) {
    folder = bundle.bundleURL.appending(path: "Fixtures")
  }

  /// The arrays of a safetensors file, by its path below the folder.
  package func arrays(_ path: String) throws -> [String: Safetensors.Array] {
    let url = folder.appending(path: path)
    return try Safetensors(decoding: Data(contentsOf: url), name: path).arrays.dictionary
  }
}

/// Where two runs of numbers are furthest apart relative to the tolerance `absolute + relative · |b|`.
package struct Deviation: CustomStringConvertible {
  /// The index of the worst pair.
  package var index = 0
  /// The worst pair, ours first.
  package var values: (ours: Double, theirs: Double) = (0, 0)
  /// The worst difference divided by its tolerance; at most 1 is within.
  package var ratio = 0.0

  /// Compares ours with theirs, element by element; runs of different lengths are infinitely far apart.
  package init(
    _ ours: some Collection<Float>, from theirs: some Collection<Float>, absolute: Double,
    relative: Double
  ) {
    guard ours.count == theirs.count else {
      values = (Double(ours.count), Double(theirs.count))
      ratio = .infinity
      return
    }
    for (position, (a, b)) in zip(ours, theirs).enumerated() {
      let tolerance = absolute + relative * abs(Double(b))
      var distance = a == b ? 0 : abs(Double(a) - Double(b)) / tolerance
      if distance.isNaN { distance = .infinity }
      if distance > ratio {
        (index, values, ratio) = (position, (Double(a), Double(b)), distance)
      }
    }
  }

  /// Compares within `tolerance` of each value and of the greatest magnitude among theirs: what
  /// single precision can promise of sums whose terms are of that size.
  package init(
    _ ours: some Collection<Float>, from theirs: some Collection<Float>, tolerance: Double
  ) {
    let greatest = theirs.reduce(0) { max($0, abs($1)) }
    self.init(
      ours, from: theirs, absolute: tolerance * Double(greatest), relative: tolerance)
  }

  /// Whether every pair is within the tolerance.
  package var isWithin: Bool { ratio <= 1 }

  /// The worst pair in words.
  package var description: String {
    "worst at \(index): \(values.ours) against \(values.theirs), \(ratio) of the tolerance"
  }
}
