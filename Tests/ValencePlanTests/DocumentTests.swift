import Foundation
import Testing
import ValenceCore
import ValenceNN

@testable import ValencePlan

@Suite struct DocumentTests {
  @Test("a file that is no YAML is refused with its line", arguments: broken)
  func yaml(wrong: WrongPlan) { #expect(complaints(wrong.text) == wrong.complaint) }

  static let broken = [
    WrongPlan(
      file: "",
      "exp.yaml: this file is empty; an experiment needs at least name, corpora and labels."
    ),
    WrongPlan(
      file: "# a comment\n\n",
      "exp.yaml: this file is empty; an experiment needs at least name, corpora and labels."),
    WrongPlan(
      file: "[1, 2]",
      "exp.yaml:1: expected keys, found a list; an experiment needs at least name, corpora and labels."
    ),
    WrongPlan(
      file: "just text",
      """
      exp.yaml:1: expected keys, found text 'just text'; an experiment needs at least name, corpora \
      and labels.
      """),
    WrongPlan("audio:\n\trate_hz: 16000", "exp.yaml:7: a tab cannot indent YAML; use spaces."),
    WrongPlan(
      "audio: {rate_hz: 16000",
      "exp.yaml:7: this is not well-formed YAML: did not find expected ',' or '}'."),
    WrongPlan(
      "audio:\n  crop: start\n  rate_hz: 8000\n  crop: end",
      "exp.yaml:7: crop: this map has the key twice; keep one."),
    WrongPlan(
      "---\nname: other", "exp.yaml:6: a second document begins here; one file is one experiment."),
    WrongPlan(
      "title: *nobody", "exp.yaml:6: this is not well-formed YAML: found undefined alias."),
    WrongPlan(
      "seeds: [!!int \"1\"]",
      "exp.yaml:6: the tag 'tag:yaml.org,2002:int' is not understood; write the plain value."),
    WrongPlan("? [a]\n: 1", "exp.yaml:6: a key must be a word, as in epochs: 60."),
    WrongPlan(
      "x: &x title\n*x : word",
      "exp.yaml:7: the alias '*x' cannot be a key; write the word."),
    WrongPlan(
      "labels: {classes: [a], map: {\"*\": {b: a}, \"*\": {c: a}}}",
      "exp.yaml:6: *: this map has the key twice; keep one."),
    WrongPlan(
      "title: a\u{1}b",
      "exp.yaml:6: this is not well-formed YAML: control characters are not allowed."),
  ]

  @Test("a file that cannot be read, or is not UTF-8, is refused")
  func files() throws {
    let missing = #expect(throws: Problems.self) {
      try PlanDocument(contentsOf: folder.appending(path: "nowhere.yaml").path)
    }
    #expect(
      missing?.description
        == "\(folder.path)/nowhere.yaml: this file cannot be read; is the path right?")
    let path = folder.appending(path: "latin1.yaml").path
    let latin = #expect(throws: Problems.self) { try PlanDocument(contentsOf: path) }
    #expect(
      latin?.description == "\(path):2: this line is not UTF-8 text; save the file as UTF-8.")
  }

  @Test("nesting without end and aliases that unfold without end are refused")
  func bombs() {
    let deep = head + "title: " + String(repeating: "[", count: 20_000)
    #expect(complaints(deep).hasPrefix("exp.yaml:6: this is not well-formed YAML: "))
    var laughs = "a0: &a0 [x]\n"
    for level in 1...40 {
      let alias = "*a\(level - 1)"
      laughs += "a\(level): &a\(level) [\(alias), \(alias), \(alias), \(alias)]\n"
    }
    #expect(complaints(laughs) == "exp.yaml:1: this file unfolds to more than 100000 values.")
  }

  @Test("anchors, a byte order mark, Windows line ends and comments change nothing")
  func forms() throws {
    let text = head + "model: {cnn: {channels: [8, 16], pool: [2, 2]}, head: {hidden: [16]}}\n"
    let expected = try readPlan(text)
    let anchored =
      head + "model:\n  cnn: {channels: &c [8, 16], pool: [2, 2]}\n  head: &h\n    hidden: [16]\n"
    #expect(try readPlan(anchored) == expected)
    #expect(try readPlan("\u{FEFF}" + text) == expected)
    #expect(try readPlan(text.replacingOccurrences(of: "\n", with: "\r\n")) == expected)
    #expect(try readPlan("# what\n" + text + "# why\n") == expected)
    let twice = try readPlan(head + "seeds: &s [4, 2]\nmodel: {head: {hidden: *s}}")
    #expect(twice.seeds == [4, 2])
    #expect(twice.base.model.head.hidden == [4, 2])
  }

  @Test(
    "numbers are read as YAML 1.2 has them",
    arguments: [
      ("1e-3", 0.001), ("1E-3", 0.001), (".5e-2", 0.005), ("+0.1", 0.1), ("1.", 1), ("2", 2),
    ])
  func numbers(text: String, value: Double) throws {
    let read = try readPlan(head + "training: {optimizer: {learning_rate: \(text)}}")
    #expect(read.base.training.optimizer.learningRate == value)
  }

  @Test(
    "what is no number is not taken for one",
    arguments: [
      "1_000", "0x10", "1e", "e3", ".", "1:30", "\"1\"", "true", "~",
    ])
  func notNumbers(text: String) {
    let said = complaints(head + "training: {optimizer: {learning_rate: \(text)}}")
    #expect(
      said.hasPrefix("exp.yaml:6: training.optimizer.learning_rate: expected a number, found "),
      "\(said)")
  }

  @Test("a file with random damage is read or refused with its file, and nothing else happens")
  func damage() throws {
    let path = folder.appending(path: "cross-corpus.yaml")
    let whole = Array(try String(contentsOf: path, encoding: .utf8))
    let pieces: [Character] = [
      ":", "-", "[", "]", "{", "}", "\"", "'", "\n", "\t", "#", "&", "*", "!", "|", ">", "%", "@",
      " ", "0", "9", ".", "e", "~", "?", ",", "\u{0}", "é",
    ]
    var random = RandomStream(seed: 3, "damage")
    var refused = 0
    for _ in 0..<200 {
      var text = whole
      for _ in 0...random.below(4) {
        let at = random.below(text.count)
        switch random.below(3) {
        case 0: text.remove(at: at)
        case 1: text.insert(pieces[random.below(pieces.count)], at: at)
        default: text.removeSubrange(at..<min(text.count, at + random.below(60)))
        }
      }
      do {
        _ = try readPlan(String(text))
      } catch {
        refused += 1
        #expect(error.all.allSatisfy { $0.place?.file == "exp.yaml" && !$0.message.isEmpty })
      }
    }
    #expect((100..<200).contains(refused), "\(refused)")
  }
}
