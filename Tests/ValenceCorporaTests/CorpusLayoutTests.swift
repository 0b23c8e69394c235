import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceCorpora

@Suite("The layout of a folder of speech")
struct CorpusLayoutTests {
  /// What a layout says, without the folder's own path.
  private struct Found: Equatable {
    var adapter: CorpusOptions.Adapter
    var labels: Set<String>
    var speakers: Set<String>
    var utterances: Int
  }

  private func find(
    _ files: [String], _ texts: [String: String] = [:]
  ) throws -> (found: Found, layout: CorpusLayout) {
    try TemporaryFolder.with { folder in
      try folder.touch(files)
      try folder.write(texts)
      let layout = try CorpusLayout.find(in: folder.url, named: "mine")
      let utterances = layout.corpus.utterances
      let found = Found(
        adapter: layout.options.adapter, labels: Set(utterances.map(\.label)),
        speakers: Set(utterances.compactMap(\.speaker)), utterances: utterances.count)
      return (found, layout)
    }
  }

  /// `pattern` with speakers, classes and numbers put in for S, C and N.
  private func names(
    _ pattern: String, speakers: [String], classes: [String], count: Int = 3
  ) -> [String] {
    speakers.flatMap { speaker in
      classes.flatMap { label in
        (1...count).map { number in
          pattern.replacing("S", with: speaker).replacing("C", with: label)
            .replacing("N", with: "0\(number)")
        }
      }
    }
  }

  private let people = ["anna", "ben", "cleo", "dan"]
  private let emotions = ["angry", "happy", "sad"]

  @Test(
    "paths that say class and speaker are read, wherever these stand",
    arguments: [
      ("C/S_N.wav", "^(?<speaker>[^/._]+)", nil),
      ("C/S/N.wav", "^(?<speaker>[^/]+)/", nil),
      ("S/C/N.wav", "^(?<speaker>[^/]+)/", "^[^/]+/(?<emotion>[^/]+)/"),
      ("S_C_N.wav", "^(?<speaker>[^/._]+)", "^[^/._]+_+(?<emotion>[^/._]+)"),
      ("N-S-C.flac", "^[^/.-]+-+(?<speaker>[^/.-]+)", "^(?:[^/.-]+-+){2}(?<emotion>[^/.-]+)"),
      ("S CN.wav", "^(?<speaker>[^/. ]+)", "^[^/. ]+ +(?<emotion>[^/.0-9 ]+)"),
      ("S/CN.wav", "^(?<speaker>[^/]+)/", "(?:^|/)(?<emotion>[^/.0-9]+)[^/]*$"),
    ] as [(String, String, String?)])
  func paths(pattern: String, speaker: String, emotion: String?) throws {
    let (found, layout) = try find(names(pattern, speakers: people, classes: emotions))
    #expect(
      found
        == Found(
          adapter: .folders(
            speaker: try PathPattern(speaker, group: "speaker"),
            emotion: try emotion.map { try PathPattern($0, group: "emotion") }),
          labels: Set(emotions),
          speakers: Set(people), utterances: 36))
    #expect(layout.findings.contains { $0.contains("The speaker seems to be") })
  }

  @Test("numbers of four digits at the beginning of names with emotion codes are speakers")
  func codes() throws {
    let people = ["1001", "1002", "1091"]
    let (found, _) = try find(
      names("S_tie_C_N.wav", speakers: people, classes: ["ang", "dis", "sad"]))
    #expect(found.labels == ["ang", "dis", "sad"])
    #expect(found.speakers == Set(people))
  }

  @Test("words of names of different length are counted from the end where only that fits")
  func fromTheEnd() throws {
    let files = ["very big dog", "cat", "old man"].flatMap { sentence in
      people.flatMap { person in emotions.map { "\(sentence)_\(person)_\($0).wav" } }
    }
    let (found, _) = try find(files)
    #expect(found.labels == Set(emotions))
    #expect(found.speakers == Set(people))
  }

  @Test("folders with names that are no known emotions are classes, which is said to be a guess")
  func unknownWords() throws {
    let (found, layout) = try find(
      names("C/S_N.wav", speakers: people, classes: ["Wut", "Freude", "Überraschung"]))
    #expect(found.labels == ["wut", "freude", "überraschung"])
    #expect(found.speakers == Set(people))
    #expect(
      layout.findings[0]
        == "The class is the folder that a file is in, as it seems; check this, for its words are "
        + "none that Valence knows as emotions.")
    let sessions = try find(
      names("Actor_S/C/N.wav", speakers: ["01", "02", "03"], classes: ["wut", "freude"])
    ).found
    #expect(sessions.labels == ["wut", "freude"])
    #expect(sessions.speakers == ["Actor_01", "Actor_02", "Actor_03"])
  }

  @Test("numbers, intensities and sentences are not taken for speakers")
  func noSpeakers() throws {
    for pattern in ["C/take_N.wav", "C/N.wav", "C/normal_N.wav"] {
      let (found, layout) = try find(names(pattern, speakers: ["x"], classes: emotions, count: 9))
      #expect(found.adapter == .folders(speaker: nil))
      #expect(layout.findings.last == "Nothing says who speaks.")
    }
    let (found, layout) = try find(
      names("C/S_N.wav", speakers: ["anna", "ben"], classes: emotions, count: 4))
    #expect(found.adapter == .folders(speaker: nil))
    #expect(
      layout.findings.last
        == "There are only 2 speakers (anna and ben), too few to keep one for the test and one for "
        + "validation, so they are not told apart.")
  }

  @Test("published corpora are known by their names, songs, videos and other files or not")
  func published() throws {
    var files = ["README.txt"]
    for actor in ["01", "02", "03"] {
      for emotion in ["03", "04", "05"] {
        files.append("Actor_\(actor)/03-01-\(emotion)-01-01-01-\(actor).wav")
        files.append("Actor_\(actor)/03-02-\(emotion)-01-01-01-\(actor).wav")
      }
    }
    let (found, layout) = try find(files)
    #expect(found.adapter == .fileName(.ravdess))
    #expect(found.utterances == 9)
    #expect(layout.corpus.skipped.count == 9)
    #expect(layout.otherFiles == ["README.txt"])
    #expect(
      layout.findings == ["The files are named as those of the published corpus ravdess."])
    let emovo = names(
      "C-S-b1.wav", speakers: ["f1", "f2", "m1"], classes: ["rab", "gio"], count: 1)
    #expect(try find(emovo).found.adapter == .fileName(.emovo))
  }

  @Test("a table of the files is read whatever its columns are called, manifest.csv before others")
  func tables() throws {
    let files = ["a 1.wav", "b 2.wav", "c 3.wav"]
    let own = "Path,Label,spk,age\na 1.wav,angry,x,30\nb 2.wav,sad,y,40\nc 3.wav,sad,z,50\n"
    let (found, layout) = try find(files, ["liste.csv": own, "other.csv": "a;b\n1;2\n"])
    #expect(
      found.adapter
        == .manifest(columns: ["file": "Path", "emotion": "Label", "speaker": "spk"]))
    #expect(layout.options.path.lastPathComponent == "liste.csv")
    #expect(found.speakers == ["x", "y", "z"])
    #expect(layout.otherFiles == ["other.csv"])
    #expect(layout.findings.last == "Its column age is not read.")
    #expect(
      layout.findings == [
        "liste.csv says of each utterance: file (column Path), speaker (column spk), emotion (column "
          + "Label).", "Its column age is not read.",
      ])
    let plain = "file,emotion\na 1.wav,angry\nb 2.wav,sad\n"
    let both = try find(files, ["a.csv": own, "manifest.csv": plain])
    #expect(both.found.adapter == .manifest(columns: [:]))
    #expect(both.found.utterances == 2)
    #expect(both.layout.findings.last == "It does not name 1 of 3 audio files.")
  }

  @Test("a spreadsheet's table is read: semicolons, a byte order mark, paths and words of its own")
  func spreadsheet() throws {
    let rows = [
      "Dateiname;Emotion;Sprecher;Alter", "ton\\a.wav;wütend;A;3,5", "ton\\b.wav;froh;B;4",
    ]
    let (found, layout) = try find(
      ["ton/a.wav", "ton/b.wav"],
      ["metadata.csv": "\u{FEFF}" + rows.joined(separator: "\r\n") + "\r\n"])
    #expect(
      found.adapter
        == .manifest(columns: ["file": "Dateiname", "emotion": "Emotion", "speaker": "Sprecher"]))
    #expect(layout.corpus.utterances.map(\.id) == ["ton/a.wav", "ton/b.wav"])
    #expect(found.labels == ["wütend", "froh"])
    #expect(found.speakers == ["A", "B"])
  }

  @Test("a table that cannot be read as a list of the speech is named with the reason")
  func unusableTables() throws {
    let files = names("C/S_N.wav", speakers: people, classes: emotions)
    let named = files.map { ($0.split(separator: "/").last ?? "") + ",x" }.joined(separator: "\n")
    for (text, remark) in [
      (
        "name,emotion\n" + named,
        "liste.csv is not read: it names the audio files otherwise than by their paths from its folder "
          + "(anna_01.wav)."
      ),
      (
        "name,age\n" + files.map { $0 + ",30" }.joined(separator: "\n"),
        "liste.csv is not read: no column of it is called emotion or holds words for emotions."
      ),
      (
        "file,emotion\na.wav",
        "A table here is not read: liste.csv:2: this line has 1 field, but the header names 2 columns."
      ),
    ] {
      let (found, layout) = try find(files, ["liste.csv": text])
      #expect(found.speakers == Set(people))
      #expect(layout.findings.last == remark)
    }
    let (_, other) = try find(files, ["other.csv": "a,b\n1,2\n"])
    #expect(!other.findings.contains { $0.contains("other.csv") })
  }

  @Test("a manifest that names a missing file is refused with its line")
  func wrongTable() throws {
    let text = "file,emotion\na.wav,angry\nb.wav,sad\nc.wav,sad\n"
    let problems = #expect(throws: Problems.self) {
      try find(["a.wav", "b.wav"], ["manifest.csv": text])
    }
    #expect(
      problems?.description.hasSuffix("manifest.csv:4: there is no audio file 'c.wav'.") == true)
  }

  @Test("a folder without speech, or without classes, is refused in a sentence")
  func refused() throws {
    func sentence(_ files: [String]) throws -> String {
      try TemporaryFolder.with { folder in
        try folder.touch(files)
        let problems = #expect(throws: Problems.self) {
          try CorpusLayout.find(in: folder.url, named: "mine")
        }
        return problems?.description.replacing(folder.url.path, with: "DIR") ?? ""
      }
    }
    #expect(
      try sentence(["notes.txt"])
        == "DIR: there is no audio file in this folder; name a folder with speech as WAV, FLAC, Ogg, "
        + "Opus, MP3 or AIFF.")
    #expect(
      try sentence(["1.wav", "2.wav", "3.wav"])
        == "DIR: nothing here says which emotion a file has; put each class into a folder of its own "
        + "(angry/a.wav), name the class in the file names (anna_angry_01.wav), or write a "
        + "manifest.csv with the columns file, emotion and speaker.")
    // Whoever speaks is no emotion, where all are angry.
    #expect(
      try sentence(names("C/S_N.wav", speakers: people, classes: ["angry"], count: 9))
        == "DIR: every audio file here is 'angry'; it takes two classes or more.")
    // Speaker and emotion run together.
    #expect(
      try sentence(names("ton/SC_N.wav", speakers: ["A", "B", "C"], classes: ["a", "h", "s"]))
        .hasPrefix("DIR: nothing here says which emotion a file has;"))
  }
}
