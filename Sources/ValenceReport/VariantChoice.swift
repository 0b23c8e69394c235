import ValenceStore

/// The variant that validation selects for a training set.
///
/// It is the one with the highest mean validation UAR of its networks, each by the weights that validation
/// saw of it last: those of its kept epoch, or their mean. Test scores are not used.
///
/// Every report chooses anew: another rule moves the mark in the tables of finished experiments, and no
/// revision tells (`VariantChoiceTests`).
struct VariantChoice {
  /// The training set.
  let train: String
  /// The mean validation UAR of each variant that takes part.
  let scores: [String: Double]
  /// The one with the highest score, the first of equals in the plan's order.
  let chosen: String?
  /// The others with the same score.
  let equals: [String]
  /// Whether there is any validation to choose by.
  let hasValidation: Bool
  /// Sentences: which variants do not take part, or why none is chosen.
  let remarks: [String]

  /// The choice for each training set; empty with a single network.
  static func all(_ cells: ResultCells) -> [VariantChoice] {
    guard cells.spec.networks.count > 1 else { return [] }
    return cells.spec.train.map { VariantChoice(cells, train: $0) }
  }

  /// A network of a variant: scores are comparable if fold, seed and clips are equal.
  private struct Validated: Hashable {
    var fold: String
    var seed: UInt64
    var clips: String
  }

  /// A variant all of whose networks are trained and validated.
  private struct Candidate {
    var variant: String
    var networks: Set<Validated>
    var score: Double
  }

  private init(_ cells: ResultCells, train: String) {
    self.train = train
    var (candidates, unfinished, unvalidated): ([Candidate], [String], [String]) = ([], [], [])
    var sides: [Int] = []
    for variant in cells.spec.networks {
      let done = cells.histories[.init(variant: variant, train: train, test: train)] ?? []
      sides += done.map(\.record.training.validation.utterances)
      let missing = cells.unfinished.count { $0.name.variant == variant && $0.name.train == train }
      if missing > 0 {
        unfinished.append("\(variant) (\(missing) of \(missing + done.count))")
      } else if let score = Self.score(done) {
        let networks = done.map {
          Validated(
            fold: $0.name.fold, seed: $0.name.seed, clips: $0.record.training.validation.digest)
        }
        candidates.append(Candidate(variant: variant, networks: Set(networks), score: score))
      } else {
        unvalidated.append(variant)
      }
    }
    hasValidation = sides.isEmpty || sides.contains { $0 > 0 }
    // Variants may lose different clips (too short, undecodable). If no more than half were validated on
    // the same clips, the sweep itself changes validation, and no choice would be fair.
    let largest =
      Dictionary(grouping: candidates, by: \.networks).values.max { $0.count < $1.count } ?? []
    let isComparable = largest.count > 1 && 2 * largest.count > candidates.count
    let competing = isComparable ? largest : []
    let best = competing.map(\.score).max() ?? .nan
    let winners = competing.filter { $0.score >= best - 1e-9 }.map(\.variant)
    scores = Dictionary(uniqueKeysWithValues: competing.map { ($0.variant, $0.score) })
    chosen = winners.first
    equals = Array(winners.dropFirst())
    let others = candidates.map(\.variant).filter { name in
      !competing.contains { $0.variant == name }
    }
    remarks =
      [
        ("Trials are missing, so not compared", unfinished),
        ("Without a validation score", unvalidated),
        ("Validated on other clips, so not compared", isComparable ? others : []),
        (
          "Classic models, which learn from the validation speakers, so not compared",
          cells.spec.variants.filter { !cells.spec.isSeeded($0) }
        ),
      ].filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1.joined(separator: ", "))." }
      + (isComparable ? [] : Self.reasons(candidates))
  }

  /// The mean validation UAR of some networks by their kept weights; nil if one has none.
  private static func score(_ networks: [ResultCells.TrainedNetwork]) -> Double? {
    let kept = networks.compactMap { network -> Double? in
      let training = network.record.training
      guard training.validation.utterances > 0, !training.validation.digest.isEmpty else {
        return nil
      }
      if let average = training.average { return average.validationUAR }
      return network.epochs.first { $0.epoch == training.bestEpoch }?.validationUAR
    }.filter(\.isFinite)
    guard !kept.isEmpty, kept.count == networks.count else { return nil }
    return kept.reduce(0, +) / Double(kept.count)
  }

  /// Why none is chosen although some are finished and validated.
  private static func reasons(_ candidates: [Candidate]) -> [String] {
    switch candidates.count {
    case 0: []
    case 1: ["Only \(candidates[0].variant) is finished and validated."]
    default:
      [
        "The sweep changes the validation clips (its variants leave out different ones), so their "
          + "validation scores cannot be compared."
      ]
    }
  }
}
