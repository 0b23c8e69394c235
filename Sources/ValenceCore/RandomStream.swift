import Foundation

/// A reproducible stream of random numbers that is known by its seed and the names of its purpose.
///
/// Two streams with different names are independent, so drawing more numbers for one purpose never
/// moves another. The generator is xoshiro256** (Blackman and Vigna, 2021); its state is the SHA-256
/// digest of seed and names.
///
/// Weights, the order of clips, dropout and augmentations are drawn from it, single validation clips, the
/// points of a random sweep, corrected and sampled p-values and the folds that `valence init` writes. So a
/// changed bit, here or in `RandomStream+Beta.swift`, raises `Trial.revision`; `RandomStreamTests` hold the
/// functions of this file to numbers of another program, `BetaTests` the other one to its distribution alone.
package struct RandomStream: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// Makes the stream of `seed` for the purpose that `names` spell out, outermost first.
  package init(seed: UInt64, _ names: String...) {
    let text = "\(seed)" + names.map { "\u{1F}\($0)" }.joined()
    let words = Digest(of: text).words
    // From a state of zeros the generator would give nothing but zeros.
    state = (words[0], words[1], words[2], words[3] | 1)
  }

  /// The next 64 random bits.
  package mutating func next() -> UInt64 {
    func rotated(_ x: UInt64, _ k: UInt64) -> UInt64 { x << k | x >> (64 - k) }
    let result = rotated(state.1 &* 5, 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotated(state.3, 45)
    return result
  }

  /// A number in `0 ..< 1`, on a grid of 2⁻⁵³.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in `0 ..< count`; `count` must be positive.
  package mutating func below(_ count: Int) -> Int {
    precondition(count > 0, "below(\(count)) has nothing to draw from")
    return Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// A number of the standard normal distribution (Box and Muller, 1958).
  package mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// The elements in a random order (Fisher and Yates); the same on every version of Swift.
  package mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var result = elements
    for last in stride(from: result.count - 1, to: 0, by: -1) {
      result.swapAt(last, below(last + 1))
    }
    return result
  }
}
