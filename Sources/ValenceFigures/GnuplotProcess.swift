import CGnuplot
import Foundation
import ValenceCore

/// Runs gnuplot on a script.
enum GnuplotProcess {
  /// Draws the script of that name in `folder`, and waits for gnuplot's end.
  ///
  /// gnuplot gets its command through a pipe that gnuplot-iostream has filled before the start: neither of
  /// the two can wait for the other, and a gnuplot that ends early breaks no pipe of ours. Start-up files of
  /// the user (`-d`) would change the figures.
  static func draw(
    _ script: String, in folder: URL, _ limits: FigureWriter.Limits
  ) -> (end: ChildProcess.End, said: String) {
    let commands = unsafe valence_gnuplot_commands("load '\(script)'\n")
    if commands < 0 { return (.notStarted(-commands), "") }
    defer { close(commands) }
    var gnuplot = ChildProcess(limits.program, ["-d"])
    gnuplot.folder = folder.path
    gnuplot.input = commands
    gnuplot.longestS = limits.drawingS
    gnuplot.isCancelled = limits.isCancelled
    return gnuplot.run()
  }

  /// The system's words for the number of an error.
  static func reason(_ code: Int32) -> String {
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}
