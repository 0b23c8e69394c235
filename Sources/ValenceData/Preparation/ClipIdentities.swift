import ValenceCore
import ValenceCorpora
import ValenceFeatures
import ValencePlan

/// A clip of a training set: the position of its corpus in a training set, and its own within that.
struct ClipPlace: Hashable, Sendable {
  let corpus: Int32
  let index: Int32
}

/// The identities of the clips of a corpus, independent of the names of files, speakers and the corpus.
///
/// Beside its content and class a clip has those whose statistics may normalize it: its whole corpus,
/// or its speaker. These are known by the contents of all their clips, so they have no name either.
///
/// Trials' keys are digests of what is fed here, in the order in which training meets the clips. So another
/// order, or more or less that is fed, makes every trial another one, without a revision (`IdentityTests`).
struct ClipIdentities: Sendable {
  private let contents: [Digest]
  private let targets: [Int32]
  /// The number of each clip's speaker; clips without one share a number.
  private let speakers: [Int32]
  private let digestOfSpeaker: [Digest]
  private let digestOfCorpus: Digest
  /// By whose statistics the corpus declares to be normalized, if not as other corpora are.
  var declared: FeatureOptions.Normalization?
  /// All clips by content, then class, then speaker: an order that no name moves.
  ///
  /// Clips that are alike in all three are alike in all that training reads of them.
  let order: [Int32]

  init(_ utterances: [LabeledUtterance], contents: [Digest]) {
    self.contents = contents
    targets = utterances.map { Int32($0.target) }
    var numbers: [String?: Int32] = [:]
    speakers = utterances.map { item in
      if let known = numbers[item.utterance.speaker] { return known }
      let next = Int32(numbers.count)
      numbers[item.utterance.speaker] = next
      return next
    }
    let byContent = contents.indices.map(Int32.init).sorted {
      contents[Int($0)] < contents[Int($1)]
    }
    var corpus = Digest.Feed()
    var bySpeaker = numbers.map { _ in Digest.Feed() }
    for index in byContent.lazy.map(Int.init) {
      corpus.add(contents[index])
      bySpeaker[Int(speakers[index])].add(contents[index])
    }
    digestOfCorpus = corpus.digest()
    digestOfSpeaker = bySpeaker.map { $0.digest() }
    let (targets, speakers, digests) = (targets, speakers, digestOfSpeaker)
    order = byContent.sorted { a, b in
      let (a, b) = (Int(a), Int(b))
      if contents[a] != contents[b] { return contents[a] < contents[b] }
      if targets[a] != targets[b] { return targets[a] < targets[b] }
      return digests[Int(speakers[a])] < digests[Int(speakers[b])]
    }
  }

  /// Whether a clip comes before one of a corpus: by content, class, speaker, and the corpora's contents.
  private func precedes(_ index: Int, _ other: ClipIdentities, _ theirs: Int) -> Bool {
    if contents[index] != other.contents[theirs] { return contents[index] < other.contents[theirs] }
    if targets[index] != other.targets[theirs] { return targets[index] < other.targets[theirs] }
    let (mine, others) = (speaker(of: index), other.speaker(of: theirs))
    return mine != others ? mine < others : digestOfCorpus < other.digestOfCorpus
  }

  private func speaker(of index: Int) -> Digest { digestOfSpeaker[Int(speakers[index])] }

  /// All clips of several corpora in one order, which neither names nor the order of the corpora move.
  static func merged(_ corpora: [ClipIdentities]) -> [ClipPlace] {
    let all = corpora.enumerated().flatMap { position, corpus in
      corpus.order.map { ClipPlace(corpus: Int32(position), index: $0) }
    }
    guard corpora.count > 1 else { return all }
    return all.sorted { a, b in
      corpora[Int(a.corpus)].precedes(Int(a.index), corpora[Int(b.corpus)], Int(b.index))
    }
  }

  /// By whose statistics clips are normalized under that of a variant.
  func own(_ normalization: FeatureOptions.Normalization) -> FeatureOptions.Normalization {
    normalization.replaced(by: declared)
  }

  /// Clips whose speech forms the statistics of one normalizer, each group in `order`.
  ///
  /// - Returns: for `corpus` one group, for `speaker` one a speaker, by number.
  func groups(_ normalization: FeatureOptions.Normalization) -> [[Int]] {
    guard own(normalization) == .speaker else { return [order.map(Int.init)] }
    var groups = digestOfSpeaker.map { _ in [Int]() }
    for index in order { groups[Int(speakers[Int(index)])].append(Int(index)) }
    return groups
  }

  /// The position among `groups` of the one that a clip is normalized by.
  func group(of index: Int, _ normalization: FeatureOptions.Normalization) -> Int {
    own(normalization) == .speaker ? Int(speakers[index]) : 0
  }

  /// Feeds what a network reads of a clip: its content, its class, and whose statistics normalize it where
  /// these are not the training clips'.
  func feed(
    _ index: Int, _ normalization: FeatureOptions.Normalization, into feed: inout Digest.Feed
  ) {
    feed.add(contents[index])
    feed.add(Int(targets[index]))
    switch own(normalization) {
    case .none, .train: break
    case .corpus: feed.add(digestOfCorpus)
    case .speaker: feed.add(speaker(of: index))
    }
  }
}
