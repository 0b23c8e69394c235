import ArgumentParser
import Foundation
import ValenceCard
import ValenceStore

/// `valence bundle`.
struct BundleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bundle",
    abstract: "Puts a model, its card and its encoder into one folder.",
    discussion: """
      The folder holds the model, its trial.json, its card, the files of the encoder that it hears \
      through, and bundle.json with the SHA-256 digest of each. All commands that take a model take such \
      a folder, find the encoder in it, and refuse it if a file was changed. OUT must not exist; it is \
      whole or not there.

      Examples:
        valence bundle Results/quickstart/trials/0a1b2c angry-or-not
        valence predict angry-or-not calls/*.wav
      """)

  @Argument(help: ArgumentHelp("The model.", valueName: "model"), completion: .file())
  var model: String

  @Argument(help: ArgumentHelp("The new folder.", valueName: "out"), completion: .directory)
  var out: String

  @OptionGroup var encoders: EncoderOption

  func run() throws {
    let folder = URL(filePath: out, directoryHint: .isDirectory)
    try ModelBundle.make(of: URL(filePath: model), at: folder, encoder: encoders.folder)
  }
}
