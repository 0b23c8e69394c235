import Foundation
import ValenceCore

/// Why a figure was not drawn.
package enum FigureError: Error, Equatable, CustomStringConvertible {
  /// There is no gnuplot on the PATH.
  case gnuplotMissing(script: String, folder: String)
  /// The system would not start gnuplot.
  case notStarted(script: String, reason: String)
  /// No installed font has these characters.
  case noFont(script: String, characters: String)
  /// gnuplot did not end within the limit and was killed.
  case late(script: String, limitS: Double)
  /// gnuplot was not started, as it had hung on an earlier figure.
  case hungBefore(script: String)
  /// The figure was no longer wanted.
  case cancelled
  /// gnuplot ended with an error.
  case failed(script: String, status: Int, said: String)
  /// The figures' folder cannot be written.
  case unwritable(folder: String, reason: String)

  package var description: String {
    switch self {
    case .gnuplotMissing(let script, let folder):
      "\(folder)/\(script): not drawn, as there is no gnuplot on the PATH; install it "
        + "(Debian: gnuplot-nox) and run `gnuplot \(script)` in that folder."
    case .notStarted(let script, let reason):
      "\(script): not drawn, as the system would not start gnuplot (\(reason))."
    case .noFont(let script, let characters):
      "\(script): not drawn, as no installed font has \(characters) and the boxes in their place "
        + "would cover the figure; install one (for Chinese, Japanese and Korean on Debian: "
        + "fonts-noto-cjk)."
    case .late(let script, let limitS):
      "\(script): gnuplot did not end within \(NumberText.decimal(limitS, 0)) s and was stopped; check "
        + "which gnuplot is on the PATH; script and data are kept, nothing was drawn."
    case .hungBefore(let script):
      "\(script): not drawn, as gnuplot did not end on an earlier figure; check which gnuplot is on the "
        + "PATH; script and data are kept."
    case .cancelled:
      "The figure was not drawn, as the program was interrupted."
    case .failed(let script, let status, let said):
      "\(script): gnuplot ended with status \(status)\(Self.complaint(said)); "
        + "script and data are kept, nothing was drawn."
    case .unwritable(let folder, let reason):
      "\(folder): the figure's files cannot be written (\(reason))."
    }
  }

  /// The line that says what is wrong is the last one: gnuplot first repeats the command.
  private static func complaint(_ said: String) -> String {
    let lines = said.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    guard let last = lines.last(where: { !$0.isEmpty }) else { return "" }
    return " (\(last))"
  }
}
