import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@Suite("Figures that cannot be drawn")
struct FigureCommandTests {
  private static let settings = ["training.epochs=1", "report.figures=[confusion, corpora]"]

  /// Puts a program of some lines of shell in the place of gnuplot.
  private func put(_ lines: String, in valence: inout Command) throws {
    let tools = valence.folder.appending(path: "tools")
    try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: true)
    let program = tools.appending(path: "gnuplot")
    try writeShellProgram(lines, to: program)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    valence.environment["PATH"] = "\(tools.path):\(path)"
  }

  @Test("all are tried and named, the table is there, and the exit status is 1")
  func failing() throws {
    try Command.with { valence in
      var valence = valence
      try put("echo 'no good' >&2; exit 3", in: &valence)
      let run = try valence("run", ["plan.yaml"] + Self.settings)
      #expect(run.status == 1)
      #expect(run.output.contains("Results/study/summary.md"))
      let summary = valence.folder.appending(path: "Results/study/summary.md")
      #expect(try !String(contentsOf: summary, encoding: .utf8).contains("Plots/"))
      let failures = run.errorLines.filter { $0.contains(".gp: gnuplot ended with status 3") }
      #expect(failures.count == 2, "\(run.errors)")
      let report = try valence("report", "study")
      #expect(report.status == 1)
      #expect(report.errorLines.count == 2)
      // With a gnuplot that draws, the same command makes what is missing.
      valence.environment["PATH"] = nil
      let mended = try valence("report", "study")
      #expect((mended.status, mended.errors) == (0, ""))
      #expect(mended.output.contains("Plots/study/corpora.png"))
      #expect(
        try String(contentsOf: summary, encoding: .utf8).contains("](../../Plots/study/corpora."))
    }
  }

  @Test("Ctrl-C ends the run and the gnuplot that draws, and leaves no part of a figure")
  func interrupted() throws {
    try Command.with { valence in
      var valence = valence
      let note = valence.folder.appending(path: "process")
      try put("echo $$ > '\(note.path)'\nkill -INT $PPID\nexec sleep 600", in: &valence)
      let run = try valence("run", ["plan.yaml"] + Self.settings)
      #expect(run.status == 130)
      let process = try String(contentsOf: note, encoding: .utf8)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      // It was waited for, so that nothing has its number.
      #expect(kill(try #require(pid_t(process)), 0) == -1 && errno == ESRCH)
      let plots = valence.folder.appending(path: "Plots/study")
      #expect(try FileManager.default.contentsOfDirectory(atPath: plots.path) == [])
    }
  }

  @Test("a gnuplot does not outlive the program that was killed while it drew")
  func killed() throws {
    try Command.with { valence in
      var valence = valence
      let note = valence.folder.appending(path: "process")
      try put("echo $$ > '\(note.path)'\nkill -KILL $PPID\nexec sleep 60", in: &valence)
      let run = try valence("run", ["plan.yaml"] + Self.settings)
      #expect(run.status == -1, "it was killed by a signal")
      let process = try String(contentsOf: note, encoding: .utf8)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      // The kernel ends it at once, but on a busy machine it takes a moment to be gone.
      let gnuplot = try #require(ProcessIdentity(text: process))
      let deadline = ContinuousClock.now + .seconds(20)
      while gnuplot.isRunning, ContinuousClock.now < deadline { usleep(10_000) }
      #expect(!gnuplot.isRunning, "process \(process) is still there")
      // What it left does not disturb the next report.
      valence.environment["PATH"] = nil
      let report = try valence("report", "study")
      #expect((report.status, report.errors) == (0, ""))
      let plots = try FileManager.default.contentsOfDirectory(
        atPath: valence.folder.appending(path: "Plots/study").path)
      #expect(plots.allSatisfy { !$0.hasPrefix(".") })
    }
  }
}
