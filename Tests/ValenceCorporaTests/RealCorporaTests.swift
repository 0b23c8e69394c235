import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceCorpora

/// Facts that the corpora's publishers state, or that were counted in the published files.
@Suite("Real corpora", .enabled(if: SharedData.isThere, "needs the shared corpora"))
struct RealCorporaTests {
  private func load(_ name: String) throws -> Corpus {
    let code = FileNameCode.published.first { $0.word == name }
    return try CorpusLoader.load(
      CorpusOptions(
        name: name, adapter: .fileName(try #require(code)),
        path: try SharedData.url("corpora/\(name)")))
  }

  private func labeled(_ name: String, _ space: String = "emotion4") throws -> LabeledCorpus {
    let corpus = try load(name)
    let space =
      LabelSpace.builtIn(space) ?? LabelSpace.native(labels: Set(corpus.utterances.map(\.label)))
    return try corpus.labeled(by: space)
  }

  private func speakers(_ indices: [Int], _ corpus: LabeledCorpus) -> Set<String> {
    Set(indices.compactMap { corpus.utterances[$0].utterance.speaker })
  }

  @Test(
    "the adapter finds every utterance and reads what the corpus's manifest says",
    arguments: [("ravdess", 1440, 24), ("emovo", 588, 6), ("urdu", 400, 29), ("emodb", 339, 10)])
  func counts(name: String, utterances: Int, speakers: Int) throws {
    let corpus = try load(name)
    let manifest = try CorpusLoader.load(
      CorpusOptions(
        name: name, adapter: .manifest(columns: [:]), path: try SharedData.url("corpora/\(name)")))
    #expect(corpus.utterances.count == utterances)
    #expect(corpus.skipped.isEmpty)
    #expect(Set(corpus.utterances.compactMap(\.speaker)).count == speakers)
    #expect(manifest.utterances.count == utterances)
    for (ours, theirs) in zip(corpus.utterances, manifest.utterances) {
      #expect((ours.id, ours.label, ours.speaker) == (theirs.id, theirs.label, theirs.speaker))
      #expect((ours.gender, ours.language) == (theirs.gender, theirs.language))
      #expect((ours.sentence, ours.intensity) == (theirs.sentence, theirs.intensity))
    }
  }

  @Test(
    "four emotions have the published counts",
    arguments: [
      ("ravdess", [192, 192, 96, 192], 768), ("emovo", [84, 84, 84, 84], 252),
      ("urdu", [100, 100, 100, 100], 0), ("emodb", [127, 71, 79, 62], 0),
    ])
  func fourEmotions(name: String, counts: [Int], dropped: Int) throws {
    let corpus = try labeled(name)
    #expect(corpus.classCounts == counts)
    #expect(corpus.dropped.count == dropped)
  }

  @Test("EmoBox's RAVDESS folds hold out the four actors that were published")
  func ravdessFolds() throws {
    let corpus = try labeled("ravdess", "native")
    let made = try FoldMaker(
      options: options(.emobox(SharedData.url("emobox")), validation: .speakers(2))
    ).folds(of: corpus)
    #expect(
      made.folds.map { speakers($0.test, corpus).sorted() } == [
        ["01", "11", "20", "21"], ["04", "10", "12", "14"], ["08", "09", "19", "23"],
        ["03", "05", "07", "24"], ["02", "15", "16", "18"], ["06", "13", "17", "22"],
      ])
    #expect(made.remarks.isEmpty)
    for fold in made.folds {
      #expect(fold.test.count == 240)
      #expect(fold.validation.count == 120)
      #expect(fold.train.count == 1080)
      #expect(fold.sharedSpeakers.isEmpty)
      let genders = Set(fold.validation.compactMap { corpus.utterances[$0].utterance.gender })
      #expect(genders == [.female, .male])
    }
  }

  @Test("EmoBox's EMOVO folds leave one speaker out, in the order published")
  func emovoFolds() throws {
    let corpus = try labeled("emovo", "native")
    let made = try FoldMaker(
      options: options(.emobox(SharedData.url("emobox/emovo")), validation: .fraction(0.15))
    ).folds(of: corpus)
    #expect(
      made.folds.map { speakers($0.test, corpus) } == [
        ["f2"], ["m3"], ["m2"], ["f3"], ["f1"], ["m1"],
      ])
    #expect(made.folds.allSatisfy { $0.validation.count == 98 && $0.train.count == 392 })
  }

  @Test("EmoBox's EmoDB folds share every test speaker, and the missing 196 files are said")
  func emodbFolds() throws {
    let corpus = try labeled("emodb")
    let made = try FoldMaker(
      options: options(.emobox(SharedData.url("emobox")), validation: .fraction(0.15))
    ).folds(of: corpus)
    #expect(made.folds.count == 5)
    for fold in made.folds {
      #expect(Set(fold.sharedSpeakers) == speakers(fold.test, corpus))
      #expect(fold.sharedSpeakers.count >= 9)
    }
    #expect(made.folds.flatMap(\.test).count == 339)
    #expect(
      made.remarks.first
        == "EmoBox's folds list 196 files that emodb does not have here (03a04Ad, …).")
  }

  @Test("EmoBox's URDU split shares 18 of 19 test speakers, and every result is told so")
  func urduSplit() throws {
    let corpus = try labeled("urdu")
    let made = try FoldMaker(
      options: options(.emobox(SharedData.url("emobox")), validation: .fraction(0.15))
    ).folds(of: corpus)
    let fold = try #require(made.folds.first)
    #expect(made.folds.count == 1)
    #expect(fold.test.count == 100)
    #expect(fold.train.count + fold.validation.count == 300)
    #expect(fold.sharedSpeakers.count == 18)
    #expect(speakers(fold.test, corpus).count == 19)
    #expect(
      made.remarks.contains(
        "urdu, fold 1: 18 of 19 test speakers are also trained on, as the split was published; the "
          + "result depends on the speakers."))
  }

  @Test("leaving one speaker out is refused on URDU, whose speakers have one class each")
  func urduLeaveOneOut() throws {
    #expect(
      refusal(options(.leaveOneSpeakerOut), try labeled("urdu"))
        == "within: leave_one_speaker_out cannot test every class: 29 of 29 "
        + "speakers lack one, 26 have a single class (SF1 has only happy); use speakerFolds, or "
        + "missingClasses: allow.")
  }

  @Test(
    "speaker folds of URDU test all four classes and train on them",
    arguments: [2, 3, 4], [ProtocolOptions.Validation.speakers(2), .speakers(1), .fraction(0.15)])
  func urduSpeakerFolds(count: Int, validation: ProtocolOptions.Validation) throws {
    let corpus = try labeled("urdu")
    let made = try FoldMaker(options: options(.speakerFolds(count), validation: validation))
      .folds(of: corpus)
    #expect(made.folds.flatMap(\.test).count == 400)
    for fold in made.folds {
      #expect(!corpus.counts(of: fold.test).contains(0))
      #expect(!corpus.counts(of: fold.train).contains(0))
      #expect(!fold.validation.isEmpty)
    }
  }

  @Test("five speaker folds of URDU are refused, as angry has four speakers")
  func urduFiveFolds() throws {
    #expect(
      refusal(options(.speakerFolds(5)), try labeled("urdu"))
        == "speakerFolds: 5 folds cannot all test angry: only 4 "
        + "speakers have it (SM1, SM2, SM3 and SM4); use at most 4, or "
        + "missingClasses: allow.")
  }

  @Test("five speaker folds of RAVDESS are as even as 24 actors allow")
  func ravdessSpeakerFolds() throws {
    let corpus = try labeled("ravdess", "native")
    let made = try FoldMaker(options: options(.speakerFolds(5), validation: .speakers(2)))
      .folds(of: corpus)
    #expect(made.folds.map { speakers($0.test, corpus).count }.sorted() == [4, 5, 5, 5, 5])
    for fold in made.folds {
      let women = fold.test.count { corpus.utterances[$0].utterance.gender == .female }
      #expect((120...180).contains(women))
    }
  }

  @Test(
    "every built-in label space knows every label of every corpus and of MELD",
    arguments: ["sentiment3", "emotion4", "ekman6", "meld7"])
  func labelsAreKnown(space: String) throws {
    let space = try #require(LabelSpace.builtIn(space))
    for name in ["ravdess", "emovo", "urdu", "emodb"] {
      for utterance in try load(name).utterances {
        #expect(space.decide(utterance.label, corpus: name) != .unknown)
      }
    }
    let meld = try Table(contentsOf: SharedData.url("meld/train_sent_emo.csv"))
    let column = try #require(meld.column("Emotion"))
    #expect(meld.rows.count == 9989)
    for label in Set(meld.rows.map { $0[column] }) {
      #expect(space.decide(label, corpus: "meld") != .unknown)
    }
  }

  @Test("what EmoBox's label maps call an emotion is the same emotion here")
  func emoboxMaps() throws {
    let space = try #require(LabelSpace.builtIn("meld7"))
    let classes = [
      "Angry": "anger", "Happy": "joy", "Sad": "sadness", "Fear": "fear", "Disgust": "disgust",
      "Surprise": "surprise", "Neutral": "neutral",
    ]
    for corpus in ["ravdess", "emodb", "meld", "cremad", "tess", "iemocap"] {
      let url = try SharedData.url("emobox/\(corpus)/label_map.json")
      let map = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: url))
      for (label, theirs) in map where label != "exc" {
        let expected = classes[theirs].flatMap { space.classes.firstIndex(of: $0) }
        #expect(
          space.decide(label, corpus: corpus) == expected.map { .mapped($0) } ?? .dropped,
          "\(corpus): \(label)")
      }
    }
  }
}
