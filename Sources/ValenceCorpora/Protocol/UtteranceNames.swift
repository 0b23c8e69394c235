import Foundation
import ValenceCore

/// Finds the utterances of a corpus that a fold file names.
///
/// A name is an utterance's id, else that of a file, with or without its extension. Only where no file has
/// that whole name is an extension of sound taken off, and folders that a name gives must not contradict
/// those of the file. Names are compared byte by byte; one that no file has so may be that of the only
/// file that differs in Unicode normalization.
struct UtteranceNames {
  /// Those with a class, then those that the label space leaves out.
  private let utterances: [Utterance]
  private let classed: Int
  private let exact: Index
  /// The same by normalized names, where there are any but ASCII.
  private let normalized: Index?
  /// The fold file or folder and the choice that names it, for messages.
  private let path: String
  private let field: FoldError.Field

  init(of corpus: LabeledCorpus, path: String, field: FoldError.Field) {
    utterances = corpus.utterances.map(\.utterance) + corpus.dropped
    classed = corpus.utterances.count
    (self.path, self.field) = (path, field)
    exact = Index(of: utterances.lazy.map { ($0.id, $0.filePath) })
    let isPlain = utterances.allSatisfy { $0.id.utf8.allSatisfy { $0 < 0x80 } }
    normalized =
      isPlain
      ? nil
      : Index(of: utterances.lazy.map { (Self.normalized($0.id), Self.normalized($0.filePath)) })
  }

  /// The result of matching a name.
  enum Match {
    case utterance(Int)
    /// The label space leaves it out.
    case dropped
    case missing
  }

  /// Looks a name up.
  ///
  /// - Throws: `FoldError.ambiguousFile` for a name that several utterances may have.
  func match(_ name: String) throws(FoldError) -> Match {
    var found = exact.find(name)
    if found.isEmpty, name.contains("\\") { found = exact.find(name.replacing("\\", with: "/")) }
    if found.isEmpty, let normalized { found = normalized.find(Self.normalized(name)) }
    guard let index = found.first else { return .missing }
    if found.count > 1 {
      throw .ambiguousFile(
        field, path: path, name: name, ids: found.map { utterances[$0].id })
    }
    return index < classed ? .utterance(index) : .dropped
  }

  private static func normalized(_ name: String) -> String {
    name.precomposedStringWithCanonicalMapping
  }

  /// A name as messages show it: without folders and an extension of sound.
  static func shown(_ name: String) -> String {
    let last = name.split(separator: "/").last.map(String.init) ?? name
    return withoutExtension(last) ?? last
  }

  /// A file's name without the extension of a format of sound or film; nil if it has none: what follows
  /// the dot of `anna.1` is a part of the name.
  private static func withoutExtension(_ name: String) -> String? {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
    let ending = name[name.index(after: dot)...].lowercased()
    guard CorpusFolder.kind(of: name) != .other || otherFormats.contains(ending) else { return nil }
    return String(name[..<dot])
  }

  /// Formats that lists name files by though they are converted for Valence.
  private static let otherFormats: Set<String> = [
    "3g2", "3gp", "ac3", "ape", "au", "mka", "nist", "pcm", "raw", "sph", "spx", "ts", "vox", "wv",
  ]
}

extension UtteranceNames {
  /// Utterances by id and by the name of their file.
  private struct Index {
    private var byID: [ExactName: Int] = [:]
    private var byStem: [ExactName: Int] = [:]
    /// The next utterance whose file has the same stem.
    private var next: [Int: Int] = [:]
    /// The path of each file, and the names of all folders above it.
    private var paths: [String] = []
    private var folders: Set<ExactName> = []

    /// Takes an id and a file's path for each utterance.
    init(of names: some Collection<(String, String)>) {
      byID.reserveCapacity(names.count)
      paths.reserveCapacity(names.count)
      var folder: Substring = ""
      for (index, (id, path)) in names.enumerated() {
        byID[ExactName(id)] = index
        paths.append(path)
        let stem = ExactName(CorpusFolder.stem(of: path))
        next[index] = byStem.updateValue(index, forKey: stem)
        // Neighbors are mostly in the same folder.
        let own = id.utf8.lastIndex(of: UInt8(ascii: "/")).map { id[..<$0] } ?? ""
        if !own.utf8.elementsEqual(folder.utf8) {
          folder = own
          for name in own.split(separator: "/") { folders.insert(ExactName(String(name))) }
        }
      }
    }

    /// The utterances that a name may mean, in the order of the corpus.
    func find(_ name: String) -> [Int] {
      if let index = byID[ExactName(name)] { return [index] }
      let parts = name.split(separator: "/").filter { $0 != "." }.map(String.init)
      guard let last = parts.last else { return [] }
      if let index = byID[ExactName(parts.joined(separator: "/"))] { return [index] }
      let above = parts.dropLast().map(ExactName.init)
      var whole = Set(files(withStem: last))
      for index in files(withStem: CorpusFolder.stem(of: last)) where fileName(index) == last {
        whole.insert(index)
      }
      if !whole.isEmpty { return among(whole, below: above) }
      guard let stem = UtteranceNames.withoutExtension(last) else { return [] }
      return among(Set(files(withStem: stem)), below: above)
    }

    private func files(withStem stem: String) -> [Int] {
      var found: [Int] = []
      var index = byStem[ExactName(stem)]
      while let file = index {
        found.append(file)
        index = next[file]
      }
      return found
    }

    private func fileName(_ index: Int) -> ExactName {
      ExactName(String(paths[index].split(separator: "/").last ?? ""))
    }

    /// The files whose folders agree best with those that a name gives, from the nearest up.
    ///
    /// A name that gives a folder of the corpus means no file of another folder.
    private func among(_ found: Set<Int>, below folders: [ExactName]) -> [Int] {
      guard let nearest = folders.last else { return found.sorted() }
      let isOfCorpus = self.folders.contains(nearest)
      var best: (shared: Int, files: [Int]) = (0, [])
      for index in found.sorted() {
        let own = paths[index].split(separator: "/").dropLast().map { ExactName(String($0)) }
        if isOfCorpus, !own.contains(nearest) { continue }
        let shared = zip(own.reversed(), folders.reversed()).prefix { $0 == $1 }.count
        if shared > best.shared { best = (shared, []) }
        if shared == best.shared { best.files.append(index) }
      }
      return best.files
    }
  }
}

extension ExactName {
  fileprivate static func == (a: ExactName, b: String) -> Bool { a == ExactName(b) }
}

/// The names that one side of a fold lists, matched with a corpus.
struct MatchedNames {
  /// The utterances, each once, in the order of the corpus.
  private(set) var indices: [Int] = []
  /// Those that the side lists more than once.
  private(set) var repeated: Set<Int> = []
  /// The names that the corpus does not have.
  private(set) var missing: Set<ExactName> = []

  /// Matches every name; what the label space leaves out is passed over.
  init(_ names: [String], in corpus: UtteranceNames) throws(FoldError) {
    var listed: Set<Int> = []
    for name in names {
      switch try corpus.match(name) {
      case .utterance(let index):
        if !listed.insert(index).inserted { repeated.insert(index) }
      case .dropped: break
      case .missing: missing.insert(ExactName(UtteranceNames.shown(name)))
      }
    }
    indices = listed.sorted()
  }
}

/// Names that only the fold lists or only the corpus has, gathered over all sides.
struct ListedNames {
  private var missing: Set<ExactName> = []
  private var listed: Set<Int> = []
  private var repeated: Set<Int> = []

  /// Whether nothing of the corpus is listed.
  var isEmpty: Bool { listed.isEmpty }

  /// Adds what a side lists, and returns its utterances.
  mutating func add(_ side: MatchedNames) -> [Int] {
    missing.formUnion(side.missing)
    listed.formUnion(side.indices)
    repeated.formUnion(side.repeated)
    return side.indices
  }

  /// Sentences about it.
  func remarks(source: String, corpus: LabeledCorpus) -> [String] {
    var remarks: [String] = []
    if let first = missing.min() {
      remarks.append(
        "\(source) list \(Wording.counted(missing.count, "file", "files")) that \(corpus.name) does not have "
          + "here (\(first.text)\(missing.count > 1 ? ", …" : "")).")
    }
    let unlisted = corpus.utterances.indices.filter { !listed.contains($0) }
    if let first = unlisted.first {
      remarks.append(
        "\(Wording.counted(unlisted.count, "utterance", "utterances")) of \(corpus.name) "
          + "\(unlisted.count == 1 ? "is" : "are") left out, as \(source) do not list "
          + "\(unlisted.count == 1 ? "it" : "them") (\(corpus.utterances[first].utterance.id)"
          + "\(unlisted.count > 1 ? ", …" : "")).")
    }
    if let first = repeated.min() {
      let count = Wording.counted(repeated.count, "utterance", "utterances")
      remarks.append(
        "\(source) list \(count) of \(corpus.name) more than once on a side "
          + "(\(corpus.utterances[first].utterance.id)\(repeated.count > 1 ? ", …" : "")); each counts "
          + "once there.")
    }
    return remarks
  }
}
