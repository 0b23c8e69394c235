import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceCorpora

@Suite("A folder a class")
struct ClassFolderTests {
  private func load(
    _ files: [String], speaker: String? = nil, emotion: String? = nil
  ) throws -> Corpus {
    try TemporaryFolder.with { folder in
      try folder.touch(files)
      return try CorpusLoader.load(
        CorpusOptions(
          name: "mine",
          adapter: .folders(
            speaker: try speaker.map { try PathPattern($0, group: "speaker") },
            emotion: try emotion.map { try PathPattern($0, group: "emotion") }), path: folder.url))
    }
  }

  private func refusal(_ files: [String], speaker: String?) -> String {
    do {
      _ = try load(files, speaker: speaker)
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  @Test("the first folder is the label, and files deeper down belong to it")
  func labels() throws {
    let corpus = try load([
      "Angry/a.wav", "Angry/deep/b.ogg", "sad/c.mp3", "loose.wav", "sad/n.txt",
    ])
    #expect(corpus.utterances.map(\.id) == ["Angry/a.wav", "Angry/deep/b.ogg", "sad/c.mp3"])
    #expect(corpus.utterances.map(\.label) == ["angry", "angry", "sad"])
    #expect(corpus.utterances.allSatisfy { $0.speaker == nil })
    #expect(corpus.skipped == [SkippedFile(id: "loose.wav", reason: "It is in no class folder.")])
  }

  @Test("the speaker comes from the path below the class folder")
  func speakers() throws {
    let files = ["very_angry/bob_1.wav", "sad/amy_2.wav"]
    let byName = try load(files, speaker: "^(?<speaker>[a-z]+)_")
    #expect(byName.utterances.map(\.speaker) == ["amy", "bob"])
    let byFolder = try load(["sad/s01/x.wav"], speaker: "^(?<speaker>[^/]+)/")
    #expect(byFolder.utterances.map(\.speaker) == ["s01"])
  }

  @Test("a speaker pattern that cannot work is refused in a sentence")
  func patterns() {
    let files = ["sad/amy_2.wav", "sad/7.wav", "sad/8.wav"]
    #expect(
      refusal(files, speaker: "^(?<speaker>[a-z]+)_")
        == "speaker: '^(?<speaker>[a-z]+)_' finds no speaker in '7.wav' and 1 other "
        + "file; it is tried on the path below the class folder.")
    #expect(
      refusal(files, speaker: "^([a-z]+)_")
        == "'^([a-z]+)_' has no group named speaker; write it as "
        + "(?<speaker>…).")
    #expect(
      refusal(files, speaker: "(?<speaker>[a-z").hasPrefix(
        "'(?<speaker>[a-z' is not a regular expression: "))
  }

  @Test("with a pattern for the emotion, class and speaker come from the whole path")
  func emotionPattern() throws {
    let corpus = try load(
      ["amy/angry_1.wav", "bob/Sad_2.wav", "bob/test.wav", "bob/notes.txt"],
      speaker: "^(?<speaker>[a-z]+)/", emotion: "/(?<emotion>[A-Za-z]+)_")
    #expect(corpus.utterances.map(\.id) == ["amy/angry_1.wav", "bob/Sad_2.wav"])
    #expect(corpus.utterances.map(\.label) == ["angry", "sad"])
    #expect(corpus.utterances.map(\.speaker) == ["amy", "bob"])
    #expect(
      corpus.skipped == [
        SkippedFile(id: "bob/test.wav", reason: "The pattern emotion finds no class in its path.")
      ])
  }

  @Test("an emotion pattern that finds nothing is refused in a sentence")
  func emptyEmotionPattern() {
    let problems = #expect(throws: CorpusErrors.self) {
      try load(["a.wav", "b.wav"], emotion: "_(?<emotion>[a-z]+)")
    }
    let text = problems?.description ?? ""
    #expect(
      text.hasPrefix(
        "emotion: '_(?<emotion>[a-z]+)' finds a class in no path of an audio file in /"))
    #expect(text.hasSuffix("; 2 audio files are here."))
    let unnamed = #expect(throws: PathPattern.Fault.self) {
      try load(["a.wav"], emotion: "_([a-z]+)")
    }
    #expect(
      unnamed?.description
        == "'_([a-z]+)' has no group named emotion; write it as (?<emotion>…)."
    )
  }

  @Test("a folder without class folders is refused")
  func empty() throws {
    try TemporaryFolder.with { folder in
      try folder.touch(["a.wav"])
      let problems = #expect(throws: CorpusErrors.self) {
        try CorpusLoader.load(
          CorpusOptions(name: "mine", adapter: .folders(speaker: nil), path: folder.url))
      }
      #expect(
        problems?.description
          == "path: \(folder.url.path): no folder here holds audio files; each class should "
          + "be a folder (angry/a.wav); 1 audio file is here.")
    }
  }
}
