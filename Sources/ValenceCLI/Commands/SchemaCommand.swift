import ArgumentParser
import Foundation
import ValenceAgent

/// `valence schema`.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Prints the tools of valence mcp as definitions for language models.",
    discussion: """
      With --openai they are function definitions in strict mode for Chat Completions, or with --style \
      responses for Responses. Arguments that may be left out are null there. With --mcp they are the \
      list that valence mcp gives a client.

      Examples:
        valence schema --openai > tools.json
        valence schema --openai --style responses
        valence schema --mcp
      """)

  @Flag(help: "Print function definitions for OpenAI's interfaces.")
  var openai = false

  @Flag(help: "Print the list of tools of the Model Context Protocol.")
  var mcp = false

  @Option(
    help: ArgumentHelp("The interface: chat or responses; default: chat.", valueName: "style"))
  var style: FunctionDefinitions.Style?

  func validate() throws {
    guard openai != mcp else { throw ValidationError("Give either --openai or --mcp.") }
    guard openai || style == nil else { throw ValidationError("--style is for --openai.") }
  }

  func run() throws {
    let data = mcp ? try Tool.list() : try FunctionDefinitions.list(style ?? .chat)
    try StandardOutput.write(data)
  }
}

extension FunctionDefinitions.Style: ExpressibleByArgument {}
