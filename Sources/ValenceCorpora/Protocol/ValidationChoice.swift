import ValenceCore

/// Chooses validation utterances from what a fold does not test.
///
/// Whole speakers are taken where speakers are known. Training keeps every class that it had; among
/// the speakers that allow it, those come first who leave training at least half of each class, who
/// bring validation new classes, then a new gender. Equals are taken in turn, so that folds differ.
///
/// Another choice trains every experiment anew whose protocol leaves validation to it: trials are known by
/// the clips that they validate on. That names choose nothing of what is drawn is held by `IdentityTests`.
struct ValidationChoice {
  private let corpus: LabeledCorpus
  private let contents: [Digest]
  private let fold: String
  private let turn: Int
  private let rest: [Int]
  private var candidates: [SpeakerProfile]
  private var chosen: [SpeakerProfile] = []
  /// Utterances of the rest, and of the chosen speakers, by class.
  private let all: [Int]
  private var taken: [Int]

  /// - Parameters:
  ///   - contents: the digest of each utterance, in whose order single ones are drawn; empty to draw them
  ///     in the corpus's order.
  ///   - rest: what the fold does not test.
  ///   - turn: the number of the fold, by which the order of speakers is rotated.
  init(corpus: LabeledCorpus, contents: [Digest], fold: String, rest: [Int], turn: Int) {
    self.corpus = corpus
    self.contents = contents
    self.fold = fold
    self.turn = turn
    self.rest = rest
    let speakers = corpus.profiles(of: rest)
    let start = speakers.isEmpty ? 0 : turn % speakers.count
    candidates = Array(speakers[start...] + speakers[..<start])
    all = corpus.counts(of: rest)
    taken = all.map { _ in 0 }
  }

  /// Takes that many speakers.
  mutating func speakers(_ count: Int) throws(FoldError) -> [Int] {
    guard count > 0 else { return [] }
    let nameless = rest.filter { corpus.utterances[$0].utterance.speaker == nil }
    if let first = nameless.first {
      throw .unknownSpeakers(
        asking: .validationSpeakers, count: nameless.count, of: rest.count,
        example: corpus.utterances[first].utterance.id)
    }
    guard count < candidates.count else {
      throw .tooFewValidationSpeakers(fold: fold, wanted: count, speakers: candidates.count)
    }
    for _ in 0..<count {
      guard take(where: { _ in true }) else {
        throw .validationTakesClass(
          asking: .validationSpeakers, fold: fold, classes: scarceClasses)
      }
    }
    return indices
  }

  /// Takes whole speakers until about that share of the utterances is reached; of utterances without
  /// a speaker, that share of each class.
  mutating func fraction(_ share: Double) throws(FoldError) -> [Int] {
    guard share > 0 else { return [] }
    let nameless = rest.filter { corpus.utterances[$0].utterance.speaker == nil }
    let single = sample(nameless, share: share)
    let target = share * Double(rest.count - nameless.count)
    guard target > 0 else { return single }
    var size = 0
    while true {
      let room = target - Double(size)
      let fits: (SpeakerProfile) -> Bool = { Double($0.indices.count) < 2 * room }
      if take(where: fits) {
        size = chosen.reduce(0) { $0 + $1.indices.count }
      } else if size > 0 {
        break
      } else {
        // Every speaker is larger than twice the share: the smallest that training can spare.
        let sizes = Set(candidates.map(\.indices.count)).sorted()
        guard sizes.contains(where: { size in take(where: { $0.indices.count == size }) })
        else {
          throw .validationTakesClass(
            asking: .validationFraction, fold: fold, classes: scarceClasses)
        }
        break
      }
    }
    return (single + indices).sorted()
  }

  private var indices: [Int] { chosen.flatMap(\.indices).sorted() }

  /// Moves the best candidate that `fits` to validation; false if training would lose a class.
  private mutating func take(where fits: (SpeakerProfile) -> Bool) -> Bool {
    var best: (position: Int, rank: [Int])?
    for (position, speaker) in candidates.enumerated() where fits(speaker) {
      let after = zip(taken, speaker.classCounts).map { $0 + $1 }
      guard zip(after, all).allSatisfy({ $0 < $1 || $1 == 0 }) else { continue }
      let leavesHalf = zip(after, all).allSatisfy { 2 * $0 <= $1 }
      let newClasses = zip(taken, speaker.classCounts).count { $0 == 0 && $1 > 0 }
      let isNewGender = !chosen.contains { $0.gender == speaker.gender }
      let rank = [leavesHalf ? 1 : 0, newClasses, isNewGender ? 1 : 0]
      if let old = best, !old.rank.lexicographicallyPrecedes(rank) { continue }
      best = (position, rank)
    }
    guard let best else { return false }
    let speaker = candidates.remove(at: best.position)
    taken = zip(taken, speaker.classCounts).map { $0 + $1 }
    chosen.append(speaker)
    return true
  }

  /// The classes that any further validation speaker would take from training.
  private var scarceClasses: [String] {
    let left = zip(all, taken).map { $0 - $1 }
    return corpus.space.classes.indices.filter { index in
      candidates.contains { left[index] > 0 && $0.classCounts[index] == left[index] }
    }.map { corpus.space.classes[$0] }
  }

  /// A share of each class, at least one and never all where there are two or more.
  ///
  /// Folds draw differently by their turn; names of corpora, folds and files choose nothing.
  private func sample(_ indices: [Int], share: Double) -> [Int] {
    var random = RandomStream(seed: 0, "validation", "\(turn)")
    var taken: [Int] = []
    for target in corpus.space.classes.indices {
      var members = indices.filter { corpus.utterances[$0].target == target }
      if !contents.isEmpty { members.sort { (contents[$0], $0) < (contents[$1], $1) } }
      let wanted = Int((share * Double(members.count)).rounded())
      let count = min(max(wanted, 1), members.count - 1)
      taken += random.shuffled(members).prefix(max(count, 0))
    }
    return taken.sorted()
  }
}
