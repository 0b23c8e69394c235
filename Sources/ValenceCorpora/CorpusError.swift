package import ValenceCore

/// Everything that is wrong with a corpus on disk.
package typealias CorpusErrors = ErrorList<CorpusError>

/// An error in a corpus on disk.
///
/// The cases are facts; `misfit` makes the sentences.
package enum CorpusError: Error, Equatable {
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
  /// The pattern for classes finds none in any of the paths of that many audio files.
  case noClassFound(pattern: String, path: String, audioFiles: Int)
  /// One of the publisher's tables is not there.
  case missingTable(path: String, name: String)
  /// The folder has the table twice, with different content.
  case ambiguousTable(path: String, copies: [String])
  /// The manifest itself is no table.
  case manifestUnreadable(sentence: String)
  /// The manifest has a header and no rows.
  case manifestEmpty(manifest: String)
  /// A column that Valence needs, or that the options name, is not in the manifest.
  case missingColumn(manifest: String, column: String, word: String, hint: String)
  /// A column that all tables of their publisher have is not in this one.
  case foreignTable(path: String, column: String, hint: String)
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

  /// The options of a corpus that may be at fault.
  package enum Field: Hashable, Sendable, CustomStringConvertible {
    case path
    /// The manifest's name of a column.
    case column(String)
    /// The pattern with the group of this name.
    case pattern(String)

    package var description: String {
      switch self {
      case .path: "path"
      case .column(let word): word
      case .pattern(let group): group
      }
    }
  }
}

extension CorpusError: CustomStringConvertible {
  /// The option at fault, and one sentence that follows its name; a file that is wrong is named by its path.
  package var misfit: Misfit<Field> {
    switch self {
    case .missing(let path):
      Misfit(.path, "\(path): there is no such file or folder; is the path right?")
    case .notAFolder(let path):
      Misfit(.path, "\(path): this is a file; the path should be the corpus folder.")
    case .unreadableFolder(let path):
      Misfit(.path, "\(path): this folder cannot be read; check its permissions.")
    case .namesNotUTF8(let path, let names): Self.foreign(names, in: path)
    case .noUtterances(let path, let expected, let audioFiles):
      Misfit(.path, "\(path): \(expected); \(Self.here(audioFiles)).")
    case .noClassFound(let pattern, let path, let audioFiles):
      Misfit(
        .pattern("emotion"),
        "'\(pattern)' finds a class in no path of an audio file in \(path); \(Self.here(audioFiles))."
      )
    case .missingTable(let path, let name):
      Misfit(
        .path, "\(path): there is no \(name) here; copy it from the publisher's repository.")
    case .ambiguousTable(let path, let copies):
      Misfit(
        .path,
        "\(path): \(Wording.list(copies, limit: 4)) differ; keep the one that belongs to the clips."
      )
    case .manifestUnreadable(let sentence): Misfit(.path, "\(sentence)")
    case .manifestEmpty(let manifest):
      Misfit(.path, "\(manifest): this manifest has no rows below its header.")
    case .missingColumn(let manifest, let column, let word, let hint):
      Misfit(.column(word), "\(manifest): there is no column '\(column)'; \(hint)")
    case .foreignTable(let path, let column, let hint):
      Misfit(
        .path, "\(path): there is no column '\(column)', which the publisher's table has; \(hint)")
    case .mistypedColumn(let manifest, let column, let nearest):
      Self.mistyped(column, nearest, in: manifest)
    case .line(let manifest, let line, let reason):
      Misfit(.path, "\(manifest):\(line): \(reason).")
    case .furtherLines(let manifest, let count, let like):
      Self.further(count, like: like, in: manifest)
    case .endlessPattern(let group, let pattern, let path, let seconds):
      Self.endless(group, pattern, path, seconds)
    case .noSpeakerFound(let pattern, let path, let count, let folder):
      Self.speakerless(pattern, path, count, folder)
    }
  }

  /// The sentence after its option, with the names that the source gives the options.
  package var description: String { misfit.description }

  private static func here(_ audioFiles: Int) -> String {
    Wording.counted(audioFiles, "audio file is", "audio files are") + " here"
  }

  private static func foreign(_ names: [String], in path: String) -> Misfit<Field> {
    let isOne = names.count == 1
    return Misfit(
      .path,
      """
      \(path): the \(isOne ? "name" : "names") \(Wording.list(names, limit: 4)) \(isOne ? "is" : "are") \
      no UTF-8, so nothing of that name can be opened; rename \(isOne ? "it" : "them") \
      (convmv -r -f latin1 -t utf8 --notest).
      """)
  }

  private static func mistyped(
    _ column: String, _ nearest: String, in manifest: String
  ) -> Misfit<Field> {
    Misfit(
      .column(nearest),
      """
      \(manifest): the column '\(column)' is not one that Valence reads; did you mean \(nearest) \
      (\(field: .column(nearest)): \(column))?
      """)
  }

  private static func further(
    _ count: Int, like line: Int, in manifest: String
  ) -> Misfit<Field> {
    Misfit(
      .path,
      """
      \(manifest): \(Wording.counted(count, "further line is", "further lines are")) wrong as line \(line) is.
      """)
  }

  private static func endless(
    _ group: String, _ pattern: String, _ path: String, _ seconds: Double
  ) -> Misfit<Field> {
    Misfit(
      .pattern(group),
      """
      '\(pattern)' does not come to an end within \(seconds) s for '\(path)'; it may match the same \
      letters in too many ways, so write it without a repetition of a repetition.
      """)
  }

  private static func speakerless(
    _ pattern: String, _ path: String, _ count: Int, _ folder: String
  ) -> Misfit<Field> {
    let others = count > 1 ? " and \(Wording.counted(count - 1, "other file", "other files"))" : ""
    return Misfit(
      .pattern("speaker"),
      """
      '\(pattern)' finds no speaker in '\(path)'\(others); it is tried on the path below the \(folder) \
      folder.
      """)
  }
}
