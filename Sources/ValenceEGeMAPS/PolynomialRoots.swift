import Foundation

/// All roots of a polynomial with real coefficients at once, by the method of Aberth (1973).
enum PolynomialRoots {
  private static let rounds = 60
  private static let tolerance = 1e-12

  /// The roots of zⁿ + c[0]·zⁿ⁻¹ + … + c[n − 1], as real and imaginary parts.
  static func roots(_ coefficients: [Double]) -> [SIMD2<Double>] {
    let count = coefficients.count
    guard count > 0, let last = coefficients.last else { return [] }
    // The product of all roots is the last coefficient.
    let radius = max(1e-3, pow(abs(last), 1 / Double(count)))
    var roots = (0..<count).map { index in
      let angle = 2 * Double.pi * Double(index) / Double(count) + 0.4
      return SIMD2(radius * cos(angle), radius * sin(angle))
    }
    for _ in 0..<rounds {
      var largest = 0.0
      for index in roots.indices {
        let step = step(roots, index, coefficients)
        roots[index] -= step
        largest = max(largest, abs(step.x) + abs(step.y))
      }
      if largest < tolerance { break }
    }
    return roots
  }

  /// Newton's step from a root, held off from where the others are.
  private static func step(
    _ roots: [SIMD2<Double>], _ index: Int, _ coefficients: [Double]
  ) -> SIMD2<Double> {
    let root = roots[index]
    var value = SIMD2(1.0, 0.0)
    var slope = SIMD2(0.0, 0.0)
    for coefficient in coefficients {
      slope = product(slope, root) + value
      value = product(value, root)
      value.x += coefficient
    }
    var repulsion = SIMD2(0.0, 0.0)
    for (other, place) in roots.enumerated() where other != index {
      repulsion += inverse(root - place)
    }
    let divisor = slope - product(value, repulsion)
    return product(value, inverse(divisor))
  }

  private static func product(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> SIMD2<Double> {
    SIMD2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x)
  }

  /// 1 / z; 0 for 0, so that a step never leaves the numbers.
  private static func inverse(_ z: SIMD2<Double>) -> SIMD2<Double> {
    let square = z.x * z.x + z.y * z.y
    return square > 0 ? SIMD2(z.x / square, -z.y / square) : SIMD2(0, 0)
  }
}
