import ValenceCore
import ValenceKernels

/// Measures how fast this machine trains, infers and extracts: `valence bench`.
///
/// Each bench computes something of what it times by plain C as well, and times nothing if the two
/// differ by more than `tolerance`. Clips, sizes and counting are those of the PyTorch reference, so
/// the two can be compared row by row.
package enum Bench {
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
    let times = Quantiles(times(options.repeats, step))
    let median = times.median
    let memory = BenchResult.peakMemory  // before the machine's own measurement takes more
    return BenchResult(
      what: what, size: options.size.rawValue, settings: options.overrides, batch: options.batch,
      threads: options.threads, repeats: options.repeats, ragged: options.ragged,
      medianMs: 1e3 * median, minMs: 1e3 * times.at(0), clipsPerS: Double(options.batch) / median,
      peakMib: memory, checkDifference: difference,
      roofline: operations.map {
        Roofline(gflopPerS: Double($0) / median * 1e-9, threads: options.threads)
      })
  }

  /// How many samples of gradients may be tried until one agrees.
  ///
  /// Rounding can give a window of max pooling another winner, about every third clip, which moves the
  /// gradients by up to 1e-3 at once. A kernel that is wrong is wrong on every clip.
  static let samplesOfGradients = 8

  /// Computes the same by the kernels in use and by plain C, of one sample after another until they
  /// agree.
  ///
  /// - Parameter compute: gives the numbers of a sample, from 0 on; works on the calling thread alone.
  /// - Returns: how far they are apart, at most `tolerance`.
  /// - Throws: `Problems` if it is more in every sample.
  static func check(
    _ what: String, samples: Int = 1, _ compute: (_ sample: Int) throws -> [Float]
  ) throws -> Double {
    var least = Double.nan
    for sample in 0..<samples {
      let plain = try KernelSetup.plainly { try compute(sample) }
      let difference = distance(try compute(sample), from: plain)
      if difference <= tolerance { return difference }
      least = Double.minimum(least, difference)
    }
    throw Problems([
      Problem(
        "\(what) by the kernels in use differ from those by plain C by "
          + "\(BenchResult.scientific(least)) of their size, more than "
          + "\(BenchResult.scientific(tolerance)), so nothing was timed; valence doctor names the "
          + "kernels.")
    ])
  }

  /// ‖ours − plain‖ / ‖plain‖; not a number if one of them holds such.
  private static func distance(_ ours: [Float], from plain: [Float]) -> Double {
    precondition(ours.count == plain.count, "\(ours.count) and \(plain.count) numbers")
    var (difference, size) = (0.0, 0.0)
    for (ours, plain) in zip(ours, plain) {
      difference += (Double(ours) - Double(plain)) * (Double(ours) - Double(plain))
      size += Double(plain) * Double(plain)
    }
    return difference == 0 ? 0 : (difference / size).squareRoot()
  }
}
