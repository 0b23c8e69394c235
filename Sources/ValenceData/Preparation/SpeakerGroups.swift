import ValenceCorpora

/// Which clips have the same speaker, by numbers that no name moves.
struct SpeakerGroups {
  /// For each clip the number of its speaker, counted from 0 in the order of the clips; -1 where nobody knows
  /// who speaks.
  let numbers: [Int]

  /// The speakers of some clips; equal names in two corpora are two speakers.
  init(_ clips: [ClipPlace], of corpora: [PreparedCorpus]) {
    struct Speaker: Hashable {
      let corpus: Int32
      let name: String
    }
    var known: [Speaker: Int] = [:]
    numbers = clips.map { clip in
      let utterance = corpora[Int(clip.corpus)].labeled.utterances[Int(clip.index)].utterance
      guard let name = utterance.speaker else { return -1 }
      let speaker = Speaker(corpus: clip.corpus, name: name)
      if let number = known[speaker] { return number }
      known[speaker] = known.count
      return known.count - 1
    }
  }

  /// The number of known speakers.
  var count: Int { (numbers.max() ?? -1) + 1 }
}
