import ArgumentParser
import Foundation
import ValenceCard

/// `valence card`.
struct CardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "card",
    abstract: "Says what is known of a trained model: data, tests, limits.",
    discussion: """
      MODEL is a model.safetensors, the folder of a trial (Results/NAME/trials/KEY), or a bundle. The \
      card is made from the files of the trial and of its experiment; of a model without them it says \
      what is not known. It is Markdown, or JSON with --json, names no path and no speaker, and can be \
      handed on.

      Examples:
        valence card Results/quickstart/trials/0a1b2c > card.md
        valence card model.safetensors --json
      """)

  @Argument(help: ArgumentHelp("The model.", valueName: "model"), completion: .file())
  var model: String

  @OptionGroup var encoders: EncoderOption

  @Flag(help: "Print JSON for a program to read.")
  var json = false

  func run() throws {
    let card = try ModelCard(of: URL(filePath: model), encoder: encoders.folder)
    if json { return try printJSON(card) }
    try say(card.markdown, terminator: "")
  }
}
