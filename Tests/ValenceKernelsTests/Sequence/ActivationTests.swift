import CKernels
import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceKernels

@Suite("Activations")
struct ActivationTests {
  /// Every 1009th float between −100 and 100, of all magnitudes, and odd ones.
  static let arguments: [Float] = {
    var values: [Float] = [0, -0.0, 88.3, -87.3, 7.9, -7.9, .leastNonzeroMagnitude]
    for bits in stride(from: UInt32(0), through: Float(100).bitPattern, by: 50_021) {
      values += [Float(bitPattern: bits), -Float(bitPattern: bits)]
    }
    return values
  }()

  private typealias Function =
    @convention(c) (Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?) -> Void

  private func apply(_ function: Function, _ values: [Float]) -> [Float] {
    var out = [Float](repeating: 0, count: values.count)
    function(values.count, values, &out)
    return out
  }

  @Test("exp has a relative error of 1.2e-7 and saturates outside of its range")
  func exponential() {
    let inside = Self.arguments.filter { $0 >= -87.3 && $0 <= 88.3 }
    let ours = apply(valence_exp, inside)
    for (x, y) in zip(inside, ours) {
      let expected = exp(Double(x))
      #expect(abs(Double(y) - expected) <= 1.2e-7 * expected, "exp(\(x)) = \(y)")
    }
    let outside = apply(valence_exp, [-.infinity, -1000, 1000, .infinity])
    #expect(outside[0] == outside[1] && outside[0] < 1.3e-38 && outside[0] > 0)
    #expect(outside[2] == outside[3] && outside[2] > 2e38 && outside[2].isFinite)
  }

  @Test("tanh has an absolute error of 2.4e-7 and sigmoid one of 1.2e-7")
  func saturating() {
    let tanhs = apply(valence_tanh, Self.arguments)
    let sigmoids = apply(valence_sigmoid, Self.arguments)
    for (index, x) in Self.arguments.enumerated() {
      #expect(abs(Double(tanhs[index]) - tanh(Double(x))) <= 2.4e-7, "tanh(\(x))")
      #expect(abs(Double(sigmoids[index]) - 1 / (1 + exp(-Double(x)))) <= 1.2e-7, "σ(\(x))")
    }
  }

  @Test("GELU and its slope are exact to 4e-7, as their plain twins, wherever an element stands")
  func gelu() {
    func slope(_ function: Function, _ values: [Float]) -> [Float] {
      var out = [Float](repeating: 1, count: values.count)
      function(values.count, values, &out)
      return out
    }
    let x = Self.arguments
    let (values, slopes) = (
      apply(valence_gelu_forward, x), slope(valence_gelu_backward, x)
    )
    let exact = x.map { 0.5 * Double($0) * erfc(-Double($0) / 2.0.squareRoot()) }
    for (index, x) in x.enumerated() {
      let z = Double(x)
      let density = exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
      let exactSlope = 0.5 * erfc(-z / 2.0.squareRoot()) + z * density
      #expect(abs(Double(values[index]) - exact[index]) <= 4e-7 * max(1, abs(z)), "GELU(\(x))")
      #expect(abs(Double(slopes[index]) - exactSlope) <= 4e-7, "GELU′(\(x))")
      #expect(apply(valence_gelu_forward, [x])[0].bitPattern == values[index].bitPattern)
      #expect(slope(valence_gelu_backward, [x])[0].bitPattern == slopes[index].bitPattern)
    }
    let plain = (apply(valence_gelu_forward_plain, x), slope(valence_gelu_backward_plain, x))
    #expect(
      Deviation(plain.0, from: exact.map { Float($0) }, absolute: 1e-7, relative: 1e-6).isWithin)
    #expect(Deviation(plain.1, from: slopes, absolute: 4e-7, relative: 0).isWithin)
    for function in [valence_gelu_forward, valence_gelu_forward_plain] as [Function] {
      #expect(apply(function, [.nan, 1])[0].isNaN)
    }
  }

  @Test("NaN stays NaN")
  func keepsNaN() {
    let values = [Float](repeating: .nan, count: 17)
    for function in [valence_exp, valence_tanh, valence_sigmoid] as [Function] {
      #expect(apply(function, values).allSatisfy { $0.isNaN })
    }
  }

  @Test("every length gives what one element gives, and nothing is written beyond the end")
  func lengths() {
    for count in [0, 1, 2, 7, 8, 15, 16, 17, 31, 33, 64, 65] {
      let x = Array(Self.arguments.prefix(count))
      for function in [valence_exp, valence_tanh, valence_sigmoid] as [Function] {
        var room = [Float](repeating: -9, count: count + 16)
        function(count, x, &room)
        let single = x.map { apply(function, [$0])[0] }
        // A single element may be computed without fused multiply-add.
        let far = Deviation(
          Array(room[0..<count]), from: single, absolute: 3e-7, relative: 3e-7)
        #expect(far.isWithin, "\(count): \(far)")
        #expect(room[count...].allSatisfy { $0 == -9 })
      }
    }
  }
}
