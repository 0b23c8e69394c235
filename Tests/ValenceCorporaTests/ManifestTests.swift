import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceCorpora

@Suite("Manifests")
struct ManifestTests {
  /// Loads a manifest beside the files `a.wav`, `b.wav` and `deep/c.wav`.
  private func load(
    _ manifest: String, columns: [String: String] = [:], path: String = "manifest.csv"
  ) throws -> Corpus {
    try TemporaryFolder.with { folder in
      try folder.touch(["a.wav", "b.wav", "deep/c.wav"])
      try folder.write(["manifest.csv": manifest])
      return try CorpusLoader.load(
        CorpusOptions(
          name: "mine", adapter: .manifest(columns: columns),
          path: path.isEmpty ? folder.url : folder.url.appending(path: path)))
    }
  }

  /// The problems of a manifest, without key and folder, `2: …` for its second line; `accepted`
  /// where there are none.
  private func refusals(_ manifest: String, columns: [String: String] = [:]) -> [String] {
    do {
      _ = try load(manifest, columns: columns)
      return ["accepted"]
    } catch let errors as CorpusErrors {
      return errors.all.map { error in
        let parts = error.description.split(separator: "/manifest.csv:", maxSplits: 1)
        return parts.last?.trimmingCharacters(in: .whitespaces) ?? ""
      }
    } catch {
      return ["\(error)"]
    }
  }

  @Test("a row gives everything that its columns say")
  func whole() throws {
    let corpus = try load(
      """
      file,speaker,emotion,gender,sentence,intensity,language,start,end,split,duration_s
      deep/c.wav,s1,Angry,F,t1,strong,en,0.5,2,dev,9
      a.wav,,sad,,,,,,,,3

      """)
    let (plain, full) = (
      try #require(corpus.utterances.first), try #require(corpus.utterances.last)
    )
    #expect(plain.id == "a.wav")
    #expect((plain.speaker, plain.gender, plain.split) == (nil, nil, nil))
    #expect(plain.span == nil)
    #expect(full.id == "deep/c.wav#0.5-2.0")
    #expect(full.span == 0.5...2)
    #expect((full.label, full.speaker, full.gender) == ("angry", "s1", .female))
    #expect((full.sentence, full.intensity, full.language) == ("t1", "strong", "en"))
    #expect(full.split == .validation)
    #expect(full.file.path.hasSuffix("/deep/c.wav"))
  }

  @Test("a folder stands for the manifest.csv in it, and columns may be renamed")
  func renamed() throws {
    let corpus = try load(
      "path,label,who\n./deep/../a.wav,joy,x\n",
      columns: [
        "file": "path", "emotion": "label", "speaker": "who",
      ], path: "")
    #expect(corpus.utterances.map(\.id) == ["a.wav"])
    #expect(corpus.utterances.map(\.speaker) == ["x"])
  }

  @Test("columns that are missing or mistyped are named with the nearest word")
  func columns() {
    #expect(
      refusals("file,emotoin\na.wav,sad\n") == [
        "there is no column 'emotion'; did you mean emotoin?"
      ])
    #expect(
      refusals("file,emotion,speakr\na.wav,sad,x\n") == [
        "the column 'speakr' is not one that Valence reads; did you mean speaker "
          + "(speaker: speakr)?"
      ])
    #expect(
      refusals("file,emotion\na.wav,sad\n", columns: ["speaker": "who"]) == [
        "there is no column 'who'; valid are file, emotion"
      ])
  }

  @Test("every faulty row is named with what is wrong")
  func rows() {
    #expect(
      refusals(
        """
        file,emotion,start,end,split
        a.wav,sad,2,1,
        a.wav,sad,one,2,
        a.wav,sad,1,,
        a.wav,sad,-1,2,
        nowhere.wav,sad,,,
        b.wav,,,,
        b.wav,sad,,,train
        b.wav,joy,,,train
        a.wav,sad,,,tset
        a.wav,sad,,inf,
        """) == [
          "7: its emotion is empty.",
          "6: there is no audio file 'nowhere.wav'.",
          "3: its start 'one' is not a number of seconds.",
          "5: its start '-1' is not a number of seconds.",
          "11: its end 'inf' is not a number of seconds.",
          "2: it starts at 2.0 s and ends at 1.0 s, not later.",
          "4: it has a start and no end.",
          "10: its split 'tset' is not one of train, validation, test.",
          "9: b.wav is on line 8 already.",
        ])
  }

  @Test(
    "lines are counted as an editor counts them: blank ones, breaks in a field, any line end",
    arguments: ["\n", "\r\n"])
  func lines(end: String) {
    let text = [
      "file,emotion,sentence", "", "a.wav,sad,\"two", "lines, \"\"quoted\"\"\"", "  \t", "b.wav,,",
      "\"\"",
      "b.wav,sad,\"", "\"", "b.wav,joy,",
    ].joined(separator: end)
    #expect(
      refusals(text) == ["6: its emotion is empty.", "10: b.wav is on line 8 already."])
    #expect(
      refusals(text + ",too many" + end) == [
        "10: this line has 4 fields, but the header names 3 columns."
      ])
  }

  @Test(
    "columns may be separated by semicolons or tabs, as spreadsheets write them, with lines counted alike",
    arguments: [";", "\t"])
  func separators(separator: String) throws {
    let text = "\u{FEFF}file,speaker,emotion,start\r\na.wav,\"x, y\",sad,\r\n,,,\r\n\r\n"
    let table = text.replacing(",", with: separator).replacing("x\(separator) y", with: "x, y")
    let row = "b.wav,y,joy,0.5\r\n".replacing(",", with: separator)
    // A row of separators is a row, and nothing in it.
    #expect(refusals(table + row) == ["3: its file is empty.", "5: it has a start and no end."])
    let corpus = try load(table.replacing(",,,\r\n".replacing(",", with: separator), with: ""))
    #expect(corpus.utterances.map(\.speaker) == ["x, y"])
    // A decimal comma is no number, and said to be none.
    #expect(
      refusals(table.prefix { $0 != "\r\n" } + "\r\n" + row.replacing("0.5", with: "0,5"))
        == ["2: its start '0,5' is not a number of seconds."])
    #expect(refusals("file,emotion,a\(separator)b\na.wav,sad,x\n") == ["accepted"])
  }

  @Test("paths may be written as on Windows, unless a file is called so")
  func windowsPaths() throws {
    let corpus = try load("file,emotion\ndeep\\c.wav,sad\n.\\a.wav,sad\n")
    #expect(corpus.utterances.map(\.id) == ["a.wav", "deep/c.wav"])
    #expect(
      refusals("file,emotion\nno\\c.wav,sad\n") == ["2: there is no audio file 'no\\c.wav'."])
  }

  @Test("the words of a manifest's columns are those that are read")
  func words() {
    #expect(
      CorpusOptions.Adapter.manifestColumns == [
        "file", "speaker", "emotion", "gender", "sentence", "intensity", "language", "start", "end",
        "split",
      ])
  }

  @Test("the same fault in many rows is told three times and then counted")
  func many() {
    let rows = (1...9).map { "x\($0).wav,sad\n" }.joined()
    let refused = refusals("file,emotion\n" + rows)
    #expect(refused.count == 4)
    #expect(refused.last == "6 further lines are wrong as line 2 is.")
    #expect(
      refusals("file,emotion\n" + (1...4).map { "x\($0).wav,sad\n" }.joined()).last
        == "1 further line is wrong as line 2 is.")
  }

  @Test("a manifest that is no table, has no rows or is not there is refused")
  func unreadable() {
    #expect(
      refusals("file,emotion\na.wav\n") == [
        "2: this line has 1 field, but the header names 2 columns."
      ])
    #expect(refusals("file,emotion\n") == ["this manifest has no rows below its header."])
    #expect(refusals("") == ["this file is empty; its first line should name the columns."])
    #expect(throws: CorpusErrors.self) {
      try load("file,emotion\na.wav,sad\n", path: "other.csv")
    }
  }
}
