import Foundation
import ValenceCore
import ValenceFigures

/// The measurements of a bench; as JSON it has the keys of the PyTorch reference's results, and more.
package struct BenchResult: Encodable, Sendable {
  /// The work that was timed: `train`, `infer` or `features`.
  package var what: String
  /// The network's size; nil where none was timed.
  package var size: String?
  /// The settings that were put over it.
  package var settings: [String]
  /// Clips a step.
  package var batch: Int
  /// Threads of the step.
  package var threads: Int
  /// Steps that were timed.
  package var repeats: Int
  /// Whether clips had different lengths.
  package var ragged: Bool
  /// The median time of a step.
  package var medianMs: Double
  /// The shortest time of a step.
  package var minMs: Double
  /// Clips a second at the median.
  package var clipsPerS: Double
  /// Seconds of audio a second; of features alone.
  package var timesRealTime: Double?
  /// The greatest memory of the process so far.
  package var peakMib: Int
  /// How far what was checked is from plain C's: ‖difference‖ / ‖plain C's‖.
  package var checkDifference: Double
  /// How near it comes to the machine's limits, where operations can be counted.
  package var roofline: Roofline?

  /// A few lines for people.
  package var text: String {
    let clips = Wording.counted(batch, "clip")
    let network = size.map { "\($0) network, " } ?? ""
    let threads = Wording.counted(threads, "thread")
    let title =
      ["\(what): \(network)\(clips)\(ragged ? " of several lengths" : ""), \(threads)"] + settings
    var rows = [
      [
        "time", Self.short(medianMs) + " ms, median of \(repeats); fastest \(Self.short(minMs)) ms",
      ],
      [
        "speed",
        Self.short(clipsPerS) + " clips a second"
          + (timesRealTime.map { ", \(Self.short($0)) times real time" } ?? ""),
      ],
      ["memory", "\(peakMib) MiB at the most"],
      ["check", "within \(Self.scientific(checkDifference)) of plain C"],
    ]
    rows += roofline?.rows(threads: threads) ?? []
    return title.joined(separator: "; ") + "\n"
      + rows.map { "  \($0[0].padding(toLength: 9, withPad: " ", startingAt: 0))\($0[1])\n" }
      .joined()
  }

  /// Three digits that matter.
  static func short(_ value: Double) -> String {
    String(format: value < 100 ? "%.3g" : "%.0f", value)
  }

  /// One digit and the power of ten.
  static func scientific(_ value: Double) -> String { String(format: "%.0e", value) }

  /// The greatest resident size of this process, in MiB, as the system counts it.
  static var peakMemory: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let kib = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }
    return (kib ?? 0) / 1024
  }
}
