import Foundation
package import ValenceCore
import ValenceCorpora
package import ValenceStore

/// `dropped.csv`: the files and labels that an experiment leaves out, with the reason.
package struct DroppedFiles {
  /// The columns `corpus`, `file`, `reason`; a row a file.
  package private(set) var table = Table(columns: ["corpus", "file", "reason"])

  /// Lists files that are no utterances, utterances without a class, and files that cannot be used.
  package init(_ experiment: Experiment, faults: [FeatureLibrary.Fault]) {
    for corpus in experiment.corpora {
      for file in corpus.skipped {
        table.rows.append([corpus.name, file.id, file.reason])
      }
      for utterance in corpus.labeled.dropped {
        let reason = "the label space \(experiment.space.name) leaves out '\(utterance.label)'"
        table.rows.append([corpus.name, utterance.id, reason])
      }
    }
    for fault in faults { table.rows.append([fault.corpus, fault.id, fault.reason]) }
  }

  /// As above, with the files that an earlier run of the same data found unusable: no audio is
  /// decoded.
  package init(_ experiment: Experiment, faultsIn store: RunStore) throws {
    let stored = try Table(stored: store.url(of: .dropped))
    let known = Dictionary(
      uniqueKeysWithValues: experiment.corpora.map { corpus in
        (corpus.name, Set(corpus.labeled.utterances.map { ExactName($0.utterance.id) }))
      })
    let faults = stored.rows.filter { known[$0[0]]?.contains(ExactName($0[1])) == true }
    self.init(
      experiment, faults: faults.map { .init(corpus: $0[0], id: $0[1], reason: $0[2]) })
  }
}
