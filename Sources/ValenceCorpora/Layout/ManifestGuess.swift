import Foundation
import ValenceCore

/// Guesses which column of a table says what of the audio files beside it.
struct ManifestGuess {
  /// Valence's word → the table's column.
  private(set) var columns: [ManifestReader.Column: String] = [:]

  /// The columns that have to be named because they are called otherwise.
  var renamed: [String: String] {
    columns.filter { $0.key.rawValue != $0.value }.reduce(into: [:]) {
      $0[$1.key.rawValue] = $1.value
    }
  }

  /// Why the table cannot be read although it seems to be a list of this speech, as the end of a sentence.
  private(set) var fault: String?
  /// The columns that are not read, in the table's order.
  var unread: [String] { table.columns.filter { !columns.values.contains($0) } }

  private let table: Table
  private let files: CorpusFolder

  /// Looks at a table; nil where no column names audio files of the folder.
  init?(_ table: Table, files: CorpusFolder) {
    (self.table, self.files) = (table, files)
    guard !table.rows.isEmpty else { return nil }
    guard let file = column(of: .file, where: namesFiles) else {
      guard let example = table.columns.lazy.compactMap(misplaced).first else { return nil }
      fault = "it names the audio files otherwise than by their paths from its folder (\(example))"
      return
    }
    columns[.file] = file
    guard
      let emotion = column(of: .emotion, where: { _ in true }) ?? unnamed(where: holdsEmotions)
    else {
      fault = "no column of it is called emotion or holds words for emotions"
      return
    }
    columns[.emotion] = emotion
    for word in ManifestReader.Column.allCases where columns[word] == nil {
      columns[word] = column(of: word) { holds($0, word) }
    }
  }

  /// Common names of the columns; compared in lower case, the first that the table has is taken.
  private static func names(of column: ManifestReader.Column) -> [String] {
    switch column {
    case .file:
      [
        "file", "filename", "file_name", "path", "filepath", "file_path", "wav", "audio", "clip",
      ]
    case .emotion:
      ["emotion", "label", "class", "category", "emo", "affect", "sentiment", "target"]
    case .speaker:
      [
        "speaker", "speaker_id", "speakerid", "spk", "spk_id", "actor", "actor_id", "subject",
        "subject_id", "participant", "participant_id", "sprecher",
      ]
    case .gender: ["gender", "sex"]
    case .sentence: ["sentence", "sentence_id", "text_id", "statement"]
    case .intensity: ["intensity", "emotion_intensity"]
    case .language: ["language", "lang"]
    case .start: ["start", "start_s", "begin"]
    case .end: ["end", "end_s", "stop"]
    case .split: ["split", "subset", "partition", "set"]
    }
  }

  /// The column that is called as a word is and whose values are of its kind.
  private func column(
    of word: ManifestReader.Column, where fits: (String) -> Bool
  ) -> String? {
    let called = Self.names(of: word).lazy.compactMap { name in
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
    var manifest = ManifestFiles(root: files.root)
    let found = paths.count { manifest.audio($0) != nil }
    return found * 2 > min(100, table.rows.count)
  }

  /// The first value of a column most of whose values are names of audio files in other places.
  private func misplaced(_ column: String) -> String? {
    let paths = values(column).prefix(100)
    let known = Set(files.audioFiles.map(CorpusFolder.stem))
    let found = paths.filter { path in
      known.contains(CorpusFolder.stem(of: path.replacing("\\", with: "/")))
    }
    return found.count * 2 > paths.count ? found.first : nil
  }

  private func holdsEmotions(_ column: String) -> Bool {
    let words = values(column)
    let known = words.count { PathGuess.emotionWords.contains($0.lowercased()) }
    return known * 5 >= words.count * 4 && Set(words).count > 1
  }

  /// Whether a column has the values that the word promises.
  private func holds(_ column: String, _ word: ManifestReader.Column) -> Bool {
    let all = values(column).filter { !$0.isEmpty }
    return switch word {
    case .start, .end: !all.isEmpty && all.allSatisfy { Double($0) != nil }
    case .split: !all.isEmpty && all.allSatisfy { SplitName($0) != nil }
    default: !all.isEmpty
    }
  }
}
