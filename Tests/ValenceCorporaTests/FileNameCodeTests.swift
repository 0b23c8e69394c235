import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceCorpora

@Suite("Corpora that say in their file names what was spoken")
struct FileNameCodeTests {
  private func load(
    _ code: FileNameCode, _ files: [String], name: String = "mine"
  ) throws -> Corpus {
    try TemporaryFolder.with { folder in
      try folder.touch(files)
      return try CorpusLoader.load(
        CorpusOptions(name: name, adapter: .fileName(code), path: folder.url))
    }
  }

  @Test("a RAVDESS name gives emotion, intensity, sentence, actor and gender")
  func ravdess() throws {
    let corpus = try load(
      .ravdess, ["Actor_12/03-01-06-02-01-02-12.wav", "Actor_07/03-01-02-01-02-01-07.FLAC"])
    let calm = try #require(corpus.utterances.first)
    let fearful = try #require(corpus.utterances.last)
    #expect(corpus.utterances.count == 2)
    #expect(corpus.skipped.isEmpty)
    #expect(calm.id == "Actor_07/03-01-02-01-02-01-07.FLAC")
    #expect((calm.label, calm.speaker, calm.gender) == ("calm", "07", .male))
    #expect((calm.intensity, calm.sentence, calm.language) == ("normal", "02", "en"))
    #expect((fearful.label, fearful.speaker, fearful.gender) == ("fearful", "12", .female))
    #expect((fearful.intensity, fearful.sentence) == ("strong", "01"))
  }

  @Test("the second copy of a RAVDESS file is skipped with the reason")
  func copies() throws {
    let name = "03-01-05-01-01-01-01.wav"
    let corpus = try load(
      .ravdess, ["Actor_01/\(name)", "audio_speech_actors_01-24/Actor_01/\(name)"])
    #expect(corpus.utterances.map(\.id) == ["Actor_01/\(name)"])
    #expect(
      corpus.skipped == [
        SkippedFile(
          id: "audio_speech_actors_01-24/Actor_01/\(name)",
          reason: "It is a second copy of Actor_01/\(name): RAVDESS has each name once.")
      ])
  }

  @Test("RAVDESS video, song, unknown codes and foreign names are skipped, each with its reason")
  func skips() throws {
    let corpus = try load(
      .ravdess,
      [
        "03-01-05-01-01-01-01.wav", "01-01-05-01-01-01-01.mp4", "03-02-05-01-01-01-01.wav",
        "03-01-09-01-01-01-01.wav", "03-01-05-03-01-01-01.wav", "03-01-05-01-01-01-25.wav",
        "noise.wav", "README.md", "manifest.csv", ".hidden.wav",
        "__MACOSX/._03-01-05-01-01-01-01.wav", ".git/03-01-05-01-01-01-03.wav",
      ])
    #expect(corpus.utterances.map(\.id) == ["03-01-05-01-01-01-01.wav"])
    let reasons = Dictionary(uniqueKeysWithValues: corpus.skipped.map { ($0.id, $0.reason) })
    #expect(
      reasons == [
        "01-01-05-01-01-01-01.mp4":
          "It is video (modality 01); the audio-only files (03) are used.",
        "03-02-05-01-01-01-01.wav":
          "It is song (vocal channel 02); the speech files (01) are used.",
        "03-01-09-01-01-01-01.wav": "RAVDESS has no emotion 09.",
        "03-01-05-03-01-01-01.wav": "RAVDESS has no intensity 03.",
        "03-01-05-01-01-01-25.wav": "RAVDESS has no actor 25.",
        "noise.wav": "Its name is not of RAVDESS's form 03-01-EE-II-SS-RR-AA.wav.",
      ])
  }

  @Test(
    "each published name gives what its code says",
    arguments: [
      (FileNameCode.emovo, "m3/gio-m3-d2.wav", "joy", "m3", .male, "d2", "it"),
      (.emovo, "rab-f1-n5.flac", "anger", "f1", .female, "n5", "it"),
      (.emovo, "sor-f2-l4.wav", "surprise", "f2", .female, "l4", "it"),
      (.urdu, "Angry/SM4_F12_A0100.wav", "angry", "SM4", .male, nil, "ur"),
      (.urdu, "SF10_F1_S01.flac", "sad", "SF10", .female, nil, "ur"),
      (.emodb, "wav/03a01Wa.wav", "anger", "03", .male, "a01", "de"),
      (.emodb, "16b10Lb.wav", "boredom", "16", .female, "b10", "de"),
      (.emodb, "08b02Ec.wav", "disgust", "08", .female, "b02", "de"),
    ] as [(FileNameCode, String, String, String, Gender, String?, String)])
  func codes(
    code: FileNameCode, file: String, label: String, speaker: String, gender: Gender,
    sentence: String?, language: String
  ) throws {
    let utterance = try #require(try load(code, [file]).utterances.first)
    #expect(utterance.id == file)
    #expect((utterance.label, utterance.speaker) == (label, speaker))
    #expect((utterance.gender, utterance.sentence) == (gender, sentence))
    #expect(utterance.language == language)
  }

  @Test("a code letter that the corpus does not have is skipped, not guessed")
  func unknownCodes() throws {
    let emodb = try load(.emodb, ["03a01Wa.wav", "03a01Ja.wav", "05a01Wa.wav", "03a01wa.wav"])
    #expect(
      emodb.skipped.map(\.reason) == [
        "EmoDB has no emotion J.", "Its name is not of EmoDB's form SSTTTEv.wav.",
        "EmoDB has no speaker 05.",
      ])
    let emovo = try load(
      .emovo, ["neu-f1-b1.wav", "neu-f4-b1.wav", "neu-f1-x1.wav", "abc-f1-b1.wav"])
    #expect(
      emovo.skipped.map(\.reason) == [
        "Its name is not of EMOVO's form EEE-SP-TT.wav.", "EMOVO has no sentence x1.",
        "EMOVO has no speaker f4.",
      ])
    let urdu = try load(.urdu, ["SM1_F1_A01.wav", "SM1_F1_X01.wav", "SX1_F1_A01.wav"])
    #expect(
      urdu.skipped.map(\.reason) == [
        "URDU has no emotion X.", "Its name is not of URDU's form SGX_FXX_EYY.wav.",
      ])
  }

  @Test("a folder without one name of the corpus is refused with the path and the form expected")
  func nothingThere() throws {
    try TemporaryFolder.with { folder in
      try folder.touch(["a.wav", "b.wav", "notes.txt"])
      let problems = #expect(throws: CorpusErrors.self) {
        try CorpusLoader.load(
          CorpusOptions(name: "ravdess", adapter: .fileName(.ravdess), path: folder.url))
      }
      #expect(
        problems?.description
          == "path: \(folder.url.path): no file here is named as RAVDESS names them "
          + "(03-01-EE-II-SS-RR-AA.wav); 2 audio files are here.")
    }
  }

  @Test("a path that is missing or a file is refused")
  func badPaths() throws {
    try TemporaryFolder.with { folder in
      try folder.touch(["a.wav"])
      for (path, sentence) in [
        ("nowhere", "there is no such file or folder; is the path right?"),
        ("a.wav", "this is a file; the path should be the corpus folder."),
      ] {
        let url = folder.url.appending(path: path)
        let problems = #expect(throws: CorpusErrors.self) {
          try CorpusLoader.load(CorpusOptions(name: "x", adapter: .fileName(.emovo), path: url))
        }
        #expect(problems?.description == "path: \(url.path): \(sentence)")
      }
    }
  }

  @Test("links to folders are followed, and a link in a circle does not hang")
  func links() throws {
    try TemporaryFolder.with { folder in
      try folder.touch(["store/03a01Wa.wav", "corpus/03a01Na.wav"])
      let files = FileManager.default
      try files.createSymbolicLink(
        at: folder.url.appending(path: "corpus/more"),
        withDestinationURL: folder.url.appending(path: "store"))
      try files.createSymbolicLink(
        at: folder.url.appending(path: "corpus/loop"),
        withDestinationURL: folder.url.appending(path: "corpus"))
      // It leads above the corpus, to what is none of it.
      try files.createSymbolicLink(
        at: folder.url.appending(path: "corpus/above"), withDestinationURL: folder.url)
      let corpus = try CorpusLoader.load(
        CorpusOptions(
          name: "x", adapter: .fileName(.emodb), path: folder.url.appending(path: "corpus")))
      #expect(corpus.utterances.map(\.id) == ["03a01Na.wav", "more/03a01Wa.wav"])
    }
  }

  @Test("synthetic.txt becomes a remark")
  func synthetic() throws {
    try TemporaryFolder.with { folder in
      try folder.write(["03a01Wa.wav": "", "synthetic.txt": "Made by a program.\nNo voice.\n"])
      let corpus = try CorpusLoader.load(
        CorpusOptions(name: "x", adapter: .fileName(.emodb), path: folder.url))
      #expect(corpus.remarks == ["Made by a program. No voice."])
      #expect(corpus.skipped.isEmpty)
    }
  }
}
