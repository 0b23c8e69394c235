package import ValenceCore

/// Splits a corpus for training, validation and test as the plan's protocol asks.
///
/// Folds depend on the corpus and the protocol alone, never on a training seed, so all seeds and
/// variants of an experiment share them. Errors of all folds are collected before any is thrown, as a
/// user mends a split as a whole.
///
/// A trial's key holds what its fold trains and validates on, no revision of this code: another fold is
/// another trial (`Trial.key`). The names of folds are in `trials.json` and `results.csv`.
package struct FoldMaker: Sendable {
  package let options: ProtocolOptions
  /// A table of folds that replaces `options.within`.
  private let table: Table?

  /// - Parameter table: folds in memory, with the columns of `ProtocolOptions.Within.csv`; they are followed
  ///   instead of `options.within`.
  package init(options: ProtocolOptions, table: Table? = nil) {
    (self.options, self.table) = (options, table)
  }

  /// A fold before its validation utterances are chosen.
  struct Draft {
    var name: String
    var rest: [Int]
    /// As published; nil if the protocol is to choose.
    var validation: [Int]?
    var test: [Int]
  }

  /// Drafts and the remarks on them.
  struct Drafts {
    var folds: [Draft]
    var remarks: [String] = []
    var isPublished = false
  }

  /// The folds of a corpus.
  ///
  /// - Parameter contents: the digest of each utterance; validation utterances without speakers are drawn
  ///   in their order, so that no file's name chooses any. Without them they are drawn by name.
  /// - Throws: `FoldErrors`: a split that the corpus does not allow, a speaker or a sound on both sides
  ///   of an unpublished split, a training set without a class, a test set without a class unless the
  ///   plan allows it.
  package func folds(
    of corpus: LabeledCorpus, contents: [Digest] = []
  ) throws(FoldErrors) -> CorpusFolds {
    let drafts = try scoredDrafts(of: corpus)
    var errors: [FoldError] = []
    var folds: [Fold] = []
    let check = FoldCheck(
      corpus, missingClasses: options.missingClasses, isPublished: drafts.isPublished)
    for (turn, draft) in drafts.folds.enumerated() {
      do {
        let fold = try fold(draft, of: corpus, contents, turn: turn, check: check)
        errors += check.errors(in: fold)
        folds.append(fold)
      } catch {
        errors.append(error)
      }
    }
    errors += repetitions(in: folds)
    guard errors.isEmpty else { throw FoldErrors(errors) }
    return made(folds, of: corpus, remarks: drafts.remarks)
  }

  /// Folds that repeat an earlier one, which would count one network twice.
  private func repetitions(in folds: [Fold]) -> [FoldError] {
    var names: [[[Int]]: String] = [:]
    return folds.compactMap { fold in
      let sides = [fold.train, fold.validation, fold.test]
      if let first = names[sides] { return .repeatedFold(fold.name, first) }
      names[sides] = fold.name
      return nil
    }
  }

  /// A whole corpus to train on, without a test side: for networks that are tested on other corpora.
  ///
  /// `options.validation` applies, `options.within` does not.
  /// - Throws: `FoldErrors` as `folds(of:)` does.
  package func whole(
    of corpus: LabeledCorpus, contents: [Digest] = []
  ) throws(FoldErrors) -> CorpusFolds {
    try requireEveryClass(of: corpus)
    let check = FoldCheck(
      corpus, missingClasses: options.missingClasses, isPublished: false, holdsOut: false)
    let draft = Draft(name: "all", rest: Array(corpus.utterances.indices), test: [])
    let fold: Fold
    do {
      fold = try self.fold(draft, of: corpus, contents, turn: 0, check: check)
    } catch {
      throw FoldErrors([error])
    }
    let errors = check.errors(in: fold)
    guard errors.isEmpty else { throw FoldErrors(errors) }
    return made([fold], of: corpus)
  }

  /// The published test set of a corpus that no network is trained on, all folds together.
  ///
  /// Nil if `options.within` is no published split, or if its lists name no file of the corpus.
  ///
  /// - Throws: `FoldErrors`: lists that cannot be read.
  package func publishedTest(of corpus: LabeledCorpus) throws(FoldErrors) -> [Int]? {
    var folds: [Draft] = []
    do throws(FoldError) {
      switch options.within {
      case .leaveOneSpeakerOut, .speakerFolds: break
      case .official: return side(.test, of: corpus).isEmpty ? nil : side(.test, of: corpus)
      case .emobox(let folder):
        let lists = EmoBoxFolds(folder: folder, corpus: corpus)
        if lists.areThere { folds = try lists.drafts().folds }
      case .csv(let file): folds = try FoldTable(file: file, of: corpus).drafts().folds
      }
    } catch .nothingMatches {
      return nil
    } catch {
      throw FoldErrors([error])
    }
    return folds.isEmpty ? nil : Set(folds.flatMap(\.test)).sorted()
  }

  private func requireEveryClass(of corpus: LabeledCorpus) throws(FoldErrors) {
    guard corpus.emptyClasses.isEmpty else {
      throw FoldErrors([
        .emptyClasses(corpus.emptyClasses, isNative: corpus.space.name == "native")
      ])
    }
  }

  private func drafts(of corpus: LabeledCorpus) throws(FoldErrors) -> Drafts {
    try requireEveryClass(of: corpus)
    do {
      if let table { return try FoldTable(table, of: corpus).drafts() }
      switch options.within {
      case .leaveOneSpeakerOut: return Drafts(folds: try leaveOneSpeakerOut(corpus))
      case .speakerFolds(let count): return Drafts(folds: try speakerFolds(corpus, count))
      case .emobox(let folder): return try EmoBoxFolds(folder: folder, corpus: corpus).drafts()
      case .csv(let file): return try FoldTable(file: file, of: corpus).drafts()
      case .official: return try official(corpus)
      }
    } catch {
      throw FoldErrors([error])
    }
  }

  private func scoredDrafts(of corpus: LabeledCorpus) throws(FoldErrors) -> Drafts {
    let drafts = try drafts(of: corpus)
    if options.scored == .test { return drafts }
    do { return try drafts.inner() } catch { throw FoldErrors([error]) }
  }

  private func leaveOneSpeakerOut(_ corpus: LabeledCorpus) throws(FoldError) -> [Draft] {
    let speakers = try speakers(of: corpus, asking: .within)
    guard speakers.count > 1 else {
      throw .loneSpeaker(speakers.first?.name ?? "nobody")
    }
    if options.missingClasses == .refuse {
      let lacking = speakers.filter { $0.classCounts.contains(0) }
      let withOne = lacking.filter { speaker in speaker.classCounts.count { $0 > 0 } == 1 }
      if let example = withOne.first ?? lacking.first {
        let only = zip(corpus.space.classes, example.classCounts).filter { $0.1 > 0 }.map(\.0)
        throw .speakersLackClasses(
          lacking: lacking.count, of: speakers.count, withOneClass: withOne.count,
          example: example.name, only: only)
      }
    }
    return speakers.map { held in
      Draft(
        name: held.name,
        rest: corpus.utterances.indices.filter {
          corpus.utterances[$0].utterance.speaker != held.name
        },
        test: held.indices)
    }
  }

  private func speakerFolds(_ corpus: LabeledCorpus, _ count: Int) throws(FoldError) -> [Draft] {
    let speakers = try speakers(of: corpus, asking: .speakerFolds)
    guard count >= 2, speakers.count >= count else {
      throw .tooFewSpeakers(folds: count, speakers: speakers.count)
    }
    if options.missingClasses == .refuse {
      for (index, name) in corpus.space.classes.enumerated() {
        let having = speakers.filter { $0.classCounts[index] > 0 }.map(\.name)
        guard having.count >= count else {
          throw .classOnFewSpeakers(class: name, speakers: having, folds: count)
        }
      }
    }
    let assignment = SpeakerAssignment(speakers, folds: count)
    return (0..<count).map { fold in
      let sides = zip(speakers, assignment.foldOfSpeaker)
      return Draft(
        name: "\(fold + 1)",
        rest: sides.filter { $0.1 != fold }.flatMap(\.0.indices).sorted(),
        test: sides.filter { $0.1 == fold }.flatMap(\.0.indices).sorted())
    }
  }

  /// All speakers; every utterance must have one.
  private func speakers(
    of corpus: LabeledCorpus, asking: FoldError.Field
  ) throws(FoldError) -> [SpeakerProfile] {
    let nameless = corpus.utterances.filter { $0.utterance.speaker == nil }
    if let first = nameless.first {
      throw .unknownSpeakers(
        asking: asking, count: nameless.count, of: corpus.utterances.count,
        example: first.utterance.id)
    }
    return corpus.profiles(of: corpus.utterances.indices)
  }

  private func official(_ corpus: LabeledCorpus) throws(FoldError) -> Drafts {
    let (train, validation, test) = (
      side(.train, of: corpus), side(.validation, of: corpus), side(.test, of: corpus)
    )
    let missing = [("train", train), ("test", test)].filter { $0.1.isEmpty }.map(\.0)
    guard missing.isEmpty else { throw .noOfficialSplit(missing: missing) }
    let draft = Draft(
      name: "official", rest: train, validation: validation.isEmpty ? nil : validation, test: test)
    let outside = corpus.utterances.count - train.count - validation.count - test.count
    let remarks =
      outside == 0
      ? []
      : [
        "\(Wording.counted(outside, "utterance", "utterances")) of \(corpus.name) are in no split."
      ]
    return Drafts(folds: [draft], remarks: remarks, isPublished: true)
  }

  private func side(_ name: SplitName, of corpus: LabeledCorpus) -> [Int] {
    corpus.utterances.indices.filter { corpus.utterances[$0].utterance.split == name }
  }

  private func fold(
    _ draft: Draft, of corpus: LabeledCorpus, _ contents: [Digest], turn: Int, check: FoldCheck
  ) throws(FoldError) -> Fold {
    // Folds take different validation speakers: fold 2 begins where the speakers of fold 1 end.
    let step = if case .speakers(let count) = options.validation { max(count, 1) } else { 1 }
    var choice = ValidationChoice(
      corpus: corpus, contents: contents, fold: draft.name, rest: draft.rest, turn: turn * step)
    let validation: [Int] =
      switch options.validation {
      case _ where draft.validation != nil: draft.validation ?? []
      case .speakers(let count): try choice.speakers(count)
      case .fraction(let share): try choice.fraction(share)
      case .none: []
      }
    let taken = Set(validation)
    // A published validation list is its own; otherwise it comes out of the rest.
    let train = draft.validation == nil ? draft.rest.filter { !taken.contains($0) } : draft.rest
    let shared = check.speakers(train + validation).intersection(check.speakers(draft.test))
    let fold = Fold(
      name: draft.name, train: train, validation: validation, test: draft.test,
      sharedSpeakers: shared.sorted())
    return options.validation == .none ? fold.withoutValidation : fold
  }

  private func made(
    _ folds: [Fold], of corpus: LabeledCorpus, remarks: [String] = []
  ) -> CorpusFolds {
    let speakers = SpeakerSeparation(folds, of: corpus)
    return CorpusFolds(
      folds: folds,
      remarks: [options.scored.remark(on: corpus.name)].compactMap(\.self) + remarks
        + sharedSpeakerRemarks(folds, of: corpus)
        + speakers.remarks(on: corpus.name) + missingClassRemarks(folds, of: corpus),
      speakers: speakers)
  }

  private func sharedSpeakerRemarks(_ folds: [Fold], of corpus: LabeledCorpus) -> [String] {
    folds.filter { !$0.sharedSpeakers.isEmpty }.map { fold in
      let tested = Set(fold.test.compactMap { corpus.utterances[$0].utterance.speaker }).count
      return "\(corpus.name), fold \(fold.name): "
        + Wording.part(fold.sharedSpeakers.count, of: tested, "test speaker", "is", "are")
        + " also trained on, as the split was published; the result depends on the speakers."
    }
  }

  private func missingClassRemarks(_ folds: [Fold], of corpus: LabeledCorpus) -> [String] {
    var remarks: [String] = []
    for (side, indices) in [("test", \Fold.test), ("validation", \Fold.validation)] {
      let lacking = folds.filter { fold in
        !fold[keyPath: indices].isEmpty && corpus.counts(of: fold[keyPath: indices]).contains(0)
      }
      guard let first = lacking.first else { continue }
      let classes = corpus.missingClasses(corpus.counts(of: first[keyPath: indices]))
      remarks.append(
        "\(corpus.name): in \(lacking.count) of \(Wording.counted(folds.count, "fold", "folds")) the \(side) "
          + "set lacks a class (fold \(first.name): \(Wording.list(classes, limit: 4))) and is scored over those "
          + "that it has.")
    }
    return remarks
  }
}
