package import Foundation
package import ValenceCore

/// An experiment file as it was written: keys and values, each with its line.
package struct PlanDocument: Sendable {
  /// The file as the user named it; what messages begin with.
  package let file: String
  /// The folder that the file's relative paths start from.
  package let folder: URL
  var root: PlanNode
  /// Where the file says what it extends, if it extends something.
  let extendsPlace: SourcePlace?
  /// The folders of the files that it extends, by their names in messages.
  let baseFolders: [String: URL]
  /// Problems of the overrides themselves.
  var problems: [Problem] = []

  /// Reads a file, and what it extends, and puts `overrides` (each `key=value`, the value as YAML)
  /// over it; `environment` is where `${NAME}` and `~` in `extends` are looked up.
  ///
  /// - Throws: `Problems` if a file cannot be read or is not well-formed YAML.
  package init(
    contentsOf path: String, overrides: [String] = [],
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(Problems) {
    try self.init(
      text: Self.text(ofFile: path, as: path), file: path,
      folder: URL(filePath: path).deletingLastPathComponent(), overrides: overrides,
      environment: environment)
  }

  /// Reads the text of an experiment file; see `init(contentsOf:overrides:environment:)`.
  package init(
    text: String, file: String, folder: URL, overrides: [String] = [],
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(Problems) {
    self.file = file
    self.folder = URL(filePath: folder.path, directoryHint: .isDirectory)
    let own = try Self.root(
      of: text, file: file, use: "an experiment needs at least name, corpora and labels")
    extendsPlace = own.entries?.first { $0.key == "extends" }?.place
    var bases = BaseFiles(environment: environment)
    root = try bases.complete(own, chain: [.init(name: file, folder: self.folder)])
    baseFolders = bases.folders
    put(overrides)
  }

  /// The text of a file that messages call `name`.
  static func text(ofFile path: String, as name: String) throws(Problems) -> String {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw Problems([
        Problem("this file cannot be read; is the path right?", at: SourcePlace(file: name))
      ])
    }
    guard let text = String(data: data, encoding: .utf8) else {
      let line = firstLineThatIsNotUTF8(data)
      throw Problems([
        Problem(
          "this line is not UTF-8 text; save the file as UTF-8.",
          at: SourcePlace(file: name, line: line))
      ])
    }
    return text
  }

  /// The keys of a text; `use` says why there must be some.
  static func root(of text: String, file: String, use: String) throws(Problems) -> PlanNode {
    var reader = YAMLReader(file: file)
    let root = try reader.read(text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text)
    guard root.entries != nil else {
      let isEmpty = root.text == nil && root.elements == nil
      let found = isEmpty ? "this file is empty" : "expected keys, found \(root.found)"
      throw Problems([
        Problem("\(found); \(use).", at: isEmpty ? SourcePlace(file: file) : root.place)
      ])
    }
    return root
  }

  private static func firstLineThatIsNotUTF8(_ data: Data) -> Int? {
    let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.firstIndex { String(data: $0, encoding: .utf8) == nil }.map { $0 + 1 }
  }
}
