package import Foundation
package import ValenceCore
package import ValenceCorpora
package import ValenceReport

/// An experiment, checked: what to vary, what to hold, what to show.
package struct Plan: Hashable, Sendable {
  /// The name of its folders in `Results/` and `Plots/`.
  package let name: String
  /// The question in words; the name where the file gives none.
  package let title: String
  /// One training a seed.
  package let seeds: [UInt64]
  /// The corpora, in the file's order.
  package let corpora: [CorpusOptions]
  package let labels: LabelChoice
  /// The names of the corpora that networks are trained on.
  package let trainOn: [String]
  /// The names of the corpora that networks are tested on.
  package let testOn: [String]
  /// How a corpus is split.
  package let splitProtocol: ProtocolOptions
  /// The settings outside of the sweep.
  package let base: Settings
  /// The points of the sweep, at least one; a grid's last axis runs fastest.
  package let variants: [Variant]
  /// The factors of a sweep of one setting at a time around `variants[0]`; empty for other sweeps.
  package let factors: [Factor]
  /// The classic models that are trained beside the variants, in the file's order, to be compared with.
  package let baselines: [Variant]
  /// The contents of the report.
  package let report: ReportOptions
  /// How it was written; plans that say the same are equal, however they say it.
  let source: PlanSource

  /// All that is trained: the variants, then the baselines.
  package var trained: [Variant] { variants + baselines }

  /// The file with every default spelled out, in a fixed order.
  ///
  /// Reading it from the same folder gives an equal plan. Paths stay as they were written: relative
  /// to the experiment file, `${NAME}` and all, so that the text does not depend on the machine.
  package var resolvedYAML: String { source.resolved.block() }

  /// The file with every default spelled out, to be written into `folder`: reading it from there
  /// gives an equal plan.
  ///
  /// Paths that are relative to the experiment file become relative to `folder`; absolute ones, `~`
  /// and `${NAME}` stay as they were written.
  package func resolvedYAML(in folder: URL) -> String {
    let paths = RelativePaths(from: source.folder, to: folder)
    return source.resolved.changingRelativePaths(paths.rewritten).block()
  }

  /// Whether a network of pairs or of pooled corpora is tested on a corpus that it does not learn from.
  var testsAcross: Bool {
    switch splitProtocol.across {
    case .pairs: Set(trainOn).union(testOn).count > 1
    case .pooled: !Set(testOn).isSubset(of: trainOn)
    case .none, .leaveOneCorpusOut: false
    }
  }

  /// The place in the experiment file of the first of a problem's keys that it has; if it has none, that of
  /// the nearest key above the one at fault, or else the file as a whole; nil where no key is at fault.
  package func place(of problem: Problem) -> SourcePlace? {
    guard let key = problem.key else { return nil }
    return source.root.place(ofAny: [key] + problem.others, file: source.file)
  }
}
