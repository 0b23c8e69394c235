import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceCorpora

@Suite("Names of files, folders and speakers on disk")
struct NamesOnDiskTests {
  private static let composed = "\u{E9}mile"
  private static let decomposed = "e\u{301}mile"

  private func bytes(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

  @Test("names that differ in Unicode normalization are two files in an order of their own")
  func normalization() throws {
    try TemporaryFolder.with { folder in
      try folder.write(["sad/\(Self.decomposed).wav": ""])
      try folder.write(["sad/\(Self.composed).wav": ""])
      let corpus = try CorpusLoader.load(
        CorpusOptions(name: "mine", adapter: .folders(speaker: nil), path: folder.url))
      #expect(
        bytes(corpus.utterances.map(\.id))
          == bytes(["sad/\(Self.decomposed).wav", "sad/\(Self.composed).wav"]))
    }
  }

  private func manifest(_ names: [String], files: [String]) throws -> Result<[String], CorpusErrors>
  {
    try TemporaryFolder.with { folder in
      for file in files { try folder.write([file: ""]) }
      try folder.write(["manifest.csv": "file,emotion\n" + names.map { "\($0),sad\n" }.joined()])
      return Result { () throws(CorpusErrors) in
        try CorpusLoader.load(
          CorpusOptions(name: "mine", adapter: .manifest(columns: [:]), path: folder.url)
        ).utterances.map(\.id)
      }
    }
  }

  @Test(
    "a manifest finds the file that differs from its name in normalization only, if it is the only one"
  )
  func manifests() throws {
    let (composed, decomposed) = ("\(Self.composed)/a.wav", "\(Self.decomposed)/a.wav")
    #expect(bytes(try manifest([composed], files: [decomposed]).get()) == bytes([decomposed]))
    #expect(
      bytes(try manifest([composed, decomposed], files: [composed, decomposed]).get())
        == bytes([decomposed, composed]))
    let third = "\u{E9}\u{323}.wav"  // composed otherwise than either file
    let both = ["e\u{323}\u{301}.wav", "e\u{301}\u{323}.wav"]
    switch try manifest([third], files: both) {
    case .success(let ids): Issue.record("\(ids)")
    case .failure(let problems):
      #expect(
        problems.description.contains("2 files have this name in other Unicode normalizations"))
    }
  }

  @Test("names that are no UTF-8 are refused in a sentence, not listed and then missed")
  func latin() throws {
    try TemporaryFolder.with { folder in
      try folder.touch(["sad/a.wav"])
      let make = Process()
      make.executableURL = URL(filePath: "/bin/sh")
      make.arguments = [
        "-c", "touch \"$(printf 'sad/j\\374rgen.wav')\" \"$(printf 'sad/j\\366rgen.wav')\"",
      ]
      make.currentDirectoryURL = folder.url
      try make.run()
      make.waitUntilExit()
      do throws(CorpusErrors) {
        let corpus = try CorpusLoader.load(
          CorpusOptions(name: "mine", adapter: .folders(speaker: nil), path: folder.url))
        Issue.record("\(corpus.utterances.map(\.id))")
      } catch {
        #expect(
          error.description.hasSuffix(
            "the names sad/j\u{FFFD}rgen.wav and sad/j\u{FFFD}rgen.wav are no UTF-8, so nothing of that name "
              + "can be opened; rename them (convmv -r -f latin1 -t utf8 --notest)."), "\(error)")
      }
    }
  }

  @Test("folders that link to each other are each read once, by their own path, and that is said")
  func links() throws {
    try TemporaryFolder.with { folder in
      let names = (0..<9).map { "folder\($0)" }
      for name in names { try folder.write(["\(name)/\(name).wav": ""]) }
      for name in names {
        for other in names where other != name {
          try FileManager.default.createSymbolicLink(
            atPath: folder.url.appending(path: "\(name)/a-\(other)").path,
            withDestinationPath: "../\(other)")
        }
      }
      try FileManager.default.createSymbolicLink(
        atPath: folder.url.appending(path: "folder0/up").path, withDestinationPath: "../..")
      let found = try CorpusFolder(folder.url)
      #expect(found.files == names.map { "\($0)/\($0).wav" })
      #expect(found.links.count == 73)
      #expect(
        found.links.first
          == SkippedFile(
            id: "folder0/a-folder1", reason: "It is a link to folder1, which is read there."))
      #expect(
        found.links.contains(
          SkippedFile(
            id: "folder0/up", reason: "It is a link to a folder that contains the corpus.")))
    }
  }

  @Test("a folder outside is read through the link that leads to it, but once")
  func outside() throws {
    try TemporaryFolder.with { folder in
      try folder.touch(["elsewhere/sad/a.wav", "corpus/angry/b.wav"])
      for name in ["one", "two"] {
        try FileManager.default.createSymbolicLink(
          atPath: folder.url.appending(path: "corpus/\(name)").path,
          withDestinationPath: "../elsewhere")
      }
      let found = try CorpusFolder(folder.url.appending(path: "corpus"))
      #expect(found.files == ["angry/b.wav", "one/sad/a.wav"])
      #expect(found.links.map(\.id) == ["two"])
    }
  }

  @Test("names of speakers that may be one person's are told")
  func alike() {
    func remark(_ speakers: [String]) -> String? {
      AlikeSpeakers(
        Corpus(
          name: "mine", root: URL(filePath: "/"),
          utterances: speakers.enumerated().map {
            Utterance(id: "\($0)", filePath: "/\($0)", speaker: $1, label: "sad")
          })
      ).remark
    }
    #expect(
      remark(["anton", "Anton", "1", "01", "1.0", "eva"])
        == "mine: these speakers 01, 1 and 1.0; Anton and anton are counted as different people, though "
        + "their names are nearly the same; a person under two names may be both trained on and tested."
    )
    #expect(remark(["s1", "s01"]) != nil && remark(["J\u{FC}rgen", "Ju\u{308}rgen"]) == nil)
    #expect(remark(["Ren\u{E9}", "Rene", "a_b"]) != nil)
    #expect(remark(["s1", "s10", "s100", "s0", "s", "1.5", "15", "f1", "m1", "nan", "inf"]) == nil)
  }

  @Test("a pattern that backtracks without end is given up, with its key and the file")
  func endless() throws {
    let path = String(repeating: "a", count: 24) + "_1.wav"
    for (pattern, key) in [
      ("^(?<speaker>(a+)+)$", "speaker"), ("^(?<emotion>(a|aa)+)$", "emotion"),
      ("(?<speaker>(?:a*)*)b", "speaker"), ("^(?<speaker>(a|a)*)$", "speaker"),
    ] {
      let search = try PathPattern(pattern, group: key)
      do {
        let words = try search.words(in: ["ab", path], patienceS: 0.05)
        Issue.record("\(pattern) found \(words)")
      } catch {
        #expect(
          error.all == [.endlessPattern(group: key, pattern: pattern, path: path, seconds: 0.05)])
      }
    }
    #expect(throws: PathPattern.Fault.self) {
      try PathPattern("(?<speaker>" + String(repeating: "(", count: 5000), group: "speaker")
    }
  }

  @Test("ordinary patterns find their words in a hundred thousand paths")
  func ordinary() throws {
    let paths = (0..<100_000).map { "session\($0 % 10)/s\($0 % 97)_angry_\($0).wav" }
    let words = try PathPattern("(?:^|/)(?<speaker>[^_/]+)_[^/]*$", group: "speaker").words(
      in: paths)
    #expect(words.count == paths.count)
    #expect(words.enumerated().allSatisfy { $1 == "s\($0 % 97)" })
  }
}
