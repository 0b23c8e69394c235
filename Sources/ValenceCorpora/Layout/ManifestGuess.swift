import Foundation
import ValenceCore

/// Guesses which column of a table says what of the audio files beside it.
struct ManifestGuess {
  /// Valence's word → the table's column.
  private(set) var columns: [ManifestReader.Word: String] = [:]

  /// The columns that have to be named because they are called otherwise.
  var renamed: [String: String] {
    columns.filter { $0.key.rawValue != $0.value }.reduce(into: [:]) {
      $0[$1.key.rawValue] = $1.value
    }
  }

  private let table: Table
  private let root: URL

  /// Looks at a table; nil where no column names audio files below `root`, or none their classes.
  init?(_ table: Table, root: URL) {
    (self.table, self.root) = (table, root)
    guard !table.rows.isEmpty, let file = column(of: .file, where: namesFiles) else { return nil }
    columns[.file] = file
    guard
      let emotion = column(of: .emotion, where: { _ in true }) ?? unnamed(where: holdsEmotions)
    else { return nil }
    columns[.emotion] = emotion
    for word in ManifestReader.Word.allCases where columns[word] == nil {
      columns[word] = column(of: word) { holds($0, word) }
    }
  }

  /// What people call the columns; compared in lower case, the first that the table has is taken.
  private static let names: [ManifestReader.Word: [String]] = [
    .file: [
      "file", "filename", "file_name", "path", "filepath", "file_path", "wav", "audio", "clip",
    ],
    .emotion: ["emotion", "label", "class", "category", "emo", "affect", "sentiment", "target"],
    .speaker: ["speaker", "speaker_id", "speakerid", "spk", "actor", "subject", "participant"],
    .gender: ["gender", "sex"],
    .sentence: ["sentence", "sentence_id", "text_id", "statement"],
    .intensity: ["intensity", "emotion_intensity"],
    .language: ["language", "lang"],
    .start: ["start", "start_s", "begin"],
    .end: ["end", "end_s", "stop"],
    .split: ["split", "subset", "partition", "set"],
  ]

  /// The column that is called as a word is and whose values are of its kind.
  private func column(
    of word: ManifestReader.Word, where fits: (String) -> Bool
  ) -> String? {
    let called = (Self.names[word] ?? []).lazy.compactMap { name in
      table.columns.first { $0.lowercased().trimmingCharacters(in: .whitespaces) == name }
    }
    if let named = called.first(where: { !columns.values.contains($0) && fits($0) }) {
      return named
    }
    return word == .file ? unnamed(where: fits) : nil
  }

  private func unnamed(where fits: (String) -> Bool) -> String? {
    table.columns.first { !columns.values.contains($0) && fits($0) }
  }

  private func values(_ column: String) -> [String] {
    guard let position = table.column(column) else { return [] }
    return table.rows.map { $0[position].trimmingCharacters(in: .whitespaces) }
  }

  /// Whether most of a column's values are paths of files; the first hundred tell.
  private func namesFiles(_ column: String) -> Bool {
    let paths = values(column).prefix(100).filter { CorpusFolder.kind(of: $0) != .other }
    let found = paths.count { path in
      PathKind(URL(filePath: path, directoryHint: .notDirectory, relativeTo: root)) == .file
    }
    return found * 2 > min(100, table.rows.count)
  }

  private func holdsEmotions(_ column: String) -> Bool {
    let words = values(column)
    let known = words.count { PathGuess.emotionWords.contains($0.lowercased()) }
    return known * 5 >= words.count * 4 && Set(words).count > 1
  }

  /// Whether a column holds what the word stands for.
  private func holds(_ column: String, _ word: ManifestReader.Word) -> Bool {
    let all = values(column).filter { !$0.isEmpty }
    return switch word {
    case .start, .end: !all.isEmpty && all.allSatisfy { Double($0) != nil }
    case .split: !all.isEmpty && all.allSatisfy { SplitName($0) != nil }
    default: !all.isEmpty
    }
  }
}
