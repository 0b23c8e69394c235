import Foundation
import ValenceCore

/// Reads folds from a table with the columns `file` and `fold`, and perhaps `split`.
struct FoldTable {
  private let table: Table
  private let corpus: LabeledCorpus
  /// The table as messages call it: its path.
  private let path: String

  /// A table in memory.
  init(_ table: Table, of corpus: LabeledCorpus, path: String = "the table of folds") {
    (self.table, self.corpus, self.path) = (table, corpus, path)
  }

  /// A table in a CSV file.
  init(file: URL, of corpus: LabeledCorpus) throws(FoldError) {
    do {
      self.init(try Table(ofUser: file), of: corpus, path: file.path)
    } catch {
      throw .foldFile(.csv, sentence: "\(error)")
    }
  }

  /// Without `split`, a file is tested in the fold of its row and trained on in all others.
  func drafts() throws(FoldError) -> FoldMaker.Drafts {
    let rows = try rows()
    let names = UtteranceNames(of: corpus, path: path, field: .csv)
    let hasSplit = table.column("split") != nil
    var listed = ListedNames()
    func indices(_ rows: [Row]) throws(FoldError) -> [Int] {
      listed.add(try MatchedNames(rows.map(\.file), in: names))
    }
    var folds: [FoldMaker.Draft] = []
    for name in foldNames(rows) {
      let own = rows.filter { $0.fold == name }
      let validation = try indices(own.filter { $0.split == .validation })
      let train =
        !hasSplit
        ? rows.filter { $0.fold != name } : own.filter { $0.split == .train }
      folds.append(
        FoldMaker.Draft(
          name: name, rest: try indices(train), validation: validation.isEmpty ? nil : validation,
          test: try indices(own.filter { $0.split == .test })))
    }
    guard !listed.isEmpty else {
      throw .nothingMatches(.csv, path: path, example: rows.first?.file ?? "nothing")
    }
    return FoldMaker.Drafts(
      folds: folds,
      remarks: listed.remarks(
        source: "the folds of \(path.split(separator: "/").last ?? "")", corpus: corpus))
  }

  private struct Row: Hashable {
    var file: String
    var fold: String
    var split: SplitName
  }

  private func rows() throws(FoldError) -> [Row] {
    func column(_ name: String) throws(FoldError) -> Int {
      guard let position = table.column(name) else {
        let hint = NearestWord(among: table.columns).hint(for: name)
        throw .foldFile(.csv, sentence: "\(path): there is no column '\(name)'; \(hint)")
      }
      return position
    }
    let (fileColumn, foldColumn) = (try column("file"), try column("fold"))
    let splitColumn = table.column("split")
    var rows: [Row] = []
    // What a name means is found out later; here one name may not be put on two sides.
    var first: [ExactName: (row: Row, line: Int)] = [:]
    for (index, fields) in table.rows.enumerated() {
      let line = table.line(of: index)
      func fault(_ reason: String) -> FoldError {
        .foldFile(.csv, sentence: "\(path):\(line): \(reason).")
      }
      guard !fields[fileColumn].isEmpty, !fields[foldColumn].isEmpty else {
        throw fault("its file or fold is empty")
      }
      var split = SplitName.test
      if let splitColumn {
        guard let named = SplitName(fields[splitColumn]) else {
          throw fault("its split '\(fields[splitColumn])' is not one of train, validation, test")
        }
        split = named
      }
      let row = Row(file: fields[fileColumn], fold: fields[foldColumn], split: split)
      let key = ExactName(splitColumn == nil ? row.file : row.fold + "\n" + row.file)
      if let earlier = first[key], (earlier.row.fold, earlier.row.split) != (row.fold, row.split) {
        throw fault("\(row.file) is on line \(earlier.line) already")
      }
      first[key] = first[key] ?? (row, line)
      rows.append(row)
    }
    return rows
  }

  /// By number where all are numbers, else in alphabetical order.
  private func foldNames(_ rows: [Row]) -> [String] {
    let names = Set(rows.map(\.fold)).sorted()
    let numbers = names.compactMap { Int($0) }
    guard numbers.count == names.count else { return names }
    return zip(numbers, names).sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.1)
  }
}
