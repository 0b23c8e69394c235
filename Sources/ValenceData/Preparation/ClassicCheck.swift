import ValenceClassic
import ValenceCore
import ValenceCorpora
import ValenceEncoders
import ValenceFeatures
import ValencePlan

/// Finds folds whose training speakers are too few for what classic models choose by inner folds of speakers.
struct ClassicCheck {
  let sets: [TrainingSet]

  /// What is wrong with a plan's variants.
  func problems(of plan: Plan) -> [Problem] {
    plan.variants.compactMap { variant in
      guard let classic = variant.settings.classic, let place = unfit(variant.settings) else {
        return nil
      }
      let (name, value, key) = Self.choice(classic, variant.settings)
      let remedy =
        switch classic.inner {
        case .speakers: "two known ones to learn from; give \(value)"
        case .corpora: "two to learn from; give \(value), or set inner to speakers"
        }
      return Problem(
        "nested chooses the \(name) by inner folds of whole training \(classic.inner.rawValue), but "
          + "\(place) has fewer than \(remedy) (variant \(variant.name)).",
        key: key, others: ["model.classic", "sweep"])
    }
  }

  /// What is nested, what could be given instead, and its key.
  private static func choice(
    _ classic: ClassicSettings, _ settings: Settings
  ) -> (name: String, value: String, key: String) {
    if classic.options.strength == .nested {
      let name = classic.options.kind == .lda ? "shrinkage" : "penalty"
      return (name, "a number", "model.classic.\(name)")
    }
    return settings.features.usedEncoder?.layer == .nested
      ? ("layer", "a layer", "features.encoder.layer")
      : ("pooling", "mean or mean_std", "model.classic.pooling")
  }

  /// Self-training whose tests have too few speakers to score some that it has not adapted to.
  func adaptationProblems(of plan: Plan) -> [Problem] {
    let adapting = plan.variants.first { $0.settings.classic?.selfTraining != nil }
    guard let adapting else { return [] }
    for set in sets {
      for fold in set.folds {
        guard let test = fold.tests.first(where: { $0.speakerGroups.count < 2 }) else { continue }
        return [
          Problem(
            "self-training is scored beside on speakers that it has not adapted to, but fold \(fold.name) of "
              + "\(set.name) tests fewer than two known speakers of \(test.name); test whole corpora by "
              + "protocol.across or more speakers by protocol.within, or leave it out (variant "
              + "\(adapting.name)).",
            key: "model.classic.self_training", others: ["model.classic", "sweep"])
        ]
      }
    }
    return []
  }

  /// The baselines that can be fitted, and a sentence on each that cannot.
  func baselines(of plan: Plan) -> (kept: [Variant], remarks: [String]) {
    var (kept, remarks): ([Variant], [String]) = ([], [])
    for variant in plan.baselines {
      if let place = unfit(variant.settings) {
        remarks.append(
          "\(variant.name) is left out: it chooses its strength by inner folds of whole training speakers, and "
            + "\(place) has fewer than two known ones.")
      } else {
        kept.append(variant)
      }
    }
    return (kept, remarks)
  }

  /// The first fold that has too few speakers, or corpora, for a nested choice; nil if all have enough.
  private func unfit(_ settings: Settings) -> String? {
    guard let classic = settings.classic,
      classic.options.strength == .nested || settings.choosesVector
    else { return nil }
    for set in sets {
      for fold in set.folds {
        let clips = fold.clips([\.train, \.validation])
        // Clips whose speakers are unknown stay together, as if they had one.
        let units =
          switch classic.inner {
          case .speakers: Set(SpeakerGroups(clips, of: set.corpora).numbers)
          case .corpora: Set(clips.map { Int($0.corpus) })
          }
        guard units.count < 2 else { continue }
        return "fold \(fold.name) of \(set.name)"
      }
    }
    return nil
  }
}
