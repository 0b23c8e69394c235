import ValenceFeatures
import ValencePlan

extension Experiment {
  /// The corpora that a trial is trained or tested on, in the plan's order.
  package func corpora(of trial: Trial) -> [PreparedCorpus] {
    let names = trial.fold.parts.map(\.corpus) + trial.tests.map(\.name)
    return corpora.filter { names.contains($0.name) }
  }

  /// The unit whose statistics a corpus declares, by variant and corpus, where it is not the variant's.
  package var declaredStatistics: [String: [String: String]] {
    (plan.variants + baselines).reduce(into: [:]) { all, variant in
      let own = corpora.reduce(into: [String: String]()) { units, corpus in
        units[corpus.name] = corpus.declaredNormalization(under: variant)?.rawValue
      }
      if !own.isEmpty { all[variant.name] = own }
    }
  }
}
