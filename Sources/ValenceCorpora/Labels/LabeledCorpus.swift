package import ValenceCore

/// An utterance with the class that the experiment's label space gives it.
package struct LabeledUtterance: Hashable, Sendable {
  package let utterance: Utterance
  /// The position of its class in the label space.
  package let target: Int

  /// Pairs an utterance with its class.
  package init(utterance: Utterance, target: Int) {
    self.utterance = utterance
    self.target = target
  }
}

/// The utterances of a corpus that the experiment's label space has a class for.
package struct LabeledCorpus: Sendable {
  /// A native label and its class.
  package struct NativeLabel: Hashable, Sendable {
    /// The label as the corpus has it.
    package let label: String
    /// How many utterances carry it.
    package let count: Int
    /// The class (a position in the label space), or nil where the space leaves the label out.
    package let target: Int?
  }

  package let name: String
  package let space: LabelSpace
  /// The utterances with a class, ordered by id; folds point into this list.
  package let utterances: [LabeledUtterance]
  /// The utterances that the label space leaves out on purpose, ordered by id.
  package let dropped: [Utterance]
  /// The native labels, in alphabetical order.
  package let labels: [NativeLabel]

  /// The number of utterances of each class, in the order of the label space.
  package var classCounts: [Int] { counts(of: utterances.indices) }

  /// The classes that no utterance of the corpus has.
  package var emptyClasses: [String] {
    zip(space.classes, classCounts).filter { $0.1 == 0 }.map(\.0)
  }

  /// The known speakers, in alphabetical order.
  package var speakers: [String] { Set(utterances.compactMap(\.utterance.speaker)).sorted() }

  /// The number of utterances of each class among those at `indices`.
  package func counts(of indices: some Sequence<Int>) -> [Int] {
    var counts = [Int](repeating: 0, count: space.classes.count)
    for index in indices { counts[utterances[index].target] += 1 }
    return counts
  }
}

/// A native label that a label space neither has a class for nor drops.
package struct LabelError: Error, Equatable, CustomStringConvertible {
  let space: String
  let label: String
  package let corpus: String
  /// How many utterances of the corpus have the label.
  let count: Int
  let hint: String

  /// The choice at fault, and the sentence that follows its name.
  package var misfit: Misfit<FoldError.Field> {
    Misfit(
      .labels,
      """
      the label space \(space) does not know the label '\(label)' of corpus \(corpus) \
      (\(Wording.counted(count, "utterance", "utterances"))); map it in \(field: .labelMap) or list it in \
      \(field: .labelDrop); \(hint)
      """)
  }

  package var description: String { misfit.description }
}

extension Corpus {
  /// Gives every utterance its class.
  ///
  /// - Throws: `ErrorList<LabelError>`, with each native label that the space neither has a class for
  ///   nor drops.
  package func labeled(by space: LabelSpace) throws(ErrorList<LabelError>) -> LabeledCorpus {
    var targets: [String: Int] = [:]
    var unknown: [LabelError] = []
    var labels: [LabeledCorpus.NativeLabel] = []
    let counts = utterances.reduce(into: [:]) { $0[$1.label, default: 0] += 1 }
    for (label, count) in counts.sorted(by: { $0.key < $1.key }) {
      switch space.decide(label, corpus: name) {
      case .mapped(let target):
        targets[label] = target
        labels.append(.init(label: label, count: count, target: target))
      case .dropped:
        labels.append(.init(label: label, count: count, target: nil))
      case .unknown:
        let hint = NearestWord(among: space.knownLabels(in: name)).hint(for: label)
        unknown.append(
          LabelError(space: space.name, label: label, corpus: name, count: count, hint: hint))
      }
    }
    guard unknown.isEmpty else { throw ErrorList(unknown) }
    var (kept, dropped): ([LabeledUtterance], [Utterance]) = ([], [])
    kept.reserveCapacity(labels.reduce(0) { $0 + ($1.target == nil ? 0 : $1.count) })
    for utterance in utterances {
      if let target = targets[utterance.label] {
        kept.append(LabeledUtterance(utterance: utterance, target: target))
      } else {
        dropped.append(utterance)
      }
    }
    return LabeledCorpus(
      name: name, space: space, utterances: kept, dropped: dropped, labels: labels)
  }
}
