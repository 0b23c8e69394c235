import ArgumentParser
import Foundation
import ValenceFigures
import ValenceKernels
import ValenceRunner

/// `valence doctor`.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Shows the libraries, kernels and tools in use, and what each missing one costs.")

  func run() throws {
    var rows = [
      [
        "valence", Version.number,
        "build \(Version.build ?? "unknown"), commit \(Version.commit ?? "unknown")",
      ]
    ]
    rows += KernelReport.current.map { [$0.name, $0.value, $0.remark] }
    rows += Self.tools.map { name, use in
      let path = Self.find(name)
      return [name, path ?? "missing", path == nil ? "without it: \(use)" : ""]
    }
    print(
      ReportTable(columns: [.init("part"), .init("in use"), .init("remark")], rows: rows).text,
      terminator: "")
  }

  private static let tools = [
    (name: "gnuplot", use: "no figures are drawn (Debian: gnuplot-nox)"),
    (
      name: "ffmpeg", use: "no sound of MP4, M4A, MKV, AVI, … such as MELD's clips (Debian: ffmpeg)"
    ),
    (name: "espeak-ng", use: "no synthetic speech for the quickstart (Debian: espeak-ng)"),
  ]

  private static func find(_ name: String) -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
