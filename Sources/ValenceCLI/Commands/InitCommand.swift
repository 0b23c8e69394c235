import ArgumentParser
import Foundation
import ValenceInit

/// `valence init`.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Writes a commented experiment file for a folder of speech.",
    discussion: """
      Finds out how the folder is laid out (a table of its files, a published corpus, a folder a class, \
      or file names that say class and speaker), decodes what is there, and writes a file that runs as \
      it is, with what was found as comments. Where the speakers are unknown, a table of random folds is \
      written beside it. No file is overwritten.

      Examples:
        valence init ~/calls
        valence init corpora/emovo --out Experiments/emovo-first.yaml
      """)

  @Argument(
    help: ArgumentHelp("The folder of speech.", valueName: "folder"), completion: .directory)
  var folder: String

  @Option(
    help: ArgumentHelp(
      "The experiment file to write; default: called after the folder, in the current one.",
      valueName: "file"), completion: .file())
  var out: String?

  func run() throws {
    let outcome = try ExperimentInit(folder: folder, file: out).write(
      threads: ProcessInfo.processInfo.activeProcessorCount)
    for line in outcome.findings { try say(line) }
    try say("Wrote:")
    for file in outcome.files { try say("  \(file)") }
    try say("Next: valence plan \(outcome.files[0])")
  }
}
