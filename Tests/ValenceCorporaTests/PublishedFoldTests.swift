import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceCorpora

@Suite("Folds that somebody published")
struct PublishedFoldTests {
  private static let space = LabelSpace(
    name: "custom", classes: ["high", "low"], maps: [:], dropped: ["odd"])

  /// Two utterances of each class for each speaker `a`, `b`, `c`, named `a-high-0.wav`, …; and an
  /// `odd` one that the label space drops.
  private func labeled(splits: [String: String] = [:]) throws -> LabeledCorpus {
    var utterances: [Utterance] = []
    for speaker in ["a", "b", "c"] {
      for (label, count) in [("high", 2), ("low", 2), ("odd", 1)] {
        for number in 0..<count {
          let id = "\(speaker)-\(label)-\(number).wav"
          utterances.append(
            Utterance(
              id: "deep/\(id)", filePath: "/nowhere/deep/\(id)",
              .init(
                speaker: speaker, label: label, split: splits[speaker].flatMap { SplitName($0) })))
        }
      }
    }
    return try Corpus(name: "mine", root: URL(filePath: "/nowhere"), utterances: utterances)
      .labeled(by: Self.space)
  }

  private func stems(_ speakers: [String], _ labels: [String] = ["high", "low", "odd"]) -> [String]
  {
    speakers.flatMap { speaker in
      labels.flatMap { label in
        (0..<(label == "odd" ? 1 : 2)).map { "\(speaker)-\(label)-\($0)" }
      }
    }
  }

  private func lines(_ stems: [String]) -> String {
    stems.map { #"{"key": "mine-\#($0)", "wav": "downloads/mine/\#($0).flac"}"# + "\n" }.joined()
  }

  private func names(_ indices: [Int], _ corpus: LabeledCorpus) -> Set<String> {
    Set(indices.compactMap { corpus.utterances[$0].utterance.speaker })
  }

  private func folds(
    _ files: [String: String], path: String = "", csv: Bool = false,
    missing: ProtocolOptions.MissingClasses = .refuse
  ) throws -> (LabeledCorpus, CorpusFolds) {
    try TemporaryFolder.with { folder in
      try folder.write(files)
      let url = path.isEmpty ? folder.url : folder.url.appending(path: path)
      let corpus = try labeled()
      let asked = options(
        csv ? .csv(url) : .emobox(url), validation: .speakers(csv ? 0 : 1), missing: missing)
      do throws(FoldErrors) {
        return (corpus, try FoldMaker(options: asked).folds(of: corpus))
      } catch {
        let told = error.text.replacingOccurrences(of: folder.url.path, with: "HERE")
        throw Told(sentence: told)
      }
    }
  }

  /// What a refusal said, without the path of the temporary folder.
  private struct Told: Error { let sentence: String }

  private func refusal(_ files: [String: String], path: String = "", csv: Bool = false) -> String {
    do {
      _ = try folds(files, path: path, csv: csv)
      return "accepted"
    } catch let told as Told {
      return told.sentence
    } catch {
      return "\(error)"
    }
  }

  @Test("EmoBox's lists are matched by file name, whatever folder and format they name")
  func emobox() throws {
    let files = [
      "mine/fold_1/mine_test_fold_1.jsonl": lines(stems(["a"])),
      "mine/fold_1/mine_train_fold_1.jsonl": lines(stems(["b", "c"])),
      "mine/fold_2/mine_test_fold_2.jsonl": lines(stems(["b"])),
      "mine/fold_2/mine_train_fold_2.jsonl": lines(stems(["a", "c"])),
    ]
    for path in ["", "mine"] {
      let (corpus, made) = try folds(files, path: path)
      #expect(made.folds.map(\.name) == ["1", "2"])
      #expect(made.folds.map { names($0.test, corpus) } == [["a"], ["b"]])
      #expect(made.folds.allSatisfy { $0.test.count == 4 && $0.validation.count == 4 })
      #expect(made.folds.allSatisfy { $0.sharedSpeakers.isEmpty })
      #expect(made.remarks.isEmpty)
    }
  }

  @Test("lists with a byte order mark, line ends of Windows, and lines of blanks alone")
  func textForms() throws {
    func list(_ stems: [String]) -> String {
      let line = { (stem: String) in "{\"wav\": \"\(stem).wav\"}" }
      return "\u{FEFF}" + stems.map(line).joined(separator: "\r\n \t\r\n\r\n") + "\r\n\r\n"
    }
    let (corpus, made) = try folds([
      "fold_1/mine_test_fold_1.jsonl": list(stems(["a"])),
      "fold_1/mine_train_fold_1.jsonl": list(stems(["b", "c"])),
    ])
    #expect(names(made.folds[0].test, corpus) == ["a"])
    #expect(made.folds[0].test.count == 4 && made.folds[0].validation.count == 4)
    #expect(made.remarks.isEmpty)
  }

  @Test("a fold without a training list trains on all other test lists")
  func withoutTrainingLists() throws {
    let (corpus, made) = try folds([
      "fold_1/mine_test_fold_1.jsonl": lines(stems(["a"])),
      "fold_2/mine_test_fold_2.jsonl": lines(stems(["b"])),
      "fold_10/mine_test_fold_10.jsonl": lines(stems(["c"])),
    ])
    #expect(made.folds.map(\.name) == ["1", "2", "10"])
    for fold in made.folds {
      #expect(names(fold.train + fold.validation + fold.test, corpus) == ["a", "b", "c"])
    }
  }

  @Test("files that one side lacks are counted and said, dropped labels are not")
  func mismatches() throws {
    let (_, made) = try folds([
      "fold_1/mine_test_fold_1.jsonl": lines(stems(["a"]) + ["z-high-1", "z-high-0"]),
      "fold_1/mine_train_fold_1.jsonl": lines(
        stems(["b", "c"]).filter { $0 != "c-low-1" } + ["z-high-0"]),
    ])
    #expect(
      made.remarks == [
        "EmoBox's folds list 2 files that mine does not have here (z-high-0, …).",
        "1 utterance of mine is left out, as EmoBox's folds do not list it (deep/c-low-1.wav).",
      ])
  }

  @Test("speakers on both sides of a published split stay and are told")
  func shared() throws {
    let all = stems(["a", "b", "c"])
    let test = all.filter { $0.hasPrefix("a") || $0 == "b-high-0" }
    let (_, made) = try folds([
      "fold_1/mine_test_fold_1.jsonl": lines(test),
      "fold_1/mine_train_fold_1.jsonl": lines(all.filter { !test.contains($0) }),
    ])
    #expect(made.folds[0].sharedSpeakers == ["b"])
    #expect(
      made.remarks == [
        "mine, fold 1: 1 of 2 test speakers is also trained on, as the split was published; the "
          + "result depends on the speakers."
      ])
  }

  @Test("a published validation list is kept as it is")
  func validationList() throws {
    let (corpus, made) = try folds([
      "fold_1/mine_test_fold_1.jsonl": lines(stems(["a"])),
      "fold_1/mine_train_fold_1.jsonl": lines(stems(["b"])),
      "fold_1/mine_valid_fold_1.jsonl": lines(stems(["c"])),
    ])
    #expect(names(made.folds[0].validation, corpus) == ["c"])
    #expect(names(made.folds[0].train, corpus) == ["b"])
  }

  @Test("fold folders that are not there, broken or of another corpus are refused")
  func brokenEmoBox() {
    #expect(
      refusal(["x.txt": ""])
        == "emobox: HERE: there is no folder fold_1 here nor in mine/; the path "
        + "should be EmoBox's folder of this corpus (data/<corpus>).")
    #expect(
      refusal(["fold_1/mine_train_fold_1.jsonl": lines(stems(["a"]))])
        == "emobox: HERE/fold_1: there is no file *_test_fold_1.jsonl.")
    #expect(
      refusal(["fold_1/mine_test_fold_1.jsonl": lines(stems(["a"])) + "{oops}\n"])
        == "emobox: HERE/fold_1/mine_test_fold_1.jsonl:6: this line is not a "
        + "JSON object with a 'wav'.")
    #expect(
      refusal(["fold_1/mine_test_fold_1.jsonl": "\n\r\n" + lines(stems(["a"])) + "{oops}\n"])
        == "emobox: HERE/fold_1/mine_test_fold_1.jsonl:8: this line is not a "
        + "JSON object with a 'wav'.", "blank lines count as lines")
    #expect(
      refusal(["fold_1/mine_test_fold_1.jsonl": lines(["x", "y"])])
        == "emobox: HERE: these folds name no file of this corpus (they name "
        + "downloads/mine/x.flac); is it the right one?")
    #expect(
      refusal([
        "fold_1/mine_test_fold_1.jsonl": lines(stems(["a"])),
        "fold_1/mine_train_fold_1.jsonl": lines(stems(["a", "b", "c"])),
      ]).hasPrefix(
        "within: fold 1: the sound of deep/a-high-0.wav is in "))
  }

  @Test("a CSV of folds tests each file in its fold")
  func table() throws {
    let rows = ["a", "b", "c"].flatMap { name in stems([name]).map { "\($0).wav,\(name)\n" } }
    let (corpus, made) = try folds(
      ["folds.csv": "file,fold\n" + rows.joined()], path: "folds.csv", csv: true)
    #expect(made.folds.map(\.name) == ["a", "b", "c"])
    for fold in made.folds {
      #expect(names(fold.test, corpus) == [fold.name])
      #expect(fold.train.count == 8)
    }
  }

  @Test("a fold that is another over again is refused, one that tests the same with others is not")
  func repeatedFold() throws {
    func rows(_ fold: Int, _ sides: [(String, String)]) -> String {
      sides.map { name, split in
        stems([name], ["high", "low"]).map { "\($0).wav,\(fold),\(split)\n" }.joined()
      }.joined()
    }
    let head = "file,fold,split\n"
    let first = rows(1, [("a", "test"), ("b", "train"), ("c", "dev")])
    let again = rows(2, [("c", "dev"), ("b", "train"), ("a", "test")])
    #expect(
      refusal(["folds.csv": head + first + again], path: "folds.csv", csv: true)
        == "within: fold 2 has the very utterances of fold 1 on every side; list "
        + "each fold once, or it counts twice.")
    let other = rows(2, [("a", "test"), ("c", "train"), ("b", "dev")])
    #expect(
      refusal(["folds.csv": head + first + other], path: "folds.csv", csv: true) == "accepted")
  }

  @Test("a CSV with a split lists every side")
  func tableWithSplit() throws {
    let rows = [("a", "test"), ("b", "train"), ("c", "dev")].flatMap { name, split in
      stems([name], ["high", "low"]).map { "deep/\($0).wav,1,\(split)\n" }
    }
    let (corpus, made) = try folds(
      ["folds.csv": "file,fold,split\n" + rows.joined()], path: "folds.csv", csv: true)
    let fold = try #require(made.folds.first)
    #expect(names(fold.train, corpus) == ["b"])
    #expect(names(fold.validation, corpus) == ["c"])
    #expect(names(fold.test, corpus) == ["a"])
  }

  @Test("a CSV of folds that shares speakers, repeats a file or misses a column is refused")
  func brokenTables() {
    func told(_ text: String) -> String {
      refusal(["folds.csv": text], path: "folds.csv", csv: true)
    }
    let names = stems(["a", "b", "c"], ["high", "low"])
    let mixed = names.enumerated().map { "\($1).wav,\($0 % 2)\n" }.joined()
    #expect(
      told("file,fold\n" + mixed).hasPrefix(
        "within: fold 0: a, b and c are in both train and test; a network "
          + "that knows a speaker is not tested on strangers."))
    #expect(
      told("file,fold\na-high-0,1\na-high-0,2\n")
        == "csv: HERE/folds.csv:3: a-high-0 is on line 2 already."
    )
    #expect(
      told("file,folds\na-high-0,1\n")
        == "csv: HERE/folds.csv: there is no column 'fold'; did you mean "
        + "folds?")
    #expect(
      told("file,fold,split\na-high-0,1,tset\n")
        == "csv: HERE/folds.csv:2: its split 'tset' is not one of "
        + "train, validation, test.")
    #expect(
      told("file;fold\na-high-0;1\na-high-0;2\n")
        == "csv: HERE/folds.csv:3: a-high-0 is on line 2 already.")
  }

  @Test("the official split is the corpus's own, and shared speakers are told")
  func official() throws {
    let corpus = try labeled(splits: ["a": "train", "b": "validation", "c": "test"])
    let made = try FoldMaker(options: options(.official)).folds(of: corpus)
    let fold = try #require(made.folds.first)
    #expect(made.folds.count == 1)
    #expect(fold.name == "official")
    #expect(names(fold.validation, corpus) == ["b"])
    #expect(
      ValenceCorporaTests.refusal(options(.official), try labeled(splits: ["a": "train"]))
        == "within: official needs utterances with the split test; a manifest names it (train, "
        + "validation, test) in its column split, or in the one that splitColumn names.")
    #expect(
      ValenceCorporaTests.refusal(options(.official), try labeled(splits: [:]))
        == "within: official needs utterances with the splits train and test; a manifest names "
        + "it (train, validation, test) in its column split, or in the one that splitColumn names.")
  }

  @Test("a file name that two utterances have is refused where a list means one of them")
  func ambiguous() throws {
    let twins = ["x", "y"].map {
      Utterance(
        id: "\($0)/a.wav", filePath: "/nowhere/\($0)/a.wav", speaker: $0,
        label: $0 == "x" ? "high" : "low")
    }
    let corpus = try Corpus(name: "mine", root: URL(filePath: "/nowhere"), utterances: twins)
      .labeled(by: Self.space)
    let names = UtteranceNames(of: corpus, path: "LIST", field: .emobox)
    #expect(
      throws: FoldError.ambiguousFile(
        .emobox, path: "LIST", name: "a", ids: ["x/a.wav", "y/a.wav"])
    ) {
      try names.match("a")
    }
    #expect(
      FoldError.ambiguousFile(.emobox, path: "LIST", name: "a", ids: ["x/a.wav", "y/a.wav"])
        .description
        == "emobox: LIST: 'a' may be x/a.wav or y/a.wav; name files by the path below the corpus folder."
    )
  }
}
