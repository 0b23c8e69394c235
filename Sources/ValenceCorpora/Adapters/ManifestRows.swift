import Foundation
import ValenceCore

/// The rows of a manifest, read one at a time.
struct ManifestRows {
  /// Why a row is no utterance.
  struct Fault: Error {
    enum Kind: CaseIterable { case empty, missingFile, number, span, split, duplicate }
    let kind: Kind
    /// The sentence after file and line, without a full stop.
    let reason: String
  }

  let table: Table
  let positions: [ManifestReader.Column: Int]
  /// The files that the rows name.
  private var files: ManifestFiles

  /// - Parameter root: the folder that relative paths start from.
  init(table: Table, positions: [ManifestReader.Column: Int], root: URL) {
    (self.table, self.positions, files) = (table, positions, ManifestFiles(root: root))
  }

  /// The utterance of a row (from 0), or what is wrong with it.
  mutating func utterance(at row: Int) -> Result<Utterance, Fault> {
    Result { () throws(Fault) in
      let path = try required(.file, row)
      let label = try required(.emotion, row)
      guard let file = files.audio(path) else {
        throw Fault(
          kind: .missingFile, reason: "there is no audio file '\(path)'" + files.hint(for: path))
      }
      let span = try span(row)
      let place = span.map { "#\($0.lowerBound)-\($0.upperBound)" } ?? ""
      return Utterance(
        id: files.relative(file) + place, filePath: file, span: span,
        Utterance.Annotation(
          speaker: text(.speaker, row), label: label, gender: gender(row),
          language: text(.language, row), sentence: text(.sentence, row),
          intensity: text(.intensity, row), split: try split(row)))
    }
  }

  /// The trimmed field, or nil where it is empty or the manifest has no such column.
  private func text(_ word: ManifestReader.Column, _ row: Int) -> String? {
    guard let position = positions[word] else { return nil }
    let text = table.rows[row][position]
    // Nearly every field has nothing to trim, and a manifest may have ten million.
    if let first = text.utf8.first, let last = text.utf8.last, Self.isInk(first), Self.isInk(last) {
      return text
    }
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    return trimmed.isEmpty ? nil : trimmed
  }

  /// Whether a byte is a character of its own that is no space.
  private static func isInk(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }

  private func required(_ word: ManifestReader.Column, _ row: Int) throws(Fault) -> String {
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

  private func seconds(_ word: ManifestReader.Column, _ row: Int) throws(Fault) -> Double? {
    guard let text = text(word, row) else { return nil }
    guard let seconds = Double(text), seconds.isFinite, seconds >= 0 else {
      throw Fault(
        kind: .number, reason: "its \(word.rawValue) '\(text)' is not a number of seconds")
    }
    return seconds
  }

  private func gender(_ row: Int) -> Gender? {
    switch text(.gender, row)?.lowercased() {
    case "female", "f", "w", "woman": .female
    case "male", "m", "man": .male
    default: nil
    }
  }

  private func split(_ row: Int) throws(Fault) -> SplitName? {
    guard let text = text(.split, row) else { return nil }
    guard let name = SplitName(text) else {
      throw Fault(
        kind: .split, reason: "its split '\(text)' is not one of train, validation, test")
    }
    return name
  }
}

/// The audio files that a manifest names, each looked for once.
struct ManifestFiles {
  private let root: URL
  private let folder: String
  private var found: [ExactName: String?] = [:]
  /// The names in folders where a file was not found as it is written.
  private var entries: [ExactName: [String]] = [:]

  init(root: URL) {
    self.root = root
    let path = root.absoluteURL.standardized.path
    folder = path.hasSuffix("/") ? path : path + "/"
  }

  /// The whole path of the file that a row names, perhaps as on Windows; nil if there is none.
  ///
  /// Where no file has the very name, the only one that differs from it in Unicode normalization is it.
  mutating func audio(_ path: String) -> String? {
    let key = ExactName(path)
    if let known = found[key] { return known }
    let slashed = path.contains("\\") ? path.replacing("\\", with: "/") : nil
    var audio = file(whole(path)) ?? slashed.flatMap { file(whole($0)) }
    for path in [path, slashed ?? ""] where audio == nil { audio = equivalents(of: path).only }
    found[key] = .some(audio)
    return audio
  }

  /// A hint at the file that may be meant, to follow the sentence that it was not found.
  mutating func hint(for path: String) -> String {
    let count = equivalents(of: path).count
    if count > 1 {
      return
        "; \(count) files have this name in other Unicode normalizations, so write it as one of them"
    }
    let parts = whole(path).split(separator: "/").map(String.init)
    let above = "/" + parts.dropLast().joined(separator: "/")
    let isThere = names(in: above).contains { name in
      name.unicodeScalars.contains("\u{FFFD}")
        && Self.matches(Array(name.unicodeScalars), Array((parts.last ?? "").unicodeScalars))
    }
    return isThere ? "; a file there has that name in bytes that are no UTF-8, so rename it" : ""
  }

  /// Whether a name whose unreadable characters were replaced may be another.
  private static func matches(_ replaced: [UnicodeScalar], _ name: [UnicodeScalar]) -> Bool {
    replaced.count == name.count
      && zip(replaced, name).allSatisfy { $0 == $1 || $0 == "\u{FFFD}" && !$1.isASCII }
  }

  private func file(_ whole: String) -> String? {
    // A folder is what has itself inside; no file has.
    let files = FileManager.default
    return files.fileExists(atPath: whole) && !files.fileExists(atPath: whole + "/.") ? whole : nil
  }

  /// The whole paths of files whose names are canonically equal to the parts of a path.
  private mutating func equivalents(of path: String) -> [String] {
    guard path.utf8.contains(where: { $0 >= 0x80 }) else { return [] }
    var paths = [""]
    for part in whole(path).split(separator: "/") {
      var found: [String] = []
      for above in paths {
        let exact = "\(above)/\(part)"
        if FileManager.default.fileExists(atPath: exact) {
          found.append(exact)
        } else {
          found += names(in: above.isEmpty ? "/" : above).filter { $0 == part }
            .map { "\(above)/\($0)" }
        }
      }
      paths = found
    }
    return paths.filter { file($0) != nil }
  }

  /// The names in a folder, in the order of their bytes; none where there is no such folder.
  private mutating func names(in folder: String) -> [String] {
    let key = ExactName(folder)
    if let known = entries[key] { return known }
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .sorted { ExactName($0) < ExactName($1) }
    entries[key] = names
    return names
  }

  /// The path below the manifest's folder; a file elsewhere keeps its whole path.
  func relative(_ file: String) -> String {
    file.hasPrefix(folder) ? String(file.dropFirst(folder.count)) : file
  }

  /// The path from the root of the file system, without steps back and forth.
  private func whole(_ path: String) -> String {
    let joined = path.hasPrefix("/") ? path : folder + path
    if !joined.contains("/.") && !joined.contains("//") && !joined.hasSuffix("/") { return joined }
    return URL(filePath: path, directoryHint: .notDirectory, relativeTo: root)
      .absoluteURL.standardized.path
  }
}

extension [String] {
  /// The only element, if there is one and no more.
  fileprivate var only: String? { count == 1 ? self[0] : nil }
}
