import Foundation
import ValenceCore

/// Reads a corpus from a CSV with a row an utterance.
struct ManifestReader {
  /// The columns that Valence reads; a manifest may call them otherwise.
  ///
  /// The words are keys of the experiment file (`CorpusOptions.manifestColumns`), and `ManifestGuess` has the
  /// names that other tables give them.
  enum Column: String, CaseIterable {
    case file, speaker, emotion, gender, sentence, intensity, language, start, end, split

    /// Whether there is no corpus without it.
    var isRequired: Bool { self == .file || self == .emotion }
  }

  let options: CorpusOptions
  /// Valence's word → the manifest's column.
  let columns: [String: String]

  /// The corpus; ids are the paths that the manifest gives, with `#start-end` for spans.
  func corpus() throws(CorpusErrors) -> Corpus {
    let manifest = try manifestFile()
    let table: Table
    do {
      table = try Table(ofUser: manifest)
    } catch {
      throw CorpusErrors([.manifestUnreadable(sentence: "\(error)")])
    }
    let positions = try positions(in: table, manifest: manifest.path)
    guard !table.rows.isEmpty else {
      throw CorpusErrors([.manifestEmpty(manifest: manifest.path)])
    }
    let root = manifest.deletingLastPathComponent()
    var rows = ManifestRows(table: table, positions: positions, root: root)
    let utterances = try utterances(of: &rows, line: table.line, manifest: manifest.path)
    return Corpus(
      name: options.name, root: root, utterances: utterances,
      remarks: CorpusFolder.remarks(of: root))
  }

  private func manifestFile() throws(CorpusErrors) -> URL {
    let inside = options.path.appending(path: "manifest.csv", directoryHint: .notDirectory)
    let manifest = PathKind(options.path) == .folder ? inside : options.path
    guard PathKind(manifest) == .file else {
      throw CorpusErrors([.missing(path: manifest.path)])
    }
    return manifest
  }

  /// The position of each column in the table.
  private func positions(in table: Table, manifest: String) throws(CorpusErrors) -> [Column: Int] {
    // The reader of plans and the guesser name no other.
    precondition(columns.keys.allSatisfy { Column(rawValue: $0) != nil }, "\(columns)")
    var errors: [CorpusError] = []
    var positions: [Column: Int] = [:]
    for word in Column.allCases {
      let column = columns[word.rawValue] ?? word.rawValue
      if let position = table.column(column) {
        positions[word] = position
      } else if word.isRequired || columns[word.rawValue] != nil {
        errors.append(
          .missingColumn(
            manifest: manifest, column: column, word: word.rawValue,
            hint: NearestWord(among: table.columns).hint(for: column)))
      }
    }
    let free = Column.allCases.filter { positions[$0] == nil && !$0.isRequired }
    let nearest = NearestWord(among: free.map(\.rawValue))
    for (position, column) in table.columns.enumerated()
    where !positions.values.contains(position) {
      guard let word = nearest.nearest(to: column) else { continue }
      errors.append(.mistypedColumn(manifest: manifest, column: column, nearest: word))
    }
    guard errors.isEmpty else { throw CorpusErrors(errors) }
    return positions
  }

  /// - Parameter line: the manifest's line of a row (from 0).
  private func utterances(
    of rows: inout ManifestRows, line: (Int) -> Int, manifest: String
  ) throws(CorpusErrors) -> [Utterance] {
    var utterances: [Utterance] = []
    var lineOfID: [ExactName: Int] = [:]
    let count = rows.table.rows.count
    utterances.reserveCapacity(count)
    lineOfID.reserveCapacity(count)
    var errors: [(fault: ManifestRows.Fault, line: Int)] = []
    for row in 0..<count {
      let line = line(row)
      switch rows.utterance(at: row) {
      case .failure(let fault): errors.append((fault, line))
      case .success(let utterance):
        if let earlier = lineOfID.updateValue(line, forKey: ExactName(utterance.id)) {
          let reason = "\(utterance.id) is on line \(earlier) already"
          errors.append((.init(kind: .duplicate, reason: reason), line))
        } else {
          utterances.append(utterance)
        }
      }
    }
    guard errors.isEmpty else { throw CorpusErrors(sentences(errors, manifest: manifest)) }
    return utterances
  }

  /// The first three faults of each kind, then how many more there are of it.
  private func sentences(
    _ errors: [(fault: ManifestRows.Fault, line: Int)], manifest: String
  ) -> [CorpusError] {
    ManifestRows.Fault.Kind.allCases.flatMap { kind -> [CorpusError] in
      let alike = errors.filter { $0.fault.kind == kind }
      var told = alike.prefix(3).map {
        CorpusError.line(manifest: manifest, line: $0.line, reason: $0.fault.reason)
      }
      if let first = alike.first, alike.count > 3 {
        told.append(
          .furtherLines(manifest: manifest, count: alike.count - 3, like: first.line))
      }
      return told
    }
  }
}
