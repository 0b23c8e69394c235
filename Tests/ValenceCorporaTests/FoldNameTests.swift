import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceCorpora

/// A list of folds once named one file while another was tested.
@Suite("Names in lists of folds")
struct FoldNameTests {
  private static let space = LabelSpace(
    name: "custom", classes: ["high", "low"], maps: [:], dropped: ["odd"])

  private func labeled(_ ids: [String], dropped: [String] = []) throws -> LabeledCorpus {
    let utterances = (ids + dropped).enumerated().map { index, id in
      Utterance(
        id: id, filePath: "/nowhere/" + (id.split(separator: "#").first.map(String.init) ?? id),
        speaker: "s\(index)",
        label: dropped.contains(id) ? "odd" : index.isMultiple(of: 2) ? "high" : "low")
    }
    return try Corpus(name: "mine", root: URL(filePath: "/nowhere"), utterances: utterances)
      .labeled(by: Self.space)
  }

  /// What a name is found to mean: ids, `dropped` or `missing`; several where it is refused.
  private func meaning(of name: String, among ids: [String], dropped: [String] = []) throws
    -> [String]
  {
    let corpus = try labeled(ids, dropped: dropped)
    do {
      return switch try UtteranceNames(of: corpus, path: "LIST", field: .csv).match(name) {
      case .utterance(let index): [corpus.utterances[index].utterance.id]
      case .dropped: ["dropped"]
      case .missing: ["missing"]
      }
    } catch FoldError.ambiguousFile(_, _, _, let ids) {
      return ids
    }
  }

  @Test("a name that is some file's whole stem is that file")
  func stems() throws {
    let ids = ["c/anna.1.wav", "c/anna.2.wav", "c/anna.wav"]
    #expect(try meaning(of: "anna.1", among: ids) == ["c/anna.1.wav"])
    #expect(try meaning(of: "anna.2.wav", among: ids) == ["c/anna.2.wav"])
    #expect(try meaning(of: "anna", among: ids) == ["c/anna.wav"])
    #expect(try meaning(of: "anna.flac", among: ids) == ["c/anna.wav"])
    #expect(try meaning(of: "anna.sph", among: ids) == ["c/anna.wav"])
    // What is no extension of sound is a part of the name, so that another file is not taken for it.
    #expect(try meaning(of: "anna.3", among: ids) == ["missing"])
    #expect(
      try meaning(of: "anna.1", among: ["c/anna.wav"], dropped: ["c/anna.1.wav"]) == ["dropped"])
  }

  @Test("a name that may be two files is refused with both")
  func ambiguous() throws {
    #expect(
      try meaning(of: "a.wav", among: ["x/a.wav", "x/a.wav.flac"]) == ["x/a.wav", "x/a.wav.flac"])
    #expect(try meaning(of: "a", among: ["x/a.wav", "y/a.wav"]) == ["x/a.wav", "y/a.wav"])
    #expect(
      try meaning(of: "a", among: ["x/a.wav"], dropped: ["y/a.wav"]) == ["x/a.wav", "y/a.wav"])
    #expect(try meaning(of: "a.wav", among: ["a.wav", "x/a.wav"]) == ["a.wav"])
  }

  @Test("folders that a name gives tell files of one name apart, and never lead to another folder")
  func folders() throws {
    let ids = ["x/a.wav", "y/a.wav", "y/b.wav"]
    #expect(try meaning(of: "downloads/mine/x/a.flac", among: ids) == ["x/a.wav"])
    #expect(try meaning(of: "y\\a.wav", among: ids) == ["y/a.wav"])
    #expect(try meaning(of: "./y/a.wav", among: ids) == ["y/a.wav"])
    #expect(try meaning(of: "x/b.wav", among: ids) == ["missing"])
    #expect(try meaning(of: "elsewhere/b.wav", among: ids) == ["y/b.wav"])
  }

  @Test(
    "names that differ in Unicode normalization are told apart, and found where only one is there")
  func normalization() throws {
    let (composed, decomposed) = ("\u{E9}.wav", "e\u{301}.wav")
    func same(_ a: [String], _ b: String) -> Bool { a.map { Array($0.utf8) } == [Array(b.utf8)] }
    #expect(same(try meaning(of: composed, among: [composed, decomposed]), composed))
    #expect(same(try meaning(of: decomposed, among: [composed, decomposed]), decomposed))
    #expect(same(try meaning(of: composed, among: [decomposed, "f.wav"]), decomposed))
    #expect(same(try meaning(of: "e\u{301}", among: ["x/\u{E9}.wav"]), "x/\u{E9}.wav"))
  }

  private func folds(
    _ files: [String: String], _ within: (URL) -> ProtocolOptions.Within
  ) throws -> (LabeledCorpus, CorpusFolds) {
    let corpus = try labeled((0..<6).flatMap { ["x/\($0)-high.wav", "x/\($0)-low.wav"] })
    return try TemporaryFolder.with { folder in
      try folder.write(files)
      var asked = options(within(folder.url), validation: .speakers(0))
      asked.validation = .fraction(0.2)
      return (corpus, try FoldMaker(options: asked).folds(of: corpus))
    }
  }

  @Test("an utterance that a side lists twice counts once, and that is said")
  func twice() throws {
    let line = { (name: String) in "{\"wav\": \"\(name).wav\"}\n" }
    let names = (0..<6).flatMap { ["\($0)-high", "\($0)-low"] }
    let (_, emobox) = try folds([
      "fold_1/mine_test_fold_1.jsonl": (["0-high", "0-low", "0-high", "x/0-high"]).map(line)
        .joined(),
      "fold_1/mine_valid_fold_1.jsonl": (["1-high", "1-low", "1-low"]).map(line).joined(),
      "fold_1/mine_train_fold_1.jsonl": (names.dropFirst(4) + ["5-low"]).map(line).joined(),
    ]) { .emobox($0) }
    let fold = try #require(emobox.folds.first)
    #expect((fold.test.count, fold.validation.count, fold.train.count) == (2, 2, 8))
    let said =
      "list 3 utterances of mine more than once on a side (x/0-high.wav, …); each counts once there."
    #expect(emobox.remarks == ["EmoBox's folds " + said])

    let rows = names.enumerated().map { "\($1),\($0 / 6)\n" }.joined()
    let (_, table) = try folds([
      "f.csv": "file,fold\n" + rows + "0-high,0\nx/0-high.wav,0\n5-low.wav,1\n"
    ]) {
      .csv($0.appending(path: "f.csv"))
    }
    #expect(table.folds.allSatisfy { $0.test.count == 6 })
    #expect(table.folds.allSatisfy { $0.train.count + $0.validation.count == 6 })
    #expect(
      table.remarks.first
        == "the folds of f.csv list 2 utterances of mine more than once on a side "
        + "(x/0-high.wav, …); each counts once there.")
  }

  @Test("one utterance under two names on two sides is refused")
  func overlap() throws {
    let rows = (0..<6).flatMap { ["\($0)-high", "\($0)-low"] }.enumerated().map {
      "\($1),\($0 / 6)\n"
    }
    do {
      _ = try folds(["f.csv": "file,fold\n" + rows.joined() + "x/0-high.wav,1\n"]) {
        .csv($0.appending(path: "f.csv"))
      }
      Issue.record("accepted")
    } catch let errors as FoldErrors {
      #expect(
        errors.description.contains("the sound of x/0-high.wav is in both train and test"))
    }
  }
}
