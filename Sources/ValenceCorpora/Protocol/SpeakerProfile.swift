import ValenceCore

/// The facts about one speaker that a split needs.
struct SpeakerProfile {
  let name: String
  let gender: Gender?
  /// Positions in the labeled corpus, ascending.
  let indices: [Int]
  /// Utterances by class.
  let classCounts: [Int]
}

extension LabeledCorpus {
  /// The known speakers among the utterances at `indices`, in alphabetical order.
  func profiles(of indices: some Sequence<Int>) -> [SpeakerProfile] {
    var bySpeaker: [String: [Int]] = [:]
    for index in indices {
      guard let speaker = utterances[index].utterance.speaker else { continue }
      bySpeaker[speaker, default: []].append(index)
    }
    return bySpeaker.sorted { $0.key < $1.key }.map { name, indices in
      SpeakerProfile(
        name: name, gender: utterances[indices[0]].utterance.gender, indices: indices.sorted(),
        classCounts: counts(of: indices))
    }
  }

  /// The names of the classes that `counts` has none of.
  func missingClasses(_ counts: [Int]) -> [String] {
    zip(space.classes, counts).filter { $0.1 == 0 }.map(\.0)
  }
}
