import Foundation

extension RandomStream {
  /// A number of the symmetric beta distribution, Beta(alpha, alpha) with a positive alpha.
  ///
  /// X / (X + Y) of two gamma variables. These are drawn as logarithms, because at a small alpha both
  /// would underflow to zero.
  package mutating func beta(_ alpha: Double) -> Double {
    precondition(alpha > 0 && alpha.isFinite, "Beta(\(alpha), \(alpha))")
    let x = logGamma(shape: alpha)
    let y = logGamma(shape: alpha)
    return 1 / (1 + exp(y - x))
  }

  /// The logarithm of a gamma variable of scale 1 (Marsaglia and Tsang, 2000).
  private mutating func logGamma(shape: Double) -> Double {
    // Gamma(a) is Gamma(a + 1) · U^(1/a), which the method needs below 1.
    if shape < 1 { return logGamma(shape: shape + 1) + log(1 - uniform()) / shape }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
      let u = 1 - uniform()
      if v > 0, log(u) < 0.5 * x * x + d - d * v + d * log(v) { return log(d * v) }
    }
  }
}
