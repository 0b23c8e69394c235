import Foundation
import ValenceCore

/// The files below a corpus folder, however deep; hidden files and folders are left out.
struct CorpusFolder {
  /// The kind of a file, by its extension; of copies in several forms the first is the best.
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
  /// Links to a folder that is read elsewhere, or that contains the corpus.
  let links: [SkippedFile]

  /// Lists the files below a folder.
  ///
  /// Each folder is read once, by its own path before that of a link: folders that link to each other
  /// would else be walked in all orders.
  /// - Throws: `CorpusErrors` for a folder that cannot be read, and for names that are no UTF-8.
  init(_ folder: URL) throws(CorpusErrors) {
    switch PathKind(folder) {
    case .missing: throw CorpusErrors([.missing(path: folder.path)])
    case .file: throw CorpusErrors([.notAFolder(path: folder.path)])
    case .folder: break
    }
    root = folder
    var walk = Walk(above: folder)
    try walk.enter(folder, below: "")
    try walk.followLinks()
    guard walk.unnamed.isEmpty else {
      throw CorpusErrors([.namesNotUTF8(path: folder.path, names: walk.unnamed)])
    }
    files = walk.files.sorted { ExactName($0) < ExactName($1) }
    links = walk.left
  }

  /// A walk through the folders below one.
  private struct Walk {
    private(set) var files: [String] = []
    private(set) var left: [SkippedFile] = []
    /// Names whose bytes are no UTF-8: Swift's text of them opens no file.
    private(set) var unnamed: [String] = []
    /// Links to folders that are still to be followed.
    private var links: [(folder: URL, path: String)] = []
    /// The path of each real folder that was read; nil for folders that contain the corpus: a link to
    /// one of them would read everything beside the corpus.
    private var seen: [ExactName: String?]

    /// A walk that never enters a folder that contains the given one.
    init(above folder: URL) {
      let names = folder.resolvingSymlinksInPath().pathComponents.dropFirst()
      seen = Dictionary(
        names.indices.map { (ExactName("/" + names[..<$0].joined(separator: "/")), String?.none) },
        uniquingKeysWith: { one, _ in one })
    }

    mutating func enter(_ folder: URL, below prefix: String) throws(CorpusErrors) {
      let real = folder.resolvingSymlinksInPath().path
      if let first = seen[ExactName(real)] {
        let place = first.map { $0.isEmpty ? "the corpus folder" : String($0.dropLast()) }
        left.append(
          SkippedFile(
            id: String(prefix.dropLast()),
            reason: "It is a link to \(place ?? "a folder that contains the corpus")"
              + (place == nil ? "." : ", which is read there.")))
        return
      }
      seen[ExactName(real)] = prefix
      let names: [String]
      do {
        names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      } catch {
        throw CorpusErrors([.unreadableFolder(path: folder.path)])
      }
      for name in names.sorted(by: { ExactName($0) < ExactName($1) }) where !name.hasPrefix(".") {
        let entry = folder.appending(path: name, directoryHint: .notDirectory)
        switch PathKind(entry) {
        case .folder where entry.resolvingSymlinksInPath().path == real + "/" + name:
          try enter(entry, below: prefix + name + "/")
        case .folder: links.append((entry, prefix + name + "/"))
        case .missing where Self.isReplaced(name): unnamed.append(prefix + name)
        // A link that leads nowhere is listed too: its file cannot be read, and that is said there.
        case .file, .missing: files.append(prefix + name)
        }
      }
    }

    /// Follows the links in their order, and those that are met on the way after them.
    mutating func followLinks() throws(CorpusErrors) {
      while !links.isEmpty {
        let link = links.removeFirst()
        try enter(link.folder, below: link.path)
      }
    }

    /// Whether a missing name has replaced bytes that are no UTF-8, and could be a sound file's.
    private static func isReplaced(_ name: String) -> Bool {
      let hasExtension = name.contains(".") && CorpusFolder.kind(of: name) == .other
      return name.unicodeScalars.contains("\u{FFFD}") && !hasExtension
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

  /// The kind of a file of that name.
  static func kind(of path: String) -> Kind {
    let name =
      path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[$0...].dropFirst() } ?? path[...]
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return .other }
    return switch name[name.index(after: dot)...].lowercased() {
    case "wav", "wave", "bwf", "flac", "aif", "aiff", "aifc", "afc", "au", "snd", "caf", "w64",
      "rf64",
      "sph", "nist", "voc", "ircam", "sf":
      .lossless
    case "ogg", "oga", "opus", "mp3", "mp2", "mp1", "mpga": .lossy
    case "mp4", "m4a", "m4b", "m4r", "m4v", "mov", "qt", "3gp", "3gpp", "3ga", "3g2", "avi", "mkv",
      "mka", "webm", "weba", "wma", "wmv", "asf", "aac", "adts", "ac3", "eac3", "amr", "awb", "flv",
      "f4v",
      "f4a", "mpg", "mpeg", "vob", "ts", "mts", "m2ts", "ogv", "ogx", "spx", "wv":
      .media
    default: .other
    }
  }

  /// The paths of files that are named as sound is, in forms that are not read.
  var unreadAudioFiles: [String] {
    files.filter { Self.unreadAudio.contains(($0 as NSString).pathExtension.lowercased()) }
  }

  /// The remark on such a file.
  static let unread = "Its name is that of audio in a form that is not read; convert it to WAV."

  /// The paths of files in folders of classes whose names have no extension, or one of digits alone as in
  /// `anna.1`: they may be sound, and would else be left out without a word.
  var filesWithoutExtension: [String] {
    files.filter { path in
      let name = path.split(separator: "/").last ?? ""
      let ending = name.lastIndex(of: ".").map { name[$0...].dropFirst() } ?? ""
      return path.contains("/") && ending.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
  }

  /// The remark on such a file.
  static let withoutExtension =
    "Its name has no extension; if it is audio, give it the one of its format, such as .wav."

  private static let unreadAudio: Set = [
    "ape", "tta", "mpc", "ra", "rm", "rmvb", "dsf", "dff", "dts", "mlp", "shn", "ofr", "tak",
    "alac",
    "ac4", "qcp", "dss", "ds2", "dvf", "msv", "gsm", "vox", "raw", "pcm", "sln", "g722", "g726",
    "mid",
    "midi", "aa", "aax", "8svx", "sd2", "latm", "loas", "at3", "oma",
  ]

  /// The file's name without folder and extension.
  static func stem(of path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return String(name) }
    return String(name[..<dot])
  }
}
