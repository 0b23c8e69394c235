import CKernels
import Foundation

/// Passes over all parameters of a network at once, cut into parts of a fixed length.
package enum FlatBlock {
  /// The number of floats of a part: large enough to be worth a thread's while.
  private static let partLength = 1 << 16

  private static func parts(of count: Int) -> Int { (count + partLength - 1) / partLength }

  private static func part(_ index: Int, of x: Floats) -> Floats {
    x[index * partLength..<min((index + 1) * partLength, x.count)]
  }

  /// Σ x², added in Double part by part.
  package static func sumOfSquares(_ x: Floats, workers: Workers) -> Double {
    let parts = parts(of: x.count)
    return unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: parts) { sums in
      nonisolated(unsafe) let sums = unsafe sums
      workers.forEach(parts: parts) { index in
        let part = part(index, of: x)
        unsafe sums[index] = valence_sum_of_squares(part.count, part.pointer)
      }
      return unsafe sums.reduce(0, +)
    }
  }

  /// The numbers of one step of Adam or AdamW, with PyTorch's β₁ .9, β₂ .999 and ε 1e-8.
  package struct AdamStep: Sendable {
    let raw: valence_adam_step

    /// Step `t`, from 1; each gradient counts `gradientScale` times.
    ///
    /// - Parameters:
    ///   - decay: how much of a parameter a rate of 1 takes off (AdamW's weight decay).
    ///   - penalty: how much of a parameter is added to its gradient (Adam's weight decay).
    package init(t: Int, rate: Double, decay: Double, penalty: Double, gradientScale: Double) {
      let (beta1, beta2, epsilon) = (0.9, 0.999, 1e-8)
      let (first, second) = (pow(beta1, Double(t)), pow(beta2, Double(t)))
      raw = valence_adam_step(
        decay: Float(1 - rate * decay), penalty: Float(penalty), rate: Float(rate / (1 - first)),
        beta1: Float(beta1), beta2: Float(beta2), rest1: Float(1 - beta1),
        rest2: Float(1 - beta2), correction: Float(1 / (1 - second).squareRoot()),
        epsilon: Float(epsilon), gradient_scale: Float(gradientScale))
    }
  }

  /// Moves the parameters by one step.
  ///
  /// - Parameter moments: the running means of the gradients and of their squares.
  package static func adam(
    _ step: AdamStep, gradients: Floats, moments: (m: Floats, v: Floats), parameters: Floats,
    workers: Workers
  ) {
    check(parameters, gradients, moments.m, moments.v)
    workers.forEach(parts: parts(of: parameters.count)) { index in
      let part = part(index, of: parameters)
      let gradient = Self.part(index, of: gradients)
      let (m, v) = (Self.part(index, of: moments.m), Self.part(index, of: moments.v))
      var raw = step.raw
      unsafe valence_adam(
        part.count, &raw, gradient.pointer, m.pointer, v.pointer, part.pointer)
    }
  }

  /// The numbers of one step of SGD.
  package struct SGDStep: Sendable {
    let raw: valence_sgd_step

    /// Each gradient counts `gradientScale` times; `penalty` of a parameter is added to it.
    package init(
      rate: Double, penalty: Double, momentum: Double, isNesterov: Bool, gradientScale: Double
    ) {
      raw = valence_sgd_step(
        rate: Float(rate), penalty: Float(penalty), momentum: Float(momentum),
        nesterov: isNesterov, gradient_scale: Float(gradientScale))
    }
  }

  /// Moves the parameters by one step; without a velocity there is no momentum.
  package static func sgd(
    _ step: SGDStep, gradients: Floats, velocity: Floats?, parameters: Floats, workers: Workers
  ) {
    check(parameters, gradients, velocity ?? gradients)
    workers.forEach(parts: parts(of: parameters.count)) { index in
      let part = part(index, of: parameters)
      let gradient = Self.part(index, of: gradients)
      let velocity = velocity.map { Self.part(index, of: $0) }
      var raw = step.raw
      unsafe valence_sgd(part.count, &raw, gradient.pointer, velocity?.pointer, part.pointer)
    }
  }

  private static func check(_ parameters: Floats, _ others: Floats...) {
    precondition(
      others.allSatisfy { $0.count == parameters.count },
      "\(others.map(\.count)) gradients and moments for \(parameters.count) parameters")
  }
}
