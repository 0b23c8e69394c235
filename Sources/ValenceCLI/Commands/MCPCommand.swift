import ArgumentParser
import Foundation
import Synchronization
import ValenceAgent
import ValenceLive

/// `valence mcp`.
struct MCPCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mcp",
    abstract: "Serves models to an agent, by the Model Context Protocol.",
    discussion: """
      A client starts this command and sends it a message a line on standard input; answers come on \
      standard output, and nothing else does. Its tools are predict_emotion, describe_model, \
      list_experiments and compare. It speaks revision 2026-07-28 of the protocol and those from \
      2024-11-05 to 2025-11-25, and ends with its input.

      MODEL is a model.safetensors, the folder of a trial, or a bundle (valence bundle), which brings its \
      encoder and its card.

      Examples:
        valence mcp angry-or-not
        valence mcp Results/quickstart/trials/0a1b2c --results Results

      An entry for a client's list of servers:
        {"mcpServers": {"valence": {"command": "/usr/local/bin/valence", "args": ["mcp", "/srv/model"]}}}
      """)

  @Argument(help: ArgumentHelp("The models.", valueName: "model"), completion: .file())
  var models: [String]

  @Option(
    help: ArgumentHelp(
      "A folder of results, whose experiments may be listed and compared.", valueName: "folder"),
    completion: .directory)
  var results: String?

  @OptionGroup var encoders: EncoderOption

  @Option(
    help: ArgumentHelp(
      "How many recordings are heard at the same time; each takes the memory of the models.",
      valueName: "number"))
  var threads = 2

  func validate() throws {
    guard (1...256).contains(threads) else {
      throw ValidationError("--threads: \(threads) is not between 1 and 256.")
    }
  }

  func run() throws {
    let output = try StandardOutput.reserve()
    StandardOutput.outliveReaders()
    let paths = models.map { URL(filePath: $0) }
    let pool = try ScoringPool(models: paths, encoder: encoders.folder, threads: threads)
    let agent = Agent(
      models: try Agent.models(paths, encoder: encoders.folder), pool: pool,
      results: results.map { URL(filePath: $0, directoryHint: .isDirectory) })
    let interruption = Interruption { agent.close() }
    defer { interruption.end() }
    defer { agent.close() }
    serve(StdioSession(agent) { Self.write($0, to: output, of: agent) })
  }

  /// Hands over the lines of standard input until it ends, and waits for the last answers.
  private func serve(_ session: StdioSession) {
    var lines = LineBuffer()
    while case let bytes = StandardInput.next(), !bytes.isEmpty {
      for line in lines.add(bytes) { session.take(line) }
    }
    for line in lines.end() { session.take(line) }
    session.finish()
  }

  /// Writes an answer; where nobody reads any more, the process ends.
  private static func write(_ line: Data, to output: FileHandle, of agent: Agent) {
    do {
      try output.write(contentsOf: line)
    } catch {
      agent.close()
      _exit(1)
    }
  }
}
