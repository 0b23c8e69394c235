/// The variant that is chosen for each tested corpus by what is known without that corpus.
///
/// Variants are ranked by their mean score over all cells in which the corpus is neither trained on nor tested,
/// and the others are tested on corpora that they do not learn from. Those that make the same of unlabeled test
/// speech compete with each other.
struct NestedChoice {
  /// Variants that compete, and the one chosen for each tested corpus.
  struct Family {
    let name: String
    let variants: [String]
    /// Nil where a cell is missing that the choice would need.
    let chosen: [String?]
  }

  let families: [Family]

  static let explanation =
    "Chosen: for each tested corpus the variant with the best mean over models and tests in which that corpus "
    + "has no part."

  /// A choice among two variants or more each; empty where the report makes none.
  init(_ cells: ResultCells) {
    let spec = cells.spec
    guard let speech = spec.testSpeech else {
      families = []
      return
    }
    families = TestSpeech.allCases.compactMap { kind in
      let variants = spec.variants.filter { speech[$0] == kind }
      guard variants.count > 1 else { return nil }
      return Family(
        name: "chosen, \(kind.text)", variants: variants,
        chosen: spec.test.map { Self.best(variants, without: $0, cells) })
    }
  }

  /// The best variant by cells without a corpus, of equals the first; nil unless all have all of these cells.
  private static func best(
    _ variants: [String], without held: String, _ cells: ResultCells
  ) -> String? {
    let spec = cells.spec
    let sets = spec.leavesOneOut == true ? spec.inner ?? [] : spec.train
    let places = sets.filter { !spec.isWithin($0, held) }.flatMap { train in
      spec.test.filter { $0 != held && !spec.isWithin(train, $0) }.map { (train, $0) }
    }
    let scores = variants.compactMap { variant in
      cells.mean(places.map { .init(variant: variant, train: $0, test: $1) })
    }
    guard scores.count == variants.count, let best = scores.max() else { return nil }
    return zip(variants, scores).first { $0.1 >= best - 1e-9 }?.0
  }
}

extension TestSpeech {
  /// As the rows of what is chosen name it.
  fileprivate var text: String {
    switch self {
    case .nothing: "no test speech"
    case .statistics: "statistics of test speech"
    case .selfTraining: "self-training on test speech"
    case .otherSpeakers: "self-training on other speakers"
    }
  }
}
