/// Shares whole speakers out over folds so that each fold holds about the same part of every class,
/// and of each gender's speech.
///
/// Speakers are placed one after another, largest first, where they even the folds out most; then
/// single moves and swaps are made as long as they help. A fold without a class weighs more than any
/// unevenness. Nothing is drawn at random: every seed of an experiment shares its folds.
///
/// A trial is known by what its fold trains on, so another assignment trains every experiment with
/// `Within.speakerFolds` anew, without a revision that rises. `SpeakerAssignmentTests` hold two of them.
struct SpeakerAssignment {
  /// The fold (from 0) of each speaker.
  private(set) var foldOfSpeaker: [Int]

  /// Utterances of each speaker by stratum: the classes, then the genders.
  private let strata: [[Int]]
  private let classCount: Int
  private let totals: [Int]
  /// Utterances of each fold by stratum.
  private var counts: [[Int]]

  /// A sweep over all pairs costs speakers² steps, and few sweeps ever find something.
  private static let sweepLimit = 20

  /// Shares out `speakers`, of whom there must be at least as many as folds.
  init(_ speakers: [SpeakerProfile], folds: Int) {
    precondition(folds > 0 && speakers.count >= folds, "\(speakers.count) speakers, \(folds) folds")
    let genders = Gender.allCases.filter { gender in speakers.contains { $0.gender == gender } }
    let strata = speakers.map { speaker in
      speaker.classCounts + genders.map { speaker.gender == $0 ? speaker.indices.count : 0 }
    }
    let width = strata[0].count
    self.strata = strata
    classCount = width - genders.count
    totals = (0..<width).map { stratum in strata.reduce(0) { $0 + $1[stratum] } }
    counts = [[Int]](repeating: [Int](repeating: 0, count: width), count: folds)
    foldOfSpeaker = [Int](repeating: -1, count: speakers.count)
    // Speakers come in the order of their names, which thus places equal ones.
    let order = speakers.indices.sorted {
      (speakers[$1].indices.count, $0) < (speakers[$0].indices.count, $1)
    }
    for speaker in order { place(speaker) }
    for _ in 0..<Self.sweepLimit where !sweep() { break }
  }

  private mutating func place(_ speaker: Int) {
    let gains = counts.map { cost($0) - cost(adding($0, strata[speaker], 1)) }
    var best = 0
    for fold in counts.indices where gains[fold] > gains[best] + Self.noise { best = fold }
    counts[best] = adding(counts[best], strata[speaker], 1)
    foldOfSpeaker[speaker] = best
  }

  /// Tries every move and every swap once; whether one helped.
  private mutating func sweep() -> Bool {
    var hasChanged = false
    for speaker in strata.indices {
      for fold in counts.indices where fold != foldOfSpeaker[speaker] {
        if exchange(speaker, nil, to: fold) { hasChanged = true }
      }
      for other in strata.indices.dropFirst(speaker + 1)
      where foldOfSpeaker[other] != foldOfSpeaker[speaker] {
        if exchange(speaker, other, to: foldOfSpeaker[other]) { hasChanged = true }
      }
    }
    return hasChanged
  }

  /// Moves `speaker` to `fold` and `other`, if any, back, where that lowers the cost.
  private mutating func exchange(_ speaker: Int, _ other: Int?, to fold: Int) -> Bool {
    let home = foldOfSpeaker[speaker]
    if other == nil, foldOfSpeaker.count(where: { $0 == home }) == 1 { return false }
    var here = adding(counts[home], strata[speaker], -1)
    var there = adding(counts[fold], strata[speaker], 1)
    if let other {
      here = adding(here, strata[other], 1)
      there = adding(there, strata[other], -1)
    }
    let before = cost(counts[home]) + cost(counts[fold])
    guard cost(here) + cost(there) < before - Self.noise else { return false }
    (counts[home], counts[fold]) = (here, there)
    foldOfSpeaker[speaker] = fold
    if let other { foldOfSpeaker[other] = home }
    return true
  }

  /// Differences below this are rounding, and would let sweeps go round in circles.
  private static let noise = 1e-9

  /// Squared distances of a fold's parts from an even share; a missing class costs more than all.
  private func cost(_ fold: [Int]) -> Double {
    let share = 1 / Double(counts.count)
    var cost = 0.0
    for (stratum, count) in fold.enumerated() where totals[stratum] > 0 {
      let distance = Double(count) / Double(totals[stratum]) - share
      cost += distance * distance
      if count == 0, stratum < classCount { cost += Double(fold.count) }
    }
    return cost
  }

  private func adding(_ fold: [Int], _ speaker: [Int], _ sign: Int) -> [Int] {
    zip(fold, speaker).map { $0 + sign * $1 }
  }
}
