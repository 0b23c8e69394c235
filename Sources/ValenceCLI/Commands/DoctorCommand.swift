import ArgumentParser
import Foundation
import ValenceCore
import ValenceEncoders
import ValenceFeatures
import ValenceFigures
import ValenceKernels
import ValenceTraining

/// `valence doctor`.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Shows the libraries, kernels and tools in use, and what each missing one costs.")

  @Flag(help: "Print JSON for a program to read.")
  var json = false

  /// One line of the report.
  private struct Component: Encodable {
    var part: String
    /// The version or path in use; nil where it is missing.
    var inUse: String?
    var remark: String
  }

  func run() throws {
    let parts = Self.parts
    if json { return try printJSON(parts) }
    try say(
      ReportTable(
        columns: [.init("part"), .init("in use"), .init("remark")],
        rows: parts.map { [$0.part, $0.inUse ?? "missing", $0.remark] }
      ).text, terminator: "")
  }

  private static var parts: [Component] {
    let build = "build \(Version.build ?? "unknown")"
    return [Component(part: "valence", inUse: Version.number, remark: build)]
      + KernelReport.current.map { Component(part: $0.name, inUse: $0.value, remark: $0.remark) }
      + encoders
      + tools.map { name, use in
        let path = find(name)
        return Component(part: name, inUse: path, remark: path == nil ? "without it: \(use)" : "")
      }
  }

  /// The encoders of `$VALENCE_ENCODERS`, each with the digest that an experiment file may name.
  private static var encoders: [Component] {
    KnownEncoders.installed().map { folder in
      let part = "encoder \(folder.lastPathComponent)"
      do {
        let identity = try KnownEncoders.identity(of: folder)
        return Component(part: part, inUse: identity.text, remark: folder.path)
      } catch {
        return Component(part: part, inUse: nil, remark: "\(error)")
      }
    }
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
