public import ValenceCorpora

/// An experiment, checked: what to vary, what to hold, what to show.
public struct Plan: Hashable, Sendable {
  /// The name of its folders in `Results/` and `Plots/`.
  public let name: String
  /// The question in words; the name where the file gives none.
  public let title: String
  /// One training a seed.
  public let seeds: [UInt64]
  /// The corpora, in the file's order.
  public let corpora: [CorpusOptions]
  /// The classes.
  public let labels: LabelChoice
  /// The names of the corpora that networks are trained on.
  public let trainOn: [String]
  /// The names of the corpora that networks are tested on.
  public let testOn: [String]
  /// How a corpus is split.
  public let splitProtocol: ProtocolOptions
  /// The settings outside of the sweep.
  public let base: Settings
  /// The points of the sweep, at least one; a grid's last axis runs fastest.
  public let variants: [Variant]
  /// What is reported.
  public let report: ReportOptions
  /// The file with every default spelled out, in a fixed order.
  ///
  /// Reading it from the same folder gives an equal plan. Paths stay as they were written: relative to the experiment file, `${NAME}` and
  /// all, so that the text does not depend on the machine.
  public let resolvedYAML: String
}
