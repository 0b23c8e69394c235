import Foundation

/// Student's t distribution with any positive number of degrees of freedom, integer or not.
///
/// P(|T| ≥ t) = I_x(ν/2, 1/2) with x = ν/(ν + t²) and I the regularized incomplete beta function,
/// evaluated by its continued fraction (Press and others, Numerical Recipes, section 6.4; the
/// modified method of Lentz). Equal to SciPy's `stats.t` within 1e-9, relative; fixture
/// `inference/student_t.json`.
struct StudentT: Hashable, Sendable {
  /// The degrees of freedom, ν > 0.
  let degrees: Double

  /// A distribution of so many degrees of freedom.
  init(degrees: Double) {
    precondition(degrees > 0, "\(degrees) degrees of freedom")
    self.degrees = degrees
  }

  /// The probability of a value at least as far from 0 as `t`, on either side.
  func twoSided(_ t: Double) -> Double {
    let square = t * t
    guard square.isFinite else { return 0 }
    return IncompleteBeta(a: degrees / 2, b: 0.5).value(
      at: degrees / (degrees + square), rest: square / (degrees + square))
  }

  /// The value t with P(|T| ≥ t) = 1 − `level`.
  ///
  /// - Parameter level: from 0 up to, not including, 1.
  func quantile(level: Double) -> Double {
    precondition((0..<1).contains(level), "level \(level)")
    let outside = 1 - level
    var (low, high) = (0.0, 1.0)
    while twoSided(high) > outside { (low, high) = (high, 2 * high) }
    // Bisection to the last digit: slower than Newton's method, but it cannot leave the bracket.
    while true {
      let middle = (low + high) / 2
      guard middle > low, middle < high else { return middle }
      if twoSided(middle) > outside { low = middle } else { high = middle }
    }
  }
}

/// The normal distribution.
enum Normal {
  /// The probability of a value at least as far from 0 as `z`, on either side.
  static func twoSided(_ z: Double) -> Double { erfc(abs(z) / 2.0.squareRoot()) }

  /// The value z ≥ 0 with `twoSided(z)` = `p`, 0 to 1; infinite for 0.
  static func size(ofTwoSided p: Double) -> Double {
    guard p > 0 else { return .infinity }
    var (low, high) = (0.0, 40.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if twoSided(middle) > p { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}

/// The regularized incomplete beta function I_x(a, b).
private struct IncompleteBeta {
  let a: Double
  let b: Double

  /// The function at `x`; `rest` is 1 − x, given apart so that no digits are lost near 1.
  func value(at x: Double, rest: Double) -> Double {
    guard x > 0 else { return 0 }
    guard rest > 0 else { return 1 }
    let log =
      LogGamma.value(a + b) - LogGamma.value(a) - LogGamma.value(b) + a * Foundation.log(x)
      + b * Foundation.log(rest)
    let front = exp(log)
    // The fraction converges fast below the mean; above it, the other tail's does.
    return x < (a + 1) / (a + b + 2)
      ? front * Self.fraction(a, b, x) / a : 1 - front * Self.fraction(b, a, rest) / b
  }

  private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    func away(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
    var c = 1.0
    var d = 1 / away(1 - (a + b) * x / (a + 1))
    var result = d
    for step in 1..<10_000 {
      let m = Double(step)
      for term in [
        m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
      ] {
        d = 1 / away(1 + term * d)
        c = away(1 + term / c)
        result *= d * c
      }
      if abs(d * c - 1) < 1e-15 { break }
    }
    return result
  }
}

/// The logarithm of the gamma function, by Stirling's series.
enum LogGamma {
  /// The value for x > 0.
  static func value(_ x: Double) -> Double {
    // The series is accurate to the last digit from 12 on; Γ(x + 1) = x·Γ(x) reduces smaller x to it.
    var (x, shift) = (x, 0.0)
    while x < 12 {
      shift += log(x)
      x += 1
    }
    let inverse = 1 / (x * x)
    let series =
      (1.0 / 12 - inverse
        * (1.0 / 360 - inverse
          * (1.0 / 1260 - inverse
            * (1.0 / 1680
              - inverse * (1.0 / 1188 - inverse * 691.0 / 360_360)))))
      / x
    return (x - 0.5) * log(x) - x + 0.5 * log(2 * Double.pi) + series - shift
  }
}
