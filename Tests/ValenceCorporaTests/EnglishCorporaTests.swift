import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceCorpora

@Suite("CREMA-D, SAVEE and TESS")
struct EnglishCorporaTests {
  private func load(_ code: FileNameCode, _ files: [String]) throws -> Corpus {
    try TemporaryFolder.with { folder in
      try folder.touch(files)
      return try CorpusLoader.load(
        CorpusOptions(name: "mine", adapter: .fileName(code), path: folder.url))
    }
  }

  @Test(
    "each published name gives what its code says",
    arguments: [
      (
        FileNameCode.cremad, "AudioWAV/1001_DFA_ANG_XX.wav", "anger", "1001", .male,
        "DFA", nil
      ),
      (.cremad, "1091_IEO_HAP_HI.wav", "happy", "1091", .female, "IEO", "high"),
      (.cremad, "1047_IEO_FEA_LO.wav", "fear", "1047", .female, "IEO", "low"),
      (.cremad, "1048_IEO_DIS_MD.wav", "disgust", "1048", .male, "IEO", "medium"),
      (.cremad, "1076_MTI_SAD_XX.wav", "sad", "1076", .female, "MTI", nil),
      (.cremad, "1040_ITH_SAD_X.wav", "sad", "1040", .male, "ITH", nil),  // published so, once
      (.savee, "AudioData/DC/sa03.wav", "sadness", "DC", .male, "sa03", nil),
      (.savee, "KL/su15.wav", "surprise", "KL", .male, "su15", nil),
      (.savee, "ALL/JE_n23.wav", "neutral", "JE", .male, "n23", nil),
      (.tess, "OAF_Fear/OAF_back_fear.wav", "fear", "OAF", .female, "back", nil),
      (.tess, "YAF_youth_ps.wav", "pleasant surprise", "YAF", .female, "youth", nil),
      (.tess, "OAF_neutral/OA_bite_neutral.wav", "neutral", "OAF", .female, "bite", nil),
    ] as [(FileNameCode, String, String, String, Gender, String, String?)])
  func codes(
    code: FileNameCode, file: String, label: String, speaker: String, gender: Gender,
    sentence: String, intensity: String?
  ) throws {
    let corpus = try load(code, [file])
    let utterance = try #require(corpus.utterances.first)
    #expect(corpus.skipped.isEmpty)
    #expect(utterance.id == file)
    #expect((utterance.label, utterance.speaker) == (label, speaker))
    #expect((utterance.gender, utterance.language) == (gender, "en"))
    #expect((utterance.sentence, utterance.intensity) == (sentence, intensity))
  }

  @Test("names that are not the corpus's, and codes that it does not have, are skipped with reason")
  func oddNames() throws {
    func reasons(_ code: FileNameCode, _ files: [String]) throws -> [String] {
      try load(code, files).skipped.map(\.reason)
    }
    #expect(
      try reasons(
        .cremad,
        [
          "1001_DFA_ANG_XX.wav", "1092_DFA_ANG_XX.wav", "1001_AFD_ANG_XX.wav",
          "1001_DFA_JOY_XX.wav", "1001_DFA_ANG_ZZ.wav", "1001_DFA_ANG.wav", "test.wav",
        ])
        == [
          "CREMA-D has no sentence AFD.",
          "Its name is not of CREMA-D's form AAAA_SSS_EEE_LL.wav.",
          "CREMA-D has no level ZZ.", "CREMA-D has no emotion JOY.", "CREMA-D has no actor 1092.",
          "Its name is not of CREMA-D's form AAAA_SSS_EEE_LL.wav.",
        ])
    #expect(
      try reasons(.savee, ["DC/a01.wav", "XX/a01.wav", "DC/x01.wav", "DC/a1.wav", "a01.wav"])
        == [
          "Its name is not of SAVEE's form SP/ENN.wav or SP_ENN.wav.",
          "SAVEE has no emotion x.", "SAVEE has no speaker XX.",
          "Its name is not of SAVEE's form SP/ENN.wav or SP_ENN.wav.",
        ])
    #expect(
      try reasons(
        .tess,
        ["OAF_back_fear.wav", "MAF_back_fear.wav", "OAF_back_bored.wav", "OAF_fear.wav"])
        == [
          "TESS has no talker MAF.", "TESS has no emotion bored.",
          "Its name is not of TESS's form TTT_word_emotion.wav.",
        ])
  }

  @Test(
    "of a clip in several forms the one that lost least is used: CREMA-D comes as WAV, MP3, FLV")
  func copies() throws {
    let corpus = try load(
      .cremad,
      [
        "AudioMP3/1001_DFA_ANG_XX.mp3", "AudioWAV/1001_DFA_ANG_XX.wav",
        "VideoFlash/1001_DFA_ANG_XX.flv", "VideoFlash/1002_DFA_ANG_XX.flv",
      ])
    #expect(
      corpus.utterances.map(\.id) == [
        "AudioWAV/1001_DFA_ANG_XX.wav", "VideoFlash/1002_DFA_ANG_XX.flv",
      ])
    let reason =
      "It is a second copy of AudioWAV/1001_DFA_ANG_XX.wav: CREMA-D has each name once."
    #expect(
      corpus.skipped == [
        SkippedFile(id: "AudioMP3/1001_DFA_ANG_XX.mp3", reason: reason),
        SkippedFile(id: "VideoFlash/1001_DFA_ANG_XX.flv", reason: reason),
      ])
  }

  @Test("SAVEE's four speakers use the same names, and TESS lies twice in common archives")
  func sameNames() throws {
    let savee = try load(.savee, ["DC/a01.wav", "JE/a01.wav", "ALL/DC_a01.wav"])
    #expect(savee.utterances.map(\.id) == ["ALL/DC_a01.wav", "JE/a01.wav"])
    let tess = try load(.tess, ["TESS/OAF_a_sad.wav", "TESS/TESS/OAF_a_sad.wav"])
    #expect(tess.utterances.count == 1)
  }

  @Test("each built-in label space has a class for every label, or leaves it out on purpose")
  func spaces() throws {
    let labels = [
      "cremad": ["anger", "disgust", "fear", "happy", "neutral", "sad"],
      "savee": ["anger", "disgust", "fear", "happiness", "neutral", "sadness", "surprise"],
      "tess": ["angry", "disgust", "fear", "happy", "neutral", "pleasant surprise", "sad"],
    ]
    func classes(_ space: String, _ corpus: String) throws -> [String?] {
      let space = try #require(LabelSpace.builtIn(space))
      return try #require(labels[corpus]).map { label in
        switch space.decide(label, corpus: corpus) {
        case .mapped(let index): space.classes[index]
        case .dropped: nil
        case .unknown: "unknown"
        }
      }
    }
    let three = ["negative", "negative", "negative", "positive", "neutral"]
    #expect(try classes("sentiment3", "cremad") == three + ["negative"])
    #expect(try classes("sentiment3", "savee") == three + ["negative", nil])
    #expect(try classes("sentiment3", "tess") == three + ["positive", "negative"])
    #expect(
      try classes("meld7", "tess") == [
        "anger", "disgust", "fear", "joy", "neutral", "surprise", "sadness",
      ])
    #expect(
      try classes("ekman6", "savee") == [
        "anger", "disgust", "fear", "happiness", nil, "sadness", "surprise",
      ])
    #expect(try classes("emotion4", "cremad") == ["angry", nil, nil, "happy", "neutral", "sad"])
  }
}

/// The names of every file, as EmoBox's lists have them, against the counts that were published.
@Suite(
  "Published names of CREMA-D, SAVEE and TESS",
  .enabled(if: SharedData.isThere, "needs EmoBox's lists"))
struct PublishedNameTests {
  /// The corpus of all files that EmoBox's first fold lists, empty as they are.
  private func corpus(_ code: FileNameCode, _ name: String) throws -> (
    corpus: Corpus, emotions: [String: String]
  ) {
    struct Line: Decodable {
      let wav: String
      let emo: String
    }
    var emotions: [String: String] = [:]
    for side in ["train", "test"] {
      let url = try SharedData.url("emobox/\(name)/fold_1/\(name)_\(side)_fold_1.jsonl")
      for line in try Data(contentsOf: url).split(separator: UInt8(ascii: "\n")) {
        let item = try JSONDecoder().decode(Line.self, from: line)
        emotions[item.wav.split(separator: "/").last.map(String.init) ?? ""] = item.emo
      }
    }
    return try TemporaryFolder.with { folder in
      try folder.touch(Array(emotions.keys))
      return (
        try CorpusLoader.load(
          CorpusOptions(name: name, adapter: .fileName(code), path: folder.url)),
        emotions
      )
    }
  }

  private func counts(_ corpus: Corpus, _ key: (Utterance) -> String?) -> [String: Int] {
    corpus.utterances.reduce(into: [:]) { $0[key($1) ?? "", default: 0] += 1 }
  }

  @Test("CREMA-D: 7442 clips of 48 men and 43 women, 1271 of each emotion and 1087 neutral")
  func cremad() throws {
    let (corpus, emotions) = try corpus(.cremad, "cremad")
    #expect(corpus.skipped.isEmpty)
    #expect(corpus.utterances.count == 7442)
    #expect(
      counts(corpus, \.label) == [
        "anger": 1271, "disgust": 1271, "fear": 1271, "happy": 1271, "neutral": 1087, "sad": 1271,
      ])
    #expect(counts(corpus, \.speaker).count == 91)
    let women = Set(corpus.utterances.filter { $0.gender == .female }.compactMap(\.speaker))
    #expect(women.count == 43)
    #expect(counts(corpus, \.sentence).count == 12)
    #expect(counts(corpus, \.intensity) == ["": 6077, "high": 455, "low": 455, "medium": 455])
    expectSameEmotions(corpus, emotions)
  }

  @Test("SAVEE: 480 utterances of four men, 60 of each emotion and 120 neutral")
  func savee() throws {
    let (corpus, emotions) = try corpus(.savee, "savee")
    #expect(corpus.skipped.isEmpty)
    #expect(
      counts(corpus, \.label) == [
        "anger": 60, "disgust": 60, "fear": 60, "happiness": 60, "neutral": 120, "sadness": 60,
        "surprise": 60,
      ])
    #expect(counts(corpus, \.speaker) == ["DC": 120, "JE": 120, "JK": 120, "KL": 120])
    expectSameEmotions(corpus, emotions)
  }

  @Test("TESS: 2800 utterances of two women, 400 of each emotion, 200 words")
  func tess() throws {
    let (corpus, emotions) = try corpus(.tess, "tess")
    #expect(corpus.skipped.isEmpty)
    #expect(
      counts(corpus, \.label) == [
        "angry": 400, "disgust": 400, "fear": 400, "happy": 400, "neutral": 400,
        "pleasant surprise": 400, "sad": 400,
      ])
    #expect(counts(corpus, \.speaker) == ["OAF": 1400, "YAF": 1400])
    #expect(counts(corpus, \.sentence).count == 200)
    expectSameEmotions(corpus, emotions)
  }

  /// The label that EmoBox gives each file means the same class as ours.
  private func expectSameEmotions(_ corpus: Corpus, _ emotions: [String: String]) {
    let letters = [
      "a": "anger", "d": "disgust", "f": "fear", "h": "happiness", "n": "neutral", "sa": "sadness",
      "su": "surprise",
    ]
    guard let space = LabelSpace.builtIn("meld7") else { return }
    for utterance in corpus.utterances {
      let theirs = emotions[utterance.id] ?? ""
      #expect(
        space.decide(letters[theirs] ?? theirs, corpus: "x")
          == space.decide(utterance.label, corpus: "x"), "\(utterance.id)")
    }
  }
}
