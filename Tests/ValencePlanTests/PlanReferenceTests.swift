import Foundation
import Testing
import ValenceCore

@testable import ValencePlan

/// The page `PlanReference.md` has a table for each section of an experiment file.
///
/// Keys, values and defaults are those that the readers state; meanings are written in the page and kept.
@Suite struct PlanReferenceTests {
  /// What the readers are asked about, so that each of them comes to each of its keys.
  private static let readings: [[String]] = [
    [],
    ["corpora.ravdess={adapter: meld, path: corpora/emovo, labels: sentiment}"],
    ["labels={classes: [up, down], map: {\"*\": {joy: up, sad: down}}, drop: [calm]}"],
    ["protocol.within={emobox: folds}"],
    ["protocol.within={csv: folds/folds.csv}"],
    ["protocol.validation={fraction: 0.15}"],
    ["training.selection={}"],
    ["model.transformer={}"],
    ["protocol.across=pooled", "training.adaptation={}"],
    ["features.fusion=functionals", "features.functionals.statistics=[voiced]"],
    ["model.classic={name: kernel_ridge, self_training: {}}"],
    ["protocol.across={kind: leave_one_corpus_out}"], ["model.classic={name: lda}"],
    ["audio.trim_db=35", "features.prosody={}", "model.cnn.pool={time: [1, 2, 2]}"],
    ["training.augmentation={noise: {}, speed: [0.9, 1], mixup: 0.2}"],
    overrides(encoder: "one"), overrides(model: "one"),
    ["sweep={grid: {model.pooling: [mean, max]}, exclude: [{model.pooling: max}]}"],
    ["sweep={one_at_a_time: {model.pooling: [mean, max]}}"],
    ["sweep={random: {draws: 2, axes: {model.pooling: {choice: [mean, max]}}}}"],
    ["sweep={variants: {small: {model.pooling: mean}}}"],
  ]

  private static let page = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Sources/ValenceCLI/Valence.docc/PlanReference.md").standardizedFileURL

  static func records() throws -> [KeyRecord] {
    var records: [KeyRecord] = []
    for overrides in readings {
      let text = EveryKeyTests.text
      _ = try readPlan(text, overrides: overrides)
      let document = try PlanDocument(
        text: text, file: "exp.yaml", folder: folder, overrides: overrides)
      let reader = PlanReader(document, environment: environment)
      KeyRecord.merge(reader.keyRecords(), into: &records)
    }
    return records
  }

  @Test("the page has every key as its reader states it, and says what each means")
  func page() throws {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let old = ReferencePage(text)
    let rows = try Self.records().flatMap { KeyRow.all(of: $0) }
    #expect(rows.count > 100)
    let page = old.replacingTables(by: rows)
    if ProcessInfo.processInfo.environment["VALENCE_RECORD"] == "1" {
      try Data(page.utf8).write(to: Self.page)
      Issue.record("recorded PlanReference.md: look at it, then run again without VALENCE_RECORD")
      return
    }
    for section in Set(rows.map(\.section)).subtracting(old.sections) {
      Issue.record("PlanReference.md has no table below a heading '## \(section)'")
    }
    for row in rows where old.meaning(of: row.key).isEmpty {
      Issue.record("PlanReference.md does not say what \(row.key) means")
    }
    let new = page.split(separator: "\n", omittingEmptySubsequences: false)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let first = zip(lines, new).first { $0 != $1 }
    let isSame = page == text
    #expect(
      isSame,
      "VALENCE_RECORD=1 mends '\(first?.0 ?? "its length")': expected '\(first?.1 ?? "")'")
  }

  @Test("a key that is known says what may be written for it")
  func forms() throws {
    for row in try Self.records().flatMap({ KeyRow.all(of: $0) }) {
      #expect(!row.values.isEmpty, "the reader of \(row.key) records no form")
    }
  }

  @Test("a plan is the same whether its keys are recorded or not")
  func isAside() throws {
    let document = try PlanDocument(
      text: EveryKeyTests.text, file: "exp.yaml", folder: folder, overrides: [])
    let reader = PlanReader(document, environment: environment)
    let before = try reader.read()
    #expect(!reader.keyRecords().isEmpty)
    #expect(try reader.read() == before)
  }
}

/// A key as the page's tables show it.
private struct KeyRow {
  let key: String
  let values: String
  let standard: String

  /// The heading below which the row belongs.
  var section: String {
    let top = key.prefix { $0 != "." }
    let general = ["name", "title", "extends", "seeds", "train_on", "test_on"]
    return general.contains(String(top)) ? "The experiment" : "`\(top)`"
  }

  /// The row of a key, and those of the keys below.
  static func all(of record: KeyRecord, below path: String = "", isOption: Bool = false) -> [KeyRow]
  {
    let key = path.isEmpty ? record.key : "\(path).\(record.key)"
    // Of keys that exclude each other only the first one has a default.
    let options = record.forms.flatMap { form -> ArraySlice<String> in
      if case .oneOf(let keys) = form { keys.dropFirst() } else { [] }
    }
    let row = KeyRow(
      key: key, values: values(record.forms), standard: isOption ? "–" : standard(of: record))
    return [row]
      + record.keys.flatMap { all(of: $0, below: key, isOption: options.contains($0.key)) }
  }

  private static func standard(of record: KeyRecord) -> String {
    if record.isRequired { return "required" }
    guard let standard = record.standard, record.forms != [.map] else { return "–" }
    if record.isSettled, case .text(let words) = standard { return words }
    return "`\(standard.flow)`"
  }

  private static func values(_ forms: [KeyForm]) -> String {
    let chosen = forms.contains { if case .oneOf = $0 { true } else { false } }
    let isEither = forms.contains(.path([.file, .folder]))
    let kept = forms.filter { !(chosen && $0 == .map) && !(isEither && $0 == .path([.folder])) }
    let isLast: (KeyForm) -> Bool = { [.words(["none"]), .words(["base"])].contains($0) }
    return (kept.filter { !isLast($0) } + kept.filter(isLast)).map(text).joined(separator: "; or ")
  }

  private static func text(_ form: KeyForm) -> String {
    switch form {
    case .number(let range): "a number, \(span(range))"
    case .numbers(let range, let count): "a list of \(number(count)) numbers, \(span(range))"
    case .interval(let range): "a list of two numbers, the lower one first, \(span(range))"
    case .integer(let range): "a whole number, \(span(range))"
    case .integers(let range, let count):
      "a list of \(number(count)) whole numbers, \(span(range))"
    case .flag: list(["true", "false"])
    case .words(let words): list(words)
    case .wordList(let words, let count): "a list of \(number(count)) of \(list(words))"
    case .text: "text"
    case .texts(let count): "a list of \(number(count)) texts"
    case .path([.file]): "the path of a file"
    case .path([.folder]): "the path of a folder"
    case .path: "the path of a file or folder"
    case .pattern(let group): "a regular expression with a group named `\(group)`"
    case .map: "a map"
    case .oneOf(let keys): "a map with exactly one of \(list(keys))"
    case .other(let text): text
    }
  }

  private static func list(_ words: [String]) -> String {
    words.map { "`\($0)`" }.joined(separator: ", ")
  }

  private static func span(_ range: ClosedRange<Double>) -> String {
    "\(ResolvedValue.number(range.lowerBound).flow)…\(ResolvedValue.number(range.upperBound).flow)"
  }

  private static func span(_ range: ClosedRange<Int>) -> String {
    range.upperBound == Int.max
      ? "at least \(range.lowerBound)" : "\(range.lowerBound)…\(range.upperBound)"
  }

  private static func number(_ count: ClosedRange<Int>) -> String {
    if count.upperBound == Int.max { return "at least \(count.lowerBound)" }
    return count.lowerBound == count.upperBound
      ? "\(count.lowerBound)" : "\(count.lowerBound)…\(count.upperBound)"
  }
}

/// The page as lines: prose, and below each heading at most one table of keys.
private struct ReferencePage {
  private static let head = "| Key | Values | Default | Meaning |"
  private let lines: [String]
  /// The headings that have a table of keys.
  private(set) var sections: Set<String> = []
  private var meanings: [String: String] = [:]

  init(_ text: String) {
    lines = text.components(separatedBy: "\n")
    var heading = ""
    for line in lines {
      if line.hasPrefix("## ") { heading = String(line.dropFirst(3)) }
      if line == Self.head { sections.insert(heading) }
      guard let match = line.wholeMatch(of: /\| `([^`]+)` \|.*\| (.*?) ?\|/) else { continue }
      meanings[String(match.1)] = String(match.2)
    }
  }

  func meaning(of key: String) -> String { meanings[key] ?? "" }

  /// The page with the tables made anew; meanings stay, and are empty where a key is new.
  func replacingTables(by rows: [KeyRow]) -> String {
    var heading = ""
    var isInTable = false
    var result: [String] = []
    for line in lines {
      if line.hasPrefix("## ") { heading = String(line.dropFirst(3)) }
      if line == Self.head {
        isInTable = true
        result += [line, "| --- | --- | --- | --- |"]
        result += rows.filter { $0.section == heading }.map { row in
          "| `\(row.key)` | \(row.values) | \(row.standard) | \(meaning(of: row.key)) |"
        }
      } else if !isInTable || !line.hasPrefix("|") {
        isInTable = false
        result.append(line)
      }
    }
    return result.joined(separator: "\n")
  }
}
