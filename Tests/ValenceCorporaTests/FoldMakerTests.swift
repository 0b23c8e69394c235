import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceCorpora

/// What is wrong with the folds of a corpus, each with the field at fault, or `accepted`.
func refusal(_ options: ProtocolOptions, _ corpus: LabeledCorpus) -> String {
  do {
    _ = try FoldMaker(options: options).folds(of: corpus)
    return "accepted"
  } catch {
    return error.text
  }
}

extension FoldErrors {
  /// `within: …`, one line an error.
  var text: String { description }
}

/// A protocol with that split and validation.
func options(
  _ within: ProtocolOptions.Within, validation: ProtocolOptions.Validation = .speakers(1),
  missing: ProtocolOptions.MissingClasses = .refuse
) -> ProtocolOptions {
  var options = ProtocolOptions()
  options.within = within
  options.validation = validation
  options.missingClasses = missing
  return options
}

@Suite("Folds of our own")
struct FoldMakerTests {
  private static let space = LabelSpace(name: "custom", classes: ["high", "low"], maps: [:])

  private func labeled(
    _ groups: [(speaker: String?, label: String, count: Int)]
  ) throws -> LabeledCorpus {
    try corpus(groups).labeled(by: Self.space)
  }

  /// Speakers who have both classes.
  private func balanced(_ speakers: [String], each: Int = 3) throws -> LabeledCorpus {
    try labeled(speakers.flatMap { [($0, "high", each), ($0, "low", each)] })
  }

  @Test("leave-one-speaker-out tests each speaker once and validates on others in turn")
  func leaveOneOut() throws {
    let corpus = try balanced(["f1", "f2", "m1", "m2"])
    let made = try FoldMaker(options: options(.leaveOneSpeakerOut)).folds(of: corpus)
    #expect(made.folds.map(\.name) == ["f1", "f2", "m1", "m2"])
    #expect(made.remarks.isEmpty)
    #expect(made.folds.flatMap(\.test).sorted() == Array(corpus.utterances.indices))
    let validated = made.folds.map { fold in
      Set(fold.validation.compactMap { corpus.utterances[$0].utterance.speaker })
    }
    #expect(validated.allSatisfy { $0.count == 1 })
    #expect(Set(validated).count > 2)
    let first = made.folds[0]
    #expect([first.train, first.validation, first.test].map(\.count) == [12, 6, 6])
  }

  @Test("a whole corpus is learned from and judged by different speakers, and nothing is held out")
  func whole() throws {
    let maker = FoldMaker(options: options(.official))  // the split does not matter
    let corpus = try balanced(["f1", "f2", "m1"])
    let made = try maker.whole(of: corpus)
    let fold = try #require(made.folds.first)
    #expect(made.folds.count == 1 && made.remarks.isEmpty)
    #expect(fold.test.isEmpty)
    #expect((fold.train + fold.validation).sorted() == Array(corpus.utterances.indices))
    let judges = Set(fold.validation.compactMap { corpus.utterances[$0].utterance.speaker })
    #expect(judges.count == 1)
    #expect(
      judges.isDisjoint(with: fold.train.compactMap { corpus.utterances[$0].utterance.speaker }))
    let error = #expect(throws: FoldErrors.self) {
      try maker.whole(of: labeled([("f1", "high", 3), ("f2", "low", 3)]))
    }
    #expect(error?.all.first?.misfit.field == .validationSpeakers)
    let lacking = #expect(throws: FoldErrors.self) {
      try maker.whole(of: labeled([("f1", "high", 3), ("f2", "high", 3)]))
    }
    #expect(
      lacking?.text == """
        labels: no utterance is low; list only classes that every training corpus has in classes, or \
        leave this corpus out of trainOn.
        """)
  }

  @Test("in random corpora folds share no speaker and no utterance, and test everything once")
  func properties() throws {
    for seed in 0..<100 as Range<UInt64> {
      var random = RandomStream(seed: seed, "folds")
      let count = 2 + random.below(4)
      let speakers = (0..<(count + 2 + random.below(12))).map { "\($0 % 2 == 0 ? "f" : "m")\($0)" }
      let corpus = try labeled(
        speakers.flatMap { speaker in
          [(speaker, "high", 1 + random.below(9)), (speaker, "low", 1 + random.below(9))]
        })
      let validation: ProtocolOptions.Validation =
        seed.isMultiple(of: 2) ? .speakers(1) : .fraction(0.2)
      let maker = FoldMaker(options: options(.speakerFolds(count), validation: validation))
      let made = try maker.folds(of: corpus)
      #expect(made.folds == (try maker.folds(of: corpus).folds), "seed \(seed)")
      #expect(made.folds.count == count, "seed \(seed)")
      #expect(
        made.folds.flatMap(\.test).sorted() == Array(corpus.utterances.indices), "seed \(seed)")
      for fold in made.folds {
        let sides = [fold.train, fold.validation, fold.test]
        let names = sides.map { side in
          Set(side.compactMap { corpus.utterances[$0].utterance.speaker })
        }
        #expect(names[0].isDisjoint(with: names[1]), "seed \(seed)")
        #expect(names[2].isDisjoint(with: names[0].union(names[1])), "seed \(seed)")
        #expect(sides.joined().sorted() == Array(corpus.utterances.indices), "seed \(seed)")
        #expect(!corpus.counts(of: fold.train).contains(0), "seed \(seed)")
        #expect(!fold.validation.isEmpty, "seed \(seed)")
      }
    }
  }

  @Test("speaker folds hold equal parts of each class and both genders where that is possible")
  func balance() throws {
    let corpus = try balanced((1...12).map { $0 % 2 == 0 ? "f\($0)" : "m\($0)" })
    let made = try FoldMaker(options: options(.speakerFolds(6))).folds(of: corpus)
    for fold in made.folds {
      #expect(corpus.counts(of: fold.test) == [6, 6])
      let genders = Set(fold.test.compactMap { corpus.utterances[$0].utterance.gender })
      #expect(genders == [.female, .male])
    }
  }

  @Test("a class that few speakers have is spread over the folds")
  func scarce() throws {
    let corpus = try labeled([
      ("a", "high", 40), ("b", "high", 2), ("c", "low", 50), ("d", "low", 3), ("e", "low", 30),
    ])
    let made = try FoldMaker(options: options(.speakerFolds(2), validation: .speakers(0)))
      .folds(of: corpus)
    for fold in made.folds {
      #expect(!corpus.counts(of: fold.test).contains(0))
      #expect(fold.validation.isEmpty)
    }
  }

  @Test("testing every class comes before even folds")
  func coverageFirst() throws {
    // Evenest would be a and b against c, who has no high.
    let corpus = try labeled([
      ("a", "high", 100), ("a", "low", 50), ("b", "high", 1), ("b", "low", 100), ("c", "low", 150),
    ])
    let made = try FoldMaker(options: options(.speakerFolds(2), validation: .speakers(0)))
      .folds(of: corpus)
    #expect(made.folds.map { corpus.counts(of: $0.test) } == [[1, 100], [100, 200]])
  }

  @Test("validation takes about the share asked for, by class where nobody is named")
  func fractions() throws {
    let named = try balanced((1...20).map { "m\($0)" })
    let made = try FoldMaker(options: options(.speakerFolds(5), validation: .fraction(0.25)))
      .folds(of: named)
    #expect(made.folds.map(\.validation.count) == [24, 24, 24, 24, 24])

    let folds = try TemporaryFolder.with { folder in
      let nameless = try labeled([(nil, "high", 40), (nil, "low", 8)])
      let rows = nameless.utterances.enumerated().map { "\($1.utterance.id),\($0 % 2)\n" }
      try folder.write(["folds.csv": "file,fold\n" + rows.joined()])
      let csv = folder.url.appending(path: "folds.csv")
      return try FoldMaker(options: options(.csv(csv), validation: .fraction(0.25)))
        .folds(of: nameless).folds.map { nameless.counts(of: $0.validation) }
    }
    #expect(folds == [[5, 1], [5, 1]])
  }

  @Test("a share smaller than any speaker takes the smallest speaker that training can spare")
  func smallShare() throws {
    let corpus = try labeled([
      ("a", "high", 9), ("a", "low", 9), ("b", "high", 5), ("b", "low", 5), ("c", "high", 7),
      ("c", "low", 7), ("d", "low", 4),
    ])
    let made = try FoldMaker(
      options: options(.leaveOneSpeakerOut, validation: .fraction(0.01), missing: .allow)
    ).folds(of: corpus)
    let validated = made.folds.map { fold in
      Set(fold.validation.compactMap { corpus.utterances[$0].utterance.speaker })
    }
    #expect(validated == [["d"], ["d"], ["d"], ["b"]])
  }

  @Test("a table in memory makes the folds of the same CSV, and writes no file")
  func tableInMemory() throws {
    let corpus = try balanced(["a", "b", "c"])
    let rows = corpus.utterances.map { [$0.utterance.id, $0.utterance.speaker ?? ""] }
    let table = Table(columns: ["file", "fold"], rows: rows)
    let asked = options(.official, validation: .fraction(0.25))  // the split does not matter
    let made = try FoldMaker(options: asked, table: table).folds(of: corpus)
    try TemporaryFolder.with { folder in
      try folder.write(["folds.csv": table.text])
      let file = folder.url.appending(path: "folds.csv")
      let read = try FoldMaker(options: options(.csv(file), validation: .fraction(0.25)))
        .folds(of: corpus)
      #expect(made.folds == read.folds && made.folds.count == 3)
    }
    var wrong = table
    wrong.rows[1][1] = ""
    let errors = #expect(throws: FoldErrors.self) {
      try FoldMaker(options: asked, table: wrong).folds(of: corpus)
    }
    #expect(errors?.description == "csv: the table of folds:3: its file or fold is empty.")
  }

  @Test("splits that need speakers are refused where some are unknown")
  func unknownSpeakers() throws {
    let corpus = try labeled([("f1", "high", 2), ("f1", "low", 2), (nil, "low", 1)])
    #expect(
      refusal(options(.leaveOneSpeakerOut), corpus)
        == "within: it must be known who speaks, but 1 of 5 utterances has "
        + "no speaker (nobody-low-4.wav); name the speakers, or choose a split that "
        + "does not need them.")
    #expect(
      refusal(options(.speakerFolds(2)), corpus).hasPrefix(
        "speakerFolds: it must be known who speaks, but 1 of 5 utterances has no speaker "))
  }

  @Test("too few speakers for folds or validation are refused")
  func tooFew() throws {
    let corpus = try balanced(["f1", "m1", "m2"])
    #expect(
      refusal(options(.speakerFolds(4)), corpus)
        == "speakerFolds: 4 folds need as many speakers, but there are 3."
    )
    #expect(
      refusal(options(.speakerFolds(1)), corpus)
        == "speakerFolds: 1 is no split of 3 speakers; at least 2 "
        + "folds are needed.")
    let alone = try balanced(["f1"])
    #expect(
      refusal(options(.leaveOneSpeakerOut), alone)
        == "within: leave_one_speaker_out needs at least two speakers, but f1 "
        + "speaks in all utterances.")
    #expect(
      refusal(options(.speakerFolds(2)), alone)
        == "speakerFolds: 2 folds need as many speakers, but there is 1.")
    #expect(
      refusal(options(.speakerFolds(2), validation: .speakers(1)), try balanced(["f1", "m1"]))
        .hasPrefix(
          "validationSpeakers: fold 1: 1 validation speaker and one to train on are "
            + "not to be had from 1 speaker that is not tested.\n"))
    #expect(
      refusal(options(.leaveOneSpeakerOut, validation: .speakers(2)), corpus).hasPrefix(
        "validationSpeakers: fold f1: 2 validation speakers and one to train on are "
          + "not to be had from 2 speakers that are not tested.\n"))
  }

  @Test("leaving one speaker out is refused where a speaker lacks a class")
  func lacking() throws {
    let corpus = try labeled([
      ("a", "high", 4), ("a", "low", 4), ("b", "high", 4), ("c", "low", 2), ("d", "low", 2),
    ])
    #expect(
      refusal(options(.leaveOneSpeakerOut), corpus)
        == "within: leave_one_speaker_out cannot test every class: 3 of 4 "
        + "speakers lack one, 3 have a single class (b has only high); use speakerFolds, or "
        + "missingClasses: allow.")
    let single = try labeled([
      ("a", "high", 4), ("a", "low", 4), ("b", "high", 4), ("b", "low", 4), ("c", "low", 2),
    ])
    #expect(
      refusal(options(.leaveOneSpeakerOut), single)
        == "within: leave_one_speaker_out cannot test every class: 1 of 3 "
        + "speakers lacks one, 1 has a single class (c has only low); use speakerFolds, or "
        + "missingClasses: allow.")
    let allowed = try FoldMaker(options: options(.leaveOneSpeakerOut, missing: .allow))
      .folds(of: corpus)
    #expect(
      allowed.remarks.first
        == "mine: in 3 of 4 folds the test set lacks a class (fold b: low) and is scored over those "
        + "that it has.")
  }

  @Test("more folds than a class has speakers are refused by name")
  func classOnFewSpeakers() throws {
    let corpus = try labeled([
      ("a", "high", 4), ("b", "high", 4), ("c", "low", 2), ("d", "low", 2), ("e", "low", 2),
    ])
    #expect(
      refusal(options(.speakerFolds(3)), corpus)
        == "speakerFolds: 3 folds cannot all test high: only 2 "
        + "speakers have it (a and b); use at most 2, or missingClasses: allow.")
    #expect(
      refusal(options(.speakerFolds(2), validation: .speakers(2)), corpus)
        == "validationSpeakers: fold 1: 2 validation speakers and one to train on are "
        + "not to be had from 2 speakers that are not tested.\n"
        + "validationSpeakers: fold 2: whichever speakers are taken for "
        + "validation, none that has high or low is left to train on; take fewer, or use fewer "
        + "folds.")
  }

  @Test("a class that the whole corpus lacks is refused once")
  func emptyClass() throws {
    let corpus = try labeled([("a", "high", 4), ("b", "high", 4)])
    #expect(
      refusal(options(.speakerFolds(2)), corpus)
        == "labels: no utterance is low; list only classes that every training corpus has in "
        + "classes, or leave this corpus out of trainOn.")
  }

  @Test("words that only another corpus has are no classes for all: native says what would be")
  func nativeWords() throws {
    let mine = corpus([("a", "happiness", 4), ("b", "sad", 4)])
    let space = LabelSpace.native(labels: ["happiness", "joy", "sad"])
    #expect(
      refusal(options(.speakerFolds(2)), try mine.labeled(by: space))
        == "labels: no utterance is joy; native makes a class of every corpus's every "
        + "word, so choose a built-in label space such as emotion4, or join the words (joy and "
        + "happiness) in labelMap, or leave this corpus out of trainOn.")
  }

  @Test("a training set without a class is refused even where tests may lack one")
  func unlearned() throws {
    let corpus = try labeled([("a", "high", 4), ("b", "low", 4), ("c", "low", 4)])
    #expect(
      refusal(options(.leaveOneSpeakerOut, validation: .speakers(0), missing: .allow), corpus)
        == "within: fold a would train on no high utterance; choose fewer or "
        + "other folds.")
  }
}
