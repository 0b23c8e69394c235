/// Quantiles of a sample, linear between its order statistics (type 7 of Hyndman and Fan 1996).
package struct Quantiles {
  private let sorted: [Double]

  package init(_ values: [Double]) { sorted = values.filter(\.isFinite).sorted() }

  /// The quantile for a probability from 0 to 1; NaN of an empty sample.
  package func at(_ probability: Double) -> Double {
    guard let last = sorted.indices.last else { return .nan }
    let position = probability * Double(last)
    let below = min(Int(position), last)
    let above = min(below + 1, last)
    return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
  }

  /// The middle of the sample; NaN of an empty one.
  package var median: Double { at(0.5) }
}
