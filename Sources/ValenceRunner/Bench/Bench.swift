import ValenceCore
import ValenceKernels

/// Measures how fast this machine trains, infers and extracts: `valence bench`.
///
/// Each bench computes something of what it times by plain C as well, and times nothing if the two
/// differ by more than `tolerance`. Clips, sizes and counting are those of the PyTorch reference, so
/// the two can stand side by side.
public enum Bench {
  /// Steps before those that are timed: code is generated and memory touched for the first time.
  static let warmUps = 3
  /// As many classes as the peers' networks have.
  static let classes = 8
  /// How far a result may be from plain C's: ‖difference‖ / ‖plain C's‖.
  ///
  /// Winograd's convolutions come within 1e-5 of it; a kernel that is wrong somewhere is far beyond.
  static let tolerance = 1e-4

  /// The times of `options.repeats` calls of `step`, in seconds, after `warmUps` that do not count.
  private static func times(_ repeats: Int, _ step: () -> Void) -> [Double] {
    let clock = ContinuousClock()
    for _ in 0..<warmUps { step() }
    return (0..<repeats).map { _ in clock.measure(step).seconds }
  }

  /// Times `step` and gathers the result.
  ///
  /// - Parameters:
  ///   - difference: what the check found.
  ///   - operations: floating-point operations of a step, if they can be counted.
  static func result(
    of what: String, _ options: BenchOptions, difference: Double, operations: Int? = nil,
    step: () -> Void
  ) -> BenchResult {
    let times = times(options.repeats, step).sorted()
    let median = (times[times.count / 2] + times[(times.count - 1) / 2]) / 2
    let memory = BenchResult.peakMemory  // before the machine's own measurement takes more
    return BenchResult(
      what: what, size: options.size.rawValue, settings: options.overrides, batch: options.batch,
      threads: options.threads, repeats: options.repeats, ragged: options.ragged,
      medianMs: 1e3 * median, minMs: 1e3 * times[0], clipsPerS: Double(options.batch) / median,
      peakMib: memory, checkDifference: difference,
      roofline: operations.map {
        Roofline(gflopPerS: Double($0) / median * 1e-9, threads: options.threads)
      })
  }

  /// Computes the same by the kernels in use and by plain C.
  ///
  /// - Parameter compute: works on the calling thread alone.
  /// - Returns: how far they are apart, at most `tolerance`.
  /// - Throws: `Problems` if it is more.
  static func check(_ what: String, _ compute: () throws -> [Float]) throws -> Double {
    let plain = try KernelSetup.plainly(compute)
    let fast = try compute()
    precondition(fast.count == plain.count, "\(fast.count) and \(plain.count) numbers")
    var (difference, size) = (0.0, 0.0)
    for (fast, plain) in zip(fast, plain) {
      difference += (Double(fast) - Double(plain)) * (Double(fast) - Double(plain))
      size += Double(plain) * Double(plain)
    }
    let ratio = difference == 0 ? 0 : (difference / size).squareRoot()
    guard ratio <= tolerance else {  // not a number is no match either
      throw Problems([
        Problem(
          "\(what) by the kernels in use differ from those by plain C by "
            + "\(BenchResult.scientific(ratio)) of their size, more than "
            + "\(BenchResult.scientific(tolerance)), so nothing was timed; valence doctor names the "
            + "kernels.")
      ])
    }
    return ratio
  }
}
