import Foundation

/// The files below a corpus folder, however deep; hidden files and folders are left out.
struct CorpusFolder {
  /// What a file is, by its extension; of copies in several forms the first is the best.
  enum Kind: Int {
    /// Sound as it was recorded, or packed without loss.
    case lossless
    /// Sound that lost something when it was packed.
    case lossy
    /// A container of video or of sound that takes ffmpeg to decode.
    case media
    /// It is no sound: text, tables, pictures.
    case other
  }

  let root: URL
  /// Paths below `root`, in alphabetical order.
  let files: [String]

  /// Lists the files below a folder.
  init(_ folder: URL) throws(CorpusErrors) {
    switch PathKind(folder) {
    case .missing: throw CorpusErrors([.missing(path: folder.path)])
    case .file: throw CorpusErrors([.notAFolder(path: folder.path)])
    case .folder: break
    }
    root = folder
    var found: [String] = []
    try Self.list(folder, below: "", ancestors: Self.folders(above: folder), into: &found)
    files = found.sorted()
  }

  /// A folder's parents, as they are without links: a link to one of them would bring in all that lies
  /// beside the corpus.
  private static func folders(above folder: URL) -> Set<String> {
    let names = folder.resolvingSymlinksInPath().pathComponents.dropFirst()
    return Set(names.indices.map { "/" + names[..<$0].joined(separator: "/") })
  }

  /// Follows links to folders, but never into a folder that it is already inside of.
  private static func list(
    _ folder: URL, below prefix: String, ancestors: Set<String>, into found: inout [String]
  ) throws(CorpusErrors) {
    let real = folder.resolvingSymlinksInPath().path
    guard !ancestors.contains(real) else { return }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    } catch {
      throw CorpusErrors([.unreadableFolder(path: folder.path)])
    }
    for name in names where !name.hasPrefix(".") {
      let entry = folder.appending(path: name, directoryHint: .notDirectory)
      switch PathKind(entry) {
      case .folder:
        try list(
          entry, below: prefix + name + "/", ancestors: ancestors.union([real]), into: &found)
      // A link that leads nowhere is listed too: its file cannot be read, and that is said there.
      case .file, .missing: found.append(prefix + name)
      }
    }
  }

  /// The paths of the files that hold sound.
  var audioFiles: [String] { files.filter { Self.kind(of: $0) != .other } }

  /// The same, those that lost least in packing first.
  var audioFilesByQuality: [String] {
    audioFiles.map { (Self.kind(of: $0).rawValue, $0) }.sorted { $0 < $1 }.map(\.1)
  }

  /// The file at a path below the folder.
  func url(_ path: String) -> URL { root.appending(path: path, directoryHint: .notDirectory) }

  /// The whole path of the file at a path below the folder.
  func wholePath(_ path: String) -> String { url(path).path }

  /// Sentences for the reader of the results: what a `synthetic.txt` in the folder says.
  var remarks: [String] { Self.remarks(of: root) }

  /// See `remarks`.
  static func remarks(of root: URL) -> [String] {
    let note = root.appending(path: "synthetic.txt", directoryHint: .notDirectory)
    guard let data = FileManager.default.contents(atPath: note.path) else { return [] }
    let text = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    return [text.isEmpty ? "This speech is synthetic." : text.joined(separator: " ")]
  }

  /// What a file of that name is.
  static func kind(of path: String) -> Kind {
    let name =
      path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[$0...].dropFirst() } ?? path[...]
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return .other }
    return switch name[name.index(after: dot)...].lowercased() {
    case "wav", "wave", "flac", "aif", "aiff", "aifc", "au", "snd", "caf", "w64", "rf64": .lossless
    case "ogg", "oga", "opus", "mp3": .lossy
    case "mp4", "m4a", "m4v", "mov", "avi", "mkv", "webm", "wma", "aac", "amr", "flv", "mpg",
      "mpeg":
      .media
    default: .other
    }
  }

  /// The file's name without folder and extension.
  static func stem(of path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return String(name) }
    return String(name[..<dot])
  }
}

/// What lies at a path, links followed.
enum PathKind {
  case missing, file, folder

  /// Looks at a path.
  init(_ url: URL) {
    do {
      let values = try url.resolvingSymlinksInPath().resourceValues(forKeys: [.isDirectoryKey])
      self = values.isDirectory == true ? .folder : .file
    } catch {
      self = .missing
    }
  }
}
