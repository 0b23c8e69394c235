import Foundation
import ValenceCore
import ValenceKernels

/// Work done in a second beside the most that this machine can do, measured on the spot.
///
/// The bytes that a step moves are not counted: they depend on what stays in caches. So the memory's
/// speed stands by itself.
package struct Roofline: Encodable, Sendable {
  /// The work in 1e9 operations a second, counted as by direct convolution and whole products; Winograd's
  /// and Strassen's algorithms need fewer, so that this may exceed the peak.
  package let gflopPerS: Double
  /// Multiply-adds in registers, each two operations, in 1e9 operations a second.
  package let peakGflopPerS: Double
  /// Copying between buffers that no cache holds, bytes read and written, in 1e9 bytes a second.
  package let copyGbPerS: Double

  private static let measuredS = 0.05
  private static let rounds = 1 << 20
  private static let copiedFloats = 16 << 20

  /// Measures the machine for a tenth of a second, on so many threads, but no more than it has cores.
  init(gflopPerS: Double, threads: Int) {
    self.gflopPerS = gflopPerS
    let threads = min(threads, ProcessInfo.processInfo.activeProcessorCount)
    let workers = Workers(threads: threads)
    let values = (0..<threads).map { _ in Floats(zeros: RegisterLoop.width) }
    let loop = Self.fastest {
      workers.forEach(parts: threads) { thread in
        RegisterLoop.run(rounds: Self.rounds, factor: 0.5, addend: 1, on: values[thread])
      }
    }
    peakGflopPerS = Double(threads * RegisterLoop.operations(rounds: Self.rounds)) / loop * 1e-9
    let (source, target) = (Floats(zeros: Self.copiedFloats), Floats(zeros: Self.copiedFloats))
    let share = Self.copiedFloats / threads
    let copy = Self.fastest {
      workers.forEach(parts: threads) { thread in
        let range = thread * share..<(thread + 1) * share
        target[range].copy(source[range])
      }
    }
    copyGbPerS = Double(2 * 4 * share * threads) / copy * 1e-9
  }

  /// The shortest time that `work` takes, in seconds; for as long as is measured.
  private static func fastest(_ work: () -> Void) -> Double {
    let clock = ContinuousClock()
    let began = clock.now
    var fastest = Double.infinity
    repeat {
      fastest = min(fastest, clock.measure(work).seconds)
    } while (clock.now - began).seconds < measuredS
    return fastest
  }

  /// Lines of a table: a heading and what it says.
  func rows(threads: String) -> [[String]] {
    let share = "\(NumberText.decimal(100 * gflopPerS / peakGflopPerS, 0)) %"
    return [
      [
        "work",
        "\(BenchResult.short(gflopPerS)) GFLOP/s, counted as direct convolution: \(share) of the "
          + "\(BenchResult.short(peakGflopPerS)) that \(threads) can do in registers",
      ],
      ["machine", "copies memory at \(BenchResult.short(copyGbPerS)) GB/s"],
    ]
  }
}
