package import ValenceCore

/// Everything that is wrong with a corpus on disk.
package typealias CorpusErrors = ErrorList<CorpusError>

/// An error in a corpus on disk.
///
/// The cases are facts; `description` makes the sentence.
package enum CorpusError: Error, Equatable, CustomStringConvertible {
  /// The path does not exist.
  case missing(path: String)
  /// The path is a file, but the adapter needs a folder.
  case notAFolder(path: String)
  /// A folder may not be listed.
  case unreadableFolder(path: String)
  /// Names of files or folders are no UTF-8; `\u{FFFD}` replaces bytes that cannot be read.
  case namesNotUTF8(path: String, names: [String])
  /// Not one file has the adapter's form of name; `audioFiles` counts the audio files there.
  case noUtterances(path: String, expected: String, audioFiles: Int)
  /// One of the publisher's tables is not there.
  case missingTable(path: String, name: String)
  /// The folder has the table twice, with different content.
  case ambiguousTable(path: String, copies: [String])
  /// The manifest itself is no table.
  case manifestUnreadable(sentence: String)
  /// The manifest has a header and no rows.
  case manifestEmpty(manifest: String)
  /// `columns` renames something that is no word of Valence's.
  case unknownColumnWord(word: String, hint: String)
  /// A column that Valence needs, or that `columns` names, is not in the manifest.
  case missingColumn(manifest: String, column: String, word: String, hint: String)
  /// A column that is not read looks like a mistyped one.
  case mistypedColumn(manifest: String, column: String, nearest: String)
  /// A line of the manifest is wrong.
  case line(manifest: String, line: Int, reason: String)
  /// As many further lines are wrong in the same way.
  case furtherLines(manifest: String, count: Int, like: Int)
  /// The pattern with a group of this name takes longer for a path than any useful one.
  case endlessPattern(group: String, pattern: String, path: String, seconds: Double)
  /// The speaker pattern finds nothing in a file's path below `folder`.
  case noSpeakerFound(pattern: String, path: String, count: Int, folder: String)

  package var description: String {
    switch self {
    case .missing(let path): "\(path): there is no such file or folder; is the path right?"
    case .notAFolder(let path): "\(path): this is a file; the path should be the corpus folder."
    case .unreadableFolder(let path): "\(path): this folder cannot be read; check its permissions."
    case .namesNotUTF8(let path, let names):
      "\(path): the \(names.count == 1 ? "name" : "names") \(Wording.list(names, limit: 4)) "
        + "\(names.count == 1 ? "is" : "are") no UTF-8, so nothing of that name can be opened; rename "
        + "\(names.count == 1 ? "it" : "them") (convmv -r -f latin1 -t utf8 --notest)."
    case .noUtterances(let path, let expected, let audioFiles):
      "\(path): \(expected); \(Wording.counted(audioFiles, "audio file is", "audio files are")) here."
    case .missingTable(let path, let name):
      "\(path): there is no \(name) here; copy it from the publisher's repository."
    case .ambiguousTable(let path, let copies):
      "\(path): \(Wording.list(copies, limit: 4)) differ; keep the one that belongs to the clips."
    case .manifestUnreadable(let sentence): sentence
    case .manifestEmpty(let manifest): "\(manifest): this manifest has no rows below its header."
    case .unknownColumnWord(let word, let hint):
      "columns: '\(word)' is not a column that Valence reads; \(hint)"
    case .missingColumn(let manifest, let column, let word, let hint):
      "\(manifest): there is no column '\(column)' for the \(word); \(hint)"
    case .mistypedColumn(let manifest, let column, let nearest):
      "\(manifest): the column '\(column)' is not one that Valence reads; did you mean \(nearest) "
        + "(columns: {\(nearest): \(column)})?"
    case .line(let manifest, let line, let reason): "\(manifest):\(line): \(reason)."
    case .furtherLines(let manifest, let count, let like):
      "\(manifest): \(Wording.counted(count, "further line is", "further lines are")) wrong as line \(like) is."
    case .endlessPattern(let group, let pattern, let path, let seconds):
      "\(group): '\(pattern)' does not come to an end within \(seconds) s for '\(path)'; it may match the "
        + "same letters in too many ways, so write it without a repetition of a repetition."
    case .noSpeakerFound(let pattern, let path, let count, let folder):
      "speaker: '\(pattern)' finds no speaker in '\(path)'"
        + (count > 1 ? " and \(Wording.counted(count - 1, "other file", "other files"))" : "")
        + "; it is tried on the path below the \(folder) folder."
    }
  }
}
