import Foundation

/// Round numbers along an axis.
enum Ticks {
  /// Multiples of 1, 2 or 5 × 10ⁿ within a range, at most `count` of them if `count` ≥ 2.
  static func round(in range: ClosedRange<Double>, atMost count: Int) -> [Double] {
    let span = range.upperBound - range.lowerBound
    guard span > 0, span.isFinite else { return [range.lowerBound] }
    let magnitude = pow(10, floor(log10(span)) - 1)
    for factor in [1.0, 2, 5, 10, 20, 50, 100] {
      let step = factor * magnitude
      let first = (range.lowerBound / step - 1e-9).rounded(.up)
      let last = (range.upperBound / step + 1e-9).rounded(.down)
      if Int(last - first) + 1 <= count {
        return stride(from: first, through: last, by: 1).map { $0 * step }
      }
    }
    return []
  }
}
