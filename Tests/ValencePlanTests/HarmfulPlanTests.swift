import Foundation
import Testing
import ValenceCore

@testable import ValencePlan

/// Each of these once took memory or time without end, or ended the program.
@Suite("Plans that were made to do harm")
struct HarmfulPlanTests {
  /// Ten lines that unfold to 10^11 values.
  private static let bomb =
    "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    + (1...11).map { level in
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
      return "a\(level): &a\(level) [\(aliases)]\n"
    }.joined()

  private func told(_ text: String) -> String {
    do {
      let document = try PlanDocument(
        text: text, file: "exp.yaml", folder: URL(filePath: "/nowhere"), environment: [:])
      _ = try PlanReader(document, environment: [:]).read()
      return "accepted"
    } catch {
      return error.all.first?.description ?? ""
    }
  }

  @Test("an alias that unfolds without end is refused, whether it is a value or a key")
  func bombs() {
    #expect(
      told(Self.bomb + "name: *a11\n").hasSuffix("this file unfolds to more than 100000 values."))
    for key in ["name: {*a11 : 1}", "*a11 : 1", "? *a11\n: 1", "name: [{*a11 : 1}]"] {
      let told = told(Self.bomb + key + "\n")
      #expect(
        told.hasSuffix("the alias '*a11' cannot be a key; write the word."), "\(key): \(told)")
    }
    // A list as a key may hide one.
    #expect(
      told(Self.bomb + "? [*a11, *a11]\n: 1\n").hasSuffix("a key must be a word, as in epochs: 60.")
    )
    // A star with an accent is a star still.
    #expect(told(Self.bomb + "? *a11 \u{301}\n: 1\n") != "accepted")
  }

  @Test("what aliases nest is refused before it is too deep for the stack")
  func deep() {
    let chain = (1...3000).map { "a\($0): &a\($0) [*a\($0 - 1)]\n" }.joined()
    #expect(told("a0: &a0 [x]\n" + chain).contains("levels deep"))
    #expect(
      told("name: " + String(repeating: "[", count: 900) + String(repeating: "]", count: 900))
        .contains("levels deep"))
  }

  @Test("huge files, maps and texts are refused")
  func huge() {
    #expect(told("name: a\n#" + String(repeating: "x", count: 4_000_001)).contains("4000000 bytes"))
    #expect(told((0...10_000).map { "k\($0): 1\n" }.joined()).contains("10000 keys"))
    #expect(told("name: " + String(repeating: "x", count: 20_000)).contains("10000 bytes"))
  }

  // Found by asking for the nearest word 5,000 times: minutes.
  @Test("a long text in place of a word is refused at once, however often it stands there")
  func longWords() {
    let aliases = Array(repeating: "*a", count: 5000).joined(separator: ",")
    let text =
      "title: &a \"\(String(repeating: "x", count: 9000))\"\nreport: {figures: [\(aliases)]}\n"
    #expect(told("name: n\n" + text) != "accepted")
  }

  @Test("aliases that are flat still work")
  func flat() throws {
    let text = "name: n\nx: &x [1, 2]\ny: {a: *x, b: *x, \"*\": *x}\n"
    let document = try PlanDocument(
      text: text, file: "exp.yaml", folder: URL(filePath: "/nowhere"), environment: [:])
    let map = try #require(document.root.value(at: ["y"])?.entries)
    #expect(map.map(\.key) == ["a", "b", "*"])
    #expect(map.allSatisfy { $0.value.elements?.compactMap(\.number) == [1, 2] })
  }

  @Test("ranges of draws that no number can step through are refused")
  func ranges() {
    func told(_ range: String) -> [String] {
      let text = """
        name: n
        corpora: {c: {adapter: ravdess, path: /tmp}}
        labels: emotion4
        sweep: {random: {draws: 2, axes: {training.optimizer.weight_decay: \(range)}}}
        """
      do {
        let document = try PlanDocument(
          text: text, file: "exp.yaml", folder: URL(filePath: "/nowhere"), environment: [:])
        _ = try PlanReader(document, environment: [:]).read()
        return []
      } catch {
        return error.all.map(\.message)
      }
    }
    for range in [
      "{uniform: [0, 1e309]}", "{uniform: [-1e308, 1e308]}", "{log_uniform: [1, 1e309]}",
    ] {
      #expect(told(range).contains { $0.contains("needs ends between -1e15 and 1e15") }, "\(range)")
    }
    #expect(!told("{uniform: [0, 5e-324]}").isEmpty)
    #expect(!told("{integer: [-9223372036854775808, 9223372036854775807]}").isEmpty)
    #expect(told("{uniform: [0, 0.5]}") == [])
  }

  @Test("more networks than anybody trains are refused before they are listed")
  func trials() {
    let seeds = (1...1000).map(String.init).joined(separator: ", ")
    let values = (1...200).map(String.init).joined(separator: ", ")
    let text = """
      name: n
      seeds: [\(seeds)]
      corpora: {c: {adapter: ravdess, path: /tmp}}
      labels: emotion4
      sweep: {grid: {training.epochs: [\(values)]}}
      """
    #expect(told(text).contains("200000 networks"))
  }
}
