import Foundation
import ValenceCore

/// The files of a figure: its script, its data, its drawings, and the folder aside where they are made.
struct FigureFiles {
  let folder: URL
  let name: String
  let script: String
  let data: String
  /// A drawing for each format that is wanted.
  let drawings: [URL]
  /// The folder in which the files are made, until they are whole.
  let draft: URL

  init(_ figure: Figure, formats: [FigureOptions.Format], folder: URL) {
    (self.folder, name) = (folder, figure.name)
    draft = Draft.url(of: figure.name, in: folder)
    (script, data) = (figure.script(formats: formats), figure.data)
    drawings = formats.map { Self.file(figure.name, $0.rawValue, in: folder) }
  }

  var scriptFile: URL { Self.file(name, "gp", in: folder) }
  private var dataFile: URL { Self.file(name, "dat", in: folder) }

  /// Script, data, then the drawings.
  var all: [URL] { [scriptFile, dataFile] + drawings }

  /// Whether every file is there, script and data as they would be written, and no drawing that is not
  /// wanted.
  var areThere: Bool {
    Self.text(scriptFile) == script && Self.text(dataFile) == data
      && drawings.allSatisfy(Self.hasContent)
      && otherDrawings.allSatisfy { !FileManager.default.fileExists(atPath: $0.path) }
  }

  private var otherDrawings: [URL] {
    Self.everyFormat(name, in: folder).filter { !drawings.contains($0) }
  }

  // MARK: - The folder aside

  /// The place in which a file is made.
  func inDraft(_ file: URL) -> URL { draft.appending(path: file.lastPathComponent) }

  /// Whether gnuplot has made a drawing.
  func isDrawn(_ drawing: URL) -> Bool { Self.hasContent(inDraft(drawing)) }

  /// Writes script and data aside, for gnuplot to read.
  func writeDraft() throws {
    try FileManager.default.createDirectory(at: draft, withIntermediateDirectories: true)
    try Data(data.utf8).write(to: inDraft(dataFile))
    try Data(script.utf8).write(to: inDraft(scriptFile))
  }

  /// Puts the files in their places, the script last; without drawings those of older numbers go.
  func keep(drawings isDrawn: Bool) throws {
    for drawing in isDrawn ? otherDrawings : Self.everyFormat(name, in: folder) {
      try Self.remove(drawing)
    }
    for file in (isDrawn ? drawings : []) + [dataFile, scriptFile] {
      try Replacement.put(inDraft(file), at: file)
    }
  }

  /// Removes what programs that were ended left of a figure in the making.
  ///
  /// - Returns: whether there was anything. Then the figure's files may be of two figures: a program that
  ///   was killed may have put some of them in their places and not the others.
  static func removeDrafts(of name: String, in folder: URL) throws -> Bool {
    try removeDrafts(in: folder) { $0.name == name && ($0.isOwn || $0.isAbandoned) }
  }

  /// Removes what programs that were ended left of figures that are not among those named.
  static func removeDrafts(except names: Set<String>, in folder: URL) throws {
    _ = try removeDrafts(in: folder) { !names.contains($0.name) && $0.isAbandoned }
  }

  private static func removeDrafts(in folder: URL, _ condition: (Drawing) -> Bool) throws -> Bool {
    let drafts = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .map { folder.appending(path: $0) }.filter { Drawing($0).map(condition) ?? false }
    for draft in drafts { try FileManager.default.removeItem(at: draft) }
    return !drafts.isEmpty
  }

  /// A folder in which a figure is drawn, or was when its program ended.
  private struct Drawing {
    /// The figure's name.
    let name: String
    let isOwn: Bool
    let isAbandoned: Bool

    init?(_ url: URL) {
      let file = url.lastPathComponent
      if let draft = Draft(file) {
        (name, isOwn, isAbandoned) = (draft.name, draft.isOwn, draft.isAbandoned(at: url))
        return
      }
      // Named `.drawing-<process>-<figure>` by earlier versions, without the name of the machine.
      let start = ".drawing-"
      let parts = file.dropFirst(start.count).split(separator: "-", maxSplits: 1)
      guard file.hasPrefix(start), parts.count == 2,
        let process = ProcessIdentity(text: String(parts[0]))
      else { return nil }
      (name, isOwn, isAbandoned) = (String(parts[1]), false, !process.isRunning)
    }
  }

  // MARK: - Figures by name

  /// Whether the script and data of a name are as Valence wrote them.
  static func areOwn(_ name: String, in folder: URL) -> Bool {
    guard let script = text(file(name, "gp", in: folder)),
      let data = text(file(name, "dat", in: folder))
    else { return false }
    return Figure.isOwn(script: script, data: data)
  }

  /// Removes every file of a name.
  static func remove(_ name: String, in folder: URL) throws {
    // The script is what tells that the others are ours, so it goes last.
    for url in everyFormat(name, in: folder) { try remove(url) }
    for ending in ["dat", "gp"] { try remove(file(name, ending, in: folder)) }
  }

  private static func everyFormat(_ name: String, in folder: URL) -> [URL] {
    FigureOptions.Format.allCases.map { file(name, $0.rawValue, in: folder) }
  }

  private static func file(_ name: String, _ ending: String, in folder: URL) -> URL {
    folder.appending(path: "\(name).\(ending)")
  }

  private static func text(_ url: URL) -> String? { try? String(contentsOf: url, encoding: .utf8) }

  private static func hasContent(_ url: URL) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
    return (attributes?[.size] as? Int ?? 0) > 0
  }

  private static func remove(_ url: URL) throws {
    if FileManager.default.fileExists(atPath: url.path) {
      try FileManager.default.removeItem(at: url)
    }
  }
}
