/// A measure over several networks: mean, standard deviation and interval.
package struct Estimate: Hashable, Sendable, CustomStringConvertible {
  /// The mean of the values.
  package let mean: Double
  /// The standard deviation of the values with n − 1 in its denominator; nil for a single value.
  ///
  /// The values are a sample of all seeds (or folds) that could have been drawn, and n − 1 is what
  /// estimates their spread without bias in the variance. NumPy's `std` divides by n unless told
  /// otherwise: it is this times √((n − 1)/n).
  package let deviation: Double?
  /// The number of values.
  package let n: Int
  /// The interval of the mean; nil if it was not requested or cannot be given.
  package let interval: Interval?

  /// The mean and spread of `values`, of which there must be one at least.
  package init(_ values: [Double], interval: Interval? = nil) {
    precondition(!values.isEmpty, "there is no estimate of no values")
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    n = values.count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    deviation = n > 1 ? (squares / Double(n - 1)).squareRoot() : nil
    self.interval = interval
  }

  /// `0.623 ± 0.012 [0.601, 0.640] (n = 5)`, without the parts that are unknown.
  package var description: String {
    var text = Self.rounded(mean)
    if let deviation { text += " ± \(Self.rounded(deviation))" }
    if let interval { text += " [\(Self.rounded(interval.low)), \(Self.rounded(interval.high))]" }
    return text + " (n = \(n))"
  }

  private static func rounded(_ value: Double) -> String {
    let thousandths = Int((value * 1000).rounded())
    let digits = String(abs(thousandths) % 1000)
    let zeros = String(repeating: "0", count: 3 - digits.count)
    return "\(thousandths < 0 ? "-" : "")\(abs(thousandths) / 1000).\(zeros)\(digits)"
  }
}
