import ArgumentParser
import Foundation
import ValenceReport
import ValenceStore

/// `uar, accuracy or …`.
private let measures =
  Comparison.measures.dropLast().joined(separator: ", ") + " or "
  + Comparison.measures.suffix(1).joined()

/// `valence compare`.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Sets cells of experiments side by side, with paired tests.",
    discussion: """
      Of several experiments, equal variants are compared (or all, where no name is shared); of one, \
      the pairs that its plan declares: each variant with the base, or those of report.compare. Cells \
      are matched by training and test corpus. Two cells that were not tested on the same utterances \
      are shown and not tested.

      Intervals and p-values are about settings: other speakers, other seeds. Each side needs two \
      seeds for that. With --networks they are about the networks that were trained, for any number of \
      seeds, and say nothing of others.

      Examples:
        valence compare fusion-ablation
        valence compare baseline prosody --metric macro_f1
      """)

  @Argument(help: ArgumentHelp("Experiments that have run here.", valueName: "name"))
  var names: [String]

  @Option(
    help: ArgumentHelp(
      "\(measures); default: the first experiment's headline.", valueName: "measure"))
  var metric: String?

  @Flag(help: "Ask about these trained networks, not about their settings.")
  var networks = false

  @OptionGroup var folders: ResultsOption

  @Flag(help: "Print JSON for a program to read.")
  var json = false

  func validate() throws {
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw ValidationError("\(twice): this experiment is named twice.")
    }
  }

  func run() throws {
    let stores = try names.map { try RunStore.existing(results: folders.results, name: $0) }
    let comparison = try Comparison(stores, metric: metric, ofNetworks: networks)
    if json { return try printJSON(comparison) }
    try say(comparison.text, terminator: "")
  }
}
