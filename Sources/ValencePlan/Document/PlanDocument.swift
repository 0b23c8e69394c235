public import Foundation
public import ValenceCore

/// An experiment file as it was written: keys and values, each with its line.
public struct PlanDocument: Sendable {
  /// The file as the user named it; what messages begin with.
  public let file: String
  /// The folder that the file's relative paths start from.
  public let folder: URL
  var root: PlanNode
  /// What is wrong with the overrides themselves.
  var problems: [Problem] = []

  /// Reads a file and puts `overrides` (each `key=value`, the value as YAML) over it.
  ///
  /// - Throws: `Problems` if the file cannot be read or is not well-formed YAML.
  public init(contentsOf path: String, overrides: [String] = []) throws(Problems) {
    let url = URL(filePath: path)
    guard let data = try? Data(contentsOf: url) else {
      throw Problems([
        Problem("this file cannot be read; is the path right?", at: SourcePlace(file: path))
      ])
    }
    guard let text = String(data: data, encoding: .utf8) else {
      let line = Self.firstLineThatIsNotUTF8(data)
      throw Problems([
        Problem(
          "this line is not UTF-8 text; save the file as UTF-8.",
          at: SourcePlace(file: path, line: line))
      ])
    }
    try self.init(
      text: text, file: path, folder: url.deletingLastPathComponent(), overrides: overrides)
  }

  /// Reads the text of an experiment file; see `init(contentsOf:overrides:)`.
  public init(text: String, file: String, folder: URL, overrides: [String] = [])
    throws(Problems)
  {
    self.file = file
    self.folder = URL(filePath: folder.path, directoryHint: .isDirectory)
    var reader = YAMLReader(file: file)
    let root = try reader.read(text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text)
    guard root.entries != nil else {
      let isEmpty = root.text == nil && root.elements == nil
      let found = isEmpty ? "this file is empty" : "expected keys, found \(root.found)"
      throw Problems([
        Problem(
          "\(found); an experiment needs at least name, corpora and labels.",
          at: isEmpty ? SourcePlace(file: file) : root.place)
      ])
    }
    self.root = root
    put(overrides)
  }

  private static func firstLineThatIsNotUTF8(_ data: Data) -> Int? {
    let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.firstIndex { String(data: $0, encoding: .utf8) == nil }.map { $0 + 1 }
  }
}
