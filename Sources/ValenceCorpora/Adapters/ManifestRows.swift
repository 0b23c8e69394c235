import Foundation
import ValenceCore

/// The rows of a manifest, read one at a time.
struct ManifestRows {
  /// Why a row is no utterance.
  struct Fault: Error {
    enum Kind: CaseIterable { case empty, missingFile, number, span, split, duplicate }
    let kind: Kind
    /// What follows the file and the line, without a full stop.
    let reason: String
  }

  let table: Table
  let positions: [ManifestReader.Word: Int]
  /// The folder that relative paths start from.
  let root: URL

  /// The utterance of a row (from 0), or what is wrong with it.
  func utterance(at row: Int) -> Result<Utterance, Fault> {
    Result { () throws(Fault) in
      let path = try required(.file, row)
      let label = try required(.emotion, row)
      guard let file = Self.file(path, below: root) else {
        throw Fault(kind: .missingFile, reason: "there is no audio file '\(path)'")
      }
      let span = try span(row)
      let place = span.map { "#\($0.lowerBound)-\($0.upperBound)" } ?? ""
      return Utterance(
        id: relative(file) + place, file: file, span: span, speaker: text(.speaker, row),
        label: label, gender: gender(row), language: text(.language, row),
        sentence: text(.sentence, row), intensity: text(.intensity, row), split: try split(row))
    }
  }

  /// The file at a path that may be written as on Windows; nil if there is none.
  static func file(_ path: String, below root: URL) -> URL? {
    [path, path.replacing("\\", with: "/")].lazy.map { path in
      URL(filePath: path, directoryHint: .notDirectory, relativeTo: root).absoluteURL.standardized
    }.first { PathKind($0) == .file }
  }

  /// The path below the manifest's folder; a file elsewhere keeps its whole path.
  private func relative(_ file: URL) -> String {
    let folder = root.absoluteURL.standardized.path
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    return file.path.hasPrefix(prefix) ? String(file.path.dropFirst(prefix.count)) : file.path
  }

  /// The trimmed field, or nil where it is empty or the manifest has no such column.
  private func text(_ word: ManifestReader.Word, _ row: Int) -> String? {
    guard let position = positions[word] else { return nil }
    let text = table.rows[row][position].trimmingCharacters(in: .whitespaces)
    return text.isEmpty ? nil : text
  }

  private func required(_ word: ManifestReader.Word, _ row: Int) throws(Fault) -> String {
    guard let text = text(word, row) else {
      throw Fault(kind: .empty, reason: "its \(word.rawValue) is empty")
    }
    return text
  }

  private func span(_ row: Int) throws(Fault) -> ClosedRange<Double>? {
    let start = try seconds(.start, row)
    let end = try seconds(.end, row)
    switch (start, end) {
    case (nil, nil): return nil
    case (let start?, let end?) where start < end: return start...end
    case (let start?, let end?):
      throw Fault(kind: .span, reason: "it starts at \(start) s and ends at \(end) s, not later")
    case (.some, nil): throw Fault(kind: .span, reason: "it has a start and no end")
    case (nil, .some): throw Fault(kind: .span, reason: "it has an end and no start")
    }
  }

  private func seconds(_ word: ManifestReader.Word, _ row: Int) throws(Fault) -> Double? {
    guard let text = text(word, row) else { return nil }
    guard let seconds = Double(text), seconds.isFinite, seconds >= 0 else {
      throw Fault(
        kind: .number, reason: "its \(word.rawValue) '\(text)' is not a number of seconds")
    }
    return seconds
  }

  private func gender(_ row: Int) -> String? {
    switch text(.gender, row)?.lowercased() {
    case "female", "f", "w", "woman": "female"
    case "male", "m", "man": "male"
    default: nil
    }
  }

  private func split(_ row: Int) throws(Fault) -> String? {
    guard let text = text(.split, row) else { return nil }
    guard let name = SplitName(text) else {
      throw Fault(
        kind: .split, reason: "its split '\(text)' is not one of train, validation, test")
    }
    return name.rawValue
  }
}

/// The sides of a split, by the names that publishers give them.
enum SplitName: String {
  case train, validation, test

  /// Reads a name, whatever its case; `dev` and `valid` are validation.
  init?(_ text: String) {
    switch text.lowercased() {
    case "train", "training": self = .train
    case "validation", "valid", "val", "dev", "devel", "development": self = .validation
    case "test", "testing", "eval": self = .test
    default: return nil
    }
  }
}
