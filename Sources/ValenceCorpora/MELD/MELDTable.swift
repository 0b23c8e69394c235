import Foundation
import ValenceCore

/// One of MELD's three tables: what the publishers say of the utterances of a split.
///
/// Source: Poria et al. (2019), ACL; `data/MELD` of their repository. UTF-8 there; older copies are
/// Windows-1252, or hold its quotes as control characters.
struct MELDTable {
  /// The split that a table is about, and its file.
  enum Split: CaseIterable {
    case train, dev, test

    /// The name of the table.
    var file: String { "\(self)_sent_emo.csv" }
    /// The folder that the clips of the split were published in.
    var folder: String {
      switch self {
      case .train: "train_splits"
      case .dev: "dev_splits_complete"
      case .test: "output_repeated_splits_test"
      }
    }
    /// The side of the split, as Valence calls it.
    var name: SplitName {
      switch self {
      case .train: .train
      case .dev: .validation
      case .test: .test
      }
    }
  }

  /// An utterance's numbers within its split; they start again in each split.
  struct ID: Hashable, Comparable {
    let dialogue: Int
    let utterance: Int

    /// The clip's name without extension.
    var stem: String { "dia\(dialogue)_utt\(utterance)" }

    static func < (one: ID, other: ID) -> Bool {
      (one.dialogue, one.utterance) < (other.dialogue, other.utterance)
    }
  }

  /// The fields of a row.
  struct Row {
    let id: ID
    let speaker: String
    let emotion: String
    let sentiment: String
    let text: String
    /// Season and episode, in which the times run.
    let episode: String
    let startS: Double
    let endS: Double

    /// Whether it was spoken, in part at least, while `other` was.
    func overlaps(_ other: Row) -> Bool {
      episode == other.episode && startS < other.endS && other.startS < endS
    }
  }

  let split: Split
  /// The rows, in the file's order.
  let rows: [Row]

  /// Reads a table.
  init(_ split: Split, contentsOf file: URL) throws(CorpusErrors) {
    let table: Table
    do {
      table = try Table(ofUser: file, mayBeWindows1252: true)
    } catch {
      throw CorpusErrors([.manifestUnreadable(sentence: "\(error)")])
    }
    let columns = try Columns(table, file: file.path)
    var rows: [Row] = []
    var lineOfID: [ID: Int] = [:]
    var errors: [CorpusError] = []
    for (index, fields) in table.rows.enumerated() {
      let line = table.line(of: index)
      do throws(Columns.Fault) {
        let row = try columns.row(fields)
        if let earlier = lineOfID.updateValue(line, forKey: row.id) {
          throw Columns.Fault(reason: "\(row.id.stem) is on line \(earlier) already")
        }
        rows.append(row)
      } catch {
        errors.append(.line(manifest: file.path, line: line, reason: error.reason))
      }
    }
    guard errors.isEmpty else { throw CorpusErrors(Self.few(errors, file: file.path)) }
    guard !rows.isEmpty else { throw CorpusErrors([.manifestEmpty(manifest: file.path)]) }
    self.split = split
    self.rows = rows
  }

  private static func few(_ errors: [CorpusError], file: String) -> [CorpusError] {
    guard errors.count > 5, case .line(_, let line, _) = errors[0] else { return errors }
    return errors.prefix(5)
      + [.furtherLines(manifest: file, count: errors.count - 5, like: line)]
  }
}

/// Where a table has what Valence reads.
private struct Columns {
  struct Fault: Error { let reason: String }

  private let positions: [String: Int]
  private static let names = [
    "Dialogue_ID", "Utterance_ID", "Speaker", "Emotion", "Sentiment", "Utterance", "Season",
    "Episode", "StartTime", "EndTime",
  ]

  init(_ table: Table, file: String) throws(CorpusErrors) {
    var positions: [String: Int] = [:]
    var errors: [CorpusError] = []
    for name in Self.names {
      if let position = table.column(name) {
        positions[name] = position
      } else {
        errors.append(
          .foreignTable(
            path: file, column: name,
            hint: NearestWord(among: table.columns).hint(for: name)))
      }
    }
    guard errors.isEmpty else { throw CorpusErrors(errors) }
    self.positions = positions
  }

  func row(_ fields: [String]) throws(Fault) -> MELDTable.Row {
    func text(_ column: String) throws(Fault) -> String {
      guard let position = positions[column] else { preconditionFailure("no column \(column)") }
      let text = legible(fields[position]).trimmingCharacters(in: .whitespaces)
      guard !text.isEmpty else { throw Fault(reason: "its \(column) is empty") }
      return text
    }
    func number(_ column: String) throws(Fault) -> Int {
      let text = try text(column)
      guard let number = Int(text), number >= 0 else {
        throw Fault(reason: "its \(column) '\(text)' is not a whole number")
      }
      return number
    }
    func word(_ column: String, among words: [String]) throws(Fault) -> String {
      let word = try text(column).lowercased()
      guard words.contains(word) else {
        throw Fault(
          reason: "its \(column) '\(word)' is not one of \(words.joined(separator: ", "))")
      }
      return word
    }
    func seconds(_ column: String) throws(Fault) -> Double {
      let text = try text(column)
      guard let seconds = MELDTable.seconds(text) else {
        throw Fault(
          reason: "its \(column) '\(text)' is not a time (hours:minutes:seconds,thousandths)")
      }
      return seconds
    }
    return MELDTable.Row(
      id: .init(dialogue: try number("Dialogue_ID"), utterance: try number("Utterance_ID")),
      speaker: try text("Speaker"),
      emotion: try word(
        "Emotion",
        among: ["anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise"]),
      sentiment: try word("Sentiment", among: ["negative", "neutral", "positive"]),
      text: try text("Utterance"), episode: "S\(try number("Season"))E\(try number("Episode"))",
      startS: try seconds("StartTime"), endS: try seconds("EndTime"))
  }

  /// The text that Windows-1252 was meant to give where it was read as another encoding.
  ///
  /// A speaker's name must be the same in every copy of the tables, as folds go by it.
  private func legible(_ text: String) -> String {
    if text.unicodeScalars.contains(where: { (0x80...0x9F).contains($0.value) }),
      let bytes = text.data(using: .isoLatin1)
    {
      return String(data: bytes, encoding: .windowsCP1252) ?? text
    }
    if text.contains("\u{E2}\u{20AC}") || text.contains("\u{C3}"),  // UTF-8 read as Windows-1252
      let bytes = text.data(using: .windowsCP1252)
    {
      return String(data: bytes, encoding: .utf8) ?? text
    }
    return text
  }
}

extension MELDTable {
  /// A time such as `0:12:32,632`, in seconds.
  static func seconds(_ text: String) -> Double? {
    let parts = text.replacing(",", with: ".").split(separator: ":")
    guard parts.count == 3, let hours = Int(parts[0]), let minutes = Int(parts[1]),
      let seconds = Double(parts[2]), hours >= 0, (0..<60).contains(minutes),
      (0..<60).contains(seconds)
    else { return nil }
    return Double(hours * 3600 + minutes * 60) + seconds
  }
}
