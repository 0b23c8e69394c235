import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValenceNN
import ValencePlan
import ValenceStore

/// Looks for what the networks that variants start from have heard, in what is tested and in what chooses the
/// epoch.
///
/// A clip is known by its content and its samples, wherever its file lies; a speaker by having a clip that was
/// heard, or by name in a corpus of the same name or of the same publisher.
struct HeardCheck {
  /// By the digests of the networks' files.
  private let histories: [Digest: BodyHistory]
  private let corpora: [PreparedCorpus]
  /// Where the utterances of each corpus begin among all.
  private let starts: [String: Int]
  /// The clips of all histories, behind those of all corpora.
  private let clips: [HeardClip]
  private let ranges: [Digest: Range<Int>]
  private let shared: SharedSound
  /// The words of the adapters of published corpora.
  private let publishers: [String: String]

  /// What counts as heard.
  enum Sides {
    /// For a test: what was learned from, and what chose the epoch.
    case all
    /// For a validation: what was learned from.
    case learned

    fileprivate func has(_ side: HeardClip.Side) -> Bool { self == .all || side == .train }
  }

  /// Reads what is known of the networks that the variants start from; nil where none starts from one.
  ///
  /// - Throws: `Problems` about a record beside a network that is damaged.
  init?(_ plan: Plan, corpora: [PreparedCorpus]) throws(Problems) {
    var histories: [Digest: BodyHistory] = [:]
    var problems: [Problem] = []
    for start in plan.variants.compactMap(\.settings.training.startFrom) {
      guard let file = start.file else { continue }
      // Of copies of one file the one counts that has a record beside it.
      let known = histories[start.digest]
      if let known, known.gap == nil { continue }
      do {
        let history = try BodyHistory(
          of: file, digest: start.digest, revision: AudioReader.digestRevision)
        if known == nil || history.gap == nil { histories[start.digest] = history }
      } catch {
        problems.append(Self.problem("\(error)"))
      }
    }
    guard problems.isEmpty else { throw Problems(problems) }
    if histories.isEmpty { return nil }
    self.histories = histories
    self.corpora = corpora
    var (starts, start) = ([String: Int](), 0)
    for corpus in corpora {
      starts[corpus.name] = start
      start += corpus.contents.count
    }
    var (clips, ranges) = ([HeardClip](), [Digest: Range<Int>]())
    for (digest, history) in histories.sorted(by: { $0.key < $1.key }) {
      ranges[digest] = start + clips.count..<start + clips.count + history.clips.count
      clips += history.clips
    }
    (self.starts, self.clips, self.ranges) = (starts, clips, ranges)
    let heard = clips.map {
      SharedSound.Sound(file: $0.content, span: $0.span, samples: $0.samples)
    }
    shared = SharedSound(DuplicateCheck.sounds(of: corpora) + heard)
    publishers = plan.corpora.reduce(into: [:]) { publishers, corpus in
      if corpus.adapter.isPublished { publishers[corpus.name] = corpus.adapter.word }
    }
  }

  static func problem(_ message: String) -> Problem {
    Problem(
      message, key: "training.start_from.model", others: ["training.start_from", "sweep"])
  }

  /// What a network has heard, as far as that is known.
  func history(of digest: Digest) -> BodyHistory? { histories[digest] }

  /// What a network has heard of some utterances of a corpus.
  struct Finding {
    let corpus: String
    let isValidation: Bool
    /// Those that are judged by, and of these the ones that it has heard.
    var judging: Set<Int> = []
    var clips: Set<Int> = []
    /// Their known speakers, and of these the ones that it has heard.
    var speakers: Set<String> = []
    var heardSpeakers: Set<String> = []
    /// An utterance with a clip that is the same sound, the latter by its number among all clips.
    var example: (judging: Int, heard: Int)?

    var isEmpty: Bool { clips.isEmpty && heardSpeakers.isEmpty }
  }

  /// What a network has heard of the tests and the validation of some folds, first of the tests; empty if of
  /// nothing.
  func findings(of digest: Digest, in folds: [TrialFold]) -> [Finding] {
    let (all, learned) = (speakers(of: digest, .all), speakers(of: digest, .learned))
    var findings: [Finding] = []
    func look(_ indices: [Int], _ corpus: String, isValidation: Bool) {
      let index = findings.firstIndex { $0.corpus == corpus && $0.isValidation == isValidation }
      var finding =
        index.map { findings[$0] } ?? Finding(corpus: corpus, isValidation: isValidation)
      add(
        indices, to: &finding, digest, heard: (isValidation ? learned : all)[corpus] ?? [])
      if let index { findings[index] = finding } else { findings.append(finding) }
    }
    for fold in folds {
      for test in fold.tests { look(test.indices, test.name, isValidation: false) }
      for part in fold.parts { look(part.fold.validation, part.corpus, isValidation: true) }
    }
    let found = findings.filter { !$0.isEmpty }
    return found.filter { !$0.isValidation } + found.filter(\.isValidation)
  }

  private func add(
    _ indices: [Int], to finding: inout Finding, _ digest: Digest, heard: Set<String>
  ) {
    guard let start = starts[finding.corpus], let corpus = corpus(finding.corpus) else { return }
    let crossing = shared.crossing(
      numbers(of: digest, finding.isValidation ? .learned : .all), indices.map { start + $0 })
    finding.judging.formUnion(indices)
    finding.clips.formUnion(crossing.second.map { $0 - start })
    if finding.example == nil, let first = crossing.second.first,
      let partner = crossing.partners.first
    {
      finding.example = (first - start, partner)
    }
    for index in indices {
      guard let name = corpus.labeled.utterances[index].utterance.speaker else { continue }
      finding.speakers.insert(name)
      if heard.contains(name) { finding.heardSpeakers.insert(name) }
    }
  }

  private func corpus(_ name: String) -> PreparedCorpus? { corpora.first { $0.name == name } }

  /// The numbers of a network's clips among all.
  private func numbers(of digest: Digest, _ sides: Sides) -> [Int] {
    let first = starts.isEmpty ? 0 : corpora.reduce(0) { $0 + $1.contents.count }
    return (ranges[digest] ?? 0..<0).filter { sides.has(clips[$0 - first].side) }
  }

  /// The speakers that a network has heard, by corpus.
  private func speakers(of digest: Digest, _ sides: Sides) -> [String: Set<String>] {
    let heard = (histories[digest]?.clips ?? []).filter { sides.has($0.side) }
    let numbers = numbers(of: digest, sides)
    return corpora.reduce(into: [:]) { speakers, corpus in
      let start = starts[corpus.name] ?? 0
      let utterances = corpus.labeled.utterances
      let publisher = publishers[corpus.name]
      // Names are compared without regard to case: the same speaker may be written otherwise.
      let names = Set(
        heard.filter { $0.corpus == corpus.name || publisher != nil && $0.adapter == publisher }
          .compactMap { $0.speaker?.lowercased() })
      let crossing = shared.crossing(numbers, utterances.indices.map { start + $0 })
      let byContent = crossing.second.compactMap { utterances[$0 - start].utterance.speaker }
      let byName = utterances.compactMap(\.utterance.speaker)
        .filter { names.contains($0.lowercased()) }
      speakers[corpus.name] = Set(byContent + byName)
    }
  }

  /// An utterance's name, and the name of the clip of a network that has the same sound.
  func names(of finding: Finding) -> (judging: String, heard: String)? {
    guard let example = finding.example, let corpus = corpus(finding.corpus) else { return nil }
    let first = corpora.reduce(0) { $0 + $1.contents.count }
    let clip = clips[example.heard - first]
    return (
      corpus.labeled.utterances[example.judging].utterance.id, "\(clip.corpus)/\(clip.file)"
    )
  }
}
