import ArgumentParser
import Foundation
import ValenceCore
import ValenceData
import ValenceFigures
import ValenceStore

/// The command: parses the arguments, runs, and turns errors into one exit status.
@main
struct Valence: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "valence",
    abstract: "Runs speech emotion recognition experiments from one file.",
    discussion: """
      An experiment file (YAML) says which corpora, features and network sizes to vary. Valence \
      trains every variant, tests each network on every corpus, and writes tables and figures.

      Results go to standard output, progress to standard error. Exit status: 0 done, 1 a run \
      that failed in part, 2 a plan or an argument at fault, 130 interrupted.
      """,
    version: Version.number,
    subcommands: [
      InitCommand.self, PlanCommand.self, RunCommand.self, ReportCommand.self,
      CompareCommand.self, RunsCommand.self, CorporaCommand.self, FeaturesCommand.self,
      PredictCommand.self, ListenCommand.self, ServeCommand.self, CardCommand.self,
      BundleCommand.self,
      MCPCommand.self, SchemaCommand.self, DoctorCommand.self, BenchCommand.self,
    ])

  static func main() {
    StandardOutput.fillClosed()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      leave(error)
    }
  }

  /// Prints the error's message and ends the process with the error's status.
  private static func leave(_ error: any Error) -> Never {
    if let code = error as? ExitCode { Foundation.exit(code.rawValue) }
    if error is CancellationError {
      complain("Interrupted; finished trials are kept, and the same command goes on from there.")
      Foundation.exit(Interruption.status)
    }
    if error is MachineFault || error is OutputFault || (error as? StoreError)?.isOfMachine == true
    {
      complain("\(error)")
      Foundation.exit(1)
    }
    if error is FigureError {
      complain("\(error)\nThe results and tables are kept; valence report draws the figures anew.")
      Foundation.exit(1)
    }
    let parserStatus = exitCode(for: error)
    let message = fullMessage(for: error)
    if parserStatus.isSuccess {
      do { try say(message) } catch { leave(error) }
      Foundation.exit(0)
    }
    // ArgumentParser's own errors come with usage; ours are sentences already.
    complain(parserStatus == .validationFailure ? message : "\(error)")
    Foundation.exit(2)
  }

  private static func complain(_ message: String) { Terminal.complain(message) }
}
