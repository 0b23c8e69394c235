public import ValenceCore

/// An utterance with the class that the experiment's label space gives it.
public struct LabeledUtterance: Hashable, Sendable {
  /// The utterance.
  public let utterance: Utterance
  /// The position of its class in the label space.
  public let target: Int

  /// Pairs an utterance with its class.
  public init(utterance: Utterance, target: Int) {
    self.utterance = utterance
    self.target = target
  }
}

/// The utterances of a corpus that the experiment's label space has a class for.
public struct LabeledCorpus: Sendable {
  /// What became of one native label.
  public struct NativeLabel: Hashable, Sendable {
    /// The label as the corpus has it.
    public let label: String
    /// How many utterances carry it.
    public let count: Int
    /// The class (a position in the label space), or nil where the space leaves the label out.
    public let target: Int?
  }

  /// The corpus's name.
  public let name: String
  /// The classes.
  public let space: LabelSpace
  /// The utterances with a class, ordered by id; folds point into this list.
  public let utterances: [LabeledUtterance]
  /// The utterances that the label space leaves out on purpose, ordered by id.
  public let dropped: [Utterance]
  /// What became of each native label, in alphabetical order.
  public let labels: [NativeLabel]

  /// The number of utterances of each class, in the order of the label space.
  public var classCounts: [Int] { counts(of: utterances.indices) }

  /// The classes that no utterance of the corpus has.
  public var emptyClasses: [String] {
    zip(space.classes, classCounts).filter { $0.1 == 0 }.map(\.0)
  }

  /// The known speakers, in alphabetical order.
  public var speakers: [String] { Set(utterances.compactMap(\.utterance.speaker)).sorted() }

  /// The number of utterances of each class among those at `indices`.
  public func counts(of indices: some Sequence<Int>) -> [Int] {
    var counts = [Int](repeating: 0, count: space.classes.count)
    for index in indices { counts[utterances[index].target] += 1 }
    return counts
  }
}

extension Corpus {
  /// Gives every utterance its class.
  ///
  /// - Throws: `Problems` under the key `labels`, one for each native label that the space neither
  ///   has a class for nor drops.
  public func labeled(by space: LabelSpace) throws(Problems) -> LabeledCorpus {
    var kept: [LabeledUtterance] = []
    var dropped: [Utterance] = []
    var unknown: [Problem] = []
    var labels: [LabeledCorpus.NativeLabel] = []
    let groups = Dictionary(grouping: utterances, by: \.label)
    for (label, group) in groups.sorted(by: { $0.key < $1.key }) {
      switch space.decide(label, corpus: name) {
      case .mapped(let target):
        kept += group.map { LabeledUtterance(utterance: $0, target: target) }
        labels.append(.init(label: label, count: group.count, target: target))
      case .dropped:
        dropped += group
        labels.append(.init(label: label, count: group.count, target: nil))
      case .unknown:
        let hint = NearestWord(among: space.knownLabels(in: name)).hint(for: label)
        unknown.append(
          Problem(
            "the label space \(space.name) does not know the label '\(label)' of corpus \(name) "
              + "(\(counted(group.count, "utterance", "utterances"))); map it or drop it; \(hint)",
            key: "labels"))
      }
    }
    guard unknown.isEmpty else { throw Problems(unknown) }
    return LabeledCorpus(
      name: name, space: space, utterances: kept.sorted { $0.utterance.id < $1.utterance.id },
      dropped: dropped.sorted { $0.id < $1.id }, labels: labels)
  }
}
