import Foundation
import Testing
import ValenceTestSupport

@testable import ValenceCorpora

@Suite("Which files of a folder are utterances")
struct ReadableFileTests {
  @Test(
    "whatever the reader reads is an utterance, whatever is named as sound and not read is named")
  func folders() throws {
    try TemporaryFolder.with { folder in
      let read = [
        "wav", "WAV", "flac", "aiff", "caf", "sph", "ogg", "opus", "mp3", "mp2", "m4a", "m4b",
        "mp4",
        "mov", "3gp", "3g2", "3ga", "mka", "mkv", "webm", "ts", "mts", "aac", "ac3", "amr", "wma",
        "wmv", "spx", "wv", "mpg", "flv",
      ]
      let unread = ["ra", "ape", "dss", "vox", "mid"]
      let other = ["txt", "csv", "TextGrid", "png", "json"]
      for (index, ending) in (read + unread + other).enumerated() {
        let kind = index % 2 == 0 ? "angry" : "sad"
        try folder.write(["\(kind)/\(index).\(ending)": "x"])
      }
      let corpus = try CorpusLoader.load(
        CorpusOptions(name: "c", adapter: .folders(speaker: nil, emotion: nil), path: folder.url))
      let endings = corpus.utterances.map { ($0.id as NSString).pathExtension }
      #expect(endings.sorted() == read.sorted())
      let named = corpus.skipped.map { ($0.id as NSString).pathExtension }
      #expect(named.sorted() == unread.sorted())
      #expect(
        Set(corpus.skipped.map(\.reason)) == [
          "Its name is that of audio in a form that is not read; convert it to WAV."
        ])
    }
  }

  @Test("a file of a class whose name has no extension is named, and others of no sound are not")
  func withoutExtension() throws {
    try TemporaryFolder.with { folder in
      for name in [
        "angry/a.wav", "sad/b.wav", "angry/c", "sad/deep/d.1", "sad/e.txt", "README", "sad/.f",
      ] {
        try folder.write([name: "x"])
      }
      let corpus = try CorpusLoader.load(
        CorpusOptions(name: "c", adapter: .folders(speaker: nil, emotion: nil), path: folder.url))
      #expect(corpus.utterances.map(\.id) == ["angry/a.wav", "sad/b.wav"])
      #expect(corpus.skipped.map(\.id) == ["angry/c", "sad/deep/d.1"])
      #expect(
        Set(corpus.skipped.map(\.reason)) == [
          "Its name has no extension; if it is audio, give it the one of its format, such as .wav."
        ])
    }
  }
}
