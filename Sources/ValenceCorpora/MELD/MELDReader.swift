import Foundation
import ValenceCore

/// Reads MELD: its three tables, and the clips beside them.
struct MELDReader {
  let options: CorpusOptions
  let labels: CorpusOptions.MELDLabels

  /// The corpus; ids are the clips' paths, which have the split in them.
  ///
  /// A row without a clip stays an utterance whose file is not there, so that reading its audio stops
  /// the run or drops it, as the plan says of every other file that cannot be read.
  func corpus() throws(CorpusErrors) -> Corpus {
    let folder = try CorpusFolder(options.path)
    let tables = try tables(in: folder)
    var clips = MELDClips(in: folder)
    guard clips.paths.contains(where: { !$0.value.isEmpty }) else {
      throw CorpusErrors([
        .noUtterances(
          path: options.path.path,
          expected: "no file here is named as MELD names its clips (train_splits/diaX_uttY.mp4)",
          audioFiles: folder.audioFiles.count)
      ])
    }
    var utterances: [Utterance] = []
    for table in tables {
      clips.leaveOut(table.split, except: Set(table.rows.map(\.id)))
      for row in table.rows {
        let path =
          clips.paths[table.split]?[row.id] ?? clips.expectedPath(of: row.id, in: table.split)
        utterances.append(
          Utterance(
            id: path, filePath: folder.wholePath(path),
            Utterance.Annotation(
              speaker: row.speaker, label: labels == .emotion ? row.emotion : row.sentiment,
              language: "en", sentence: row.text, split: table.split.name,
              statedS: row.endS - row.startS)))
      }
    }
    return Corpus(
      name: options.name, root: folder.root, utterances: utterances,
      skipped: clips.skipped + folder.links,
      remarks: folder.remarks + Self.overlapRemarks(tables, corpus: options.name))
  }

  /// The tables, anywhere below the folder.
  private func tables(in folder: CorpusFolder) throws(CorpusErrors) -> [MELDTable] {
    var tables: [MELDTable] = []
    var errors: [CorpusError] = []
    for split in MELDTable.Split.allCases {
      do throws(CorpusErrors) {
        tables.append(
          try MELDTable(split, contentsOf: folder.url(tablePath(split, in: folder))))
      } catch {
        errors += error.all
      }
    }
    guard errors.isEmpty else { throw CorpusErrors(errors) }
    return tables
  }

  private func tablePath(
    _ split: MELDTable.Split, in folder: CorpusFolder
  ) throws(CorpusErrors) -> String {
    let copies = folder.files.filter {
      $0.split(separator: "/").last.map(String.init) == split.file
    }
    guard let first = copies.first else {
      throw CorpusErrors([.missingTable(path: options.path.path, name: split.file)])
    }
    let contents = Set(
      copies.map { FileManager.default.contents(atPath: folder.url($0).path) ?? Data() })
    guard contents.count == 1 else {
      throw CorpusErrors([.ambiguousTable(path: options.path.path, copies: copies)])
    }
    return first
  }

  /// Remarks on utterances that overlap in time with training utterances: the same sound, cut differently.
  static func overlapRemarks(_ tables: [MELDTable], corpus: String) -> [String] {
    guard let train = tables.first(where: { $0.split == .train }) else { return [] }
    return tables.filter { $0.split != .train }.compactMap { table in
      let (heard, taught) = overlaps(of: table, with: train)
      guard heard > 0 else { return nil }
      let side = table.split == .test ? "test" : "validation"
      return "\(corpus): by the times in its tables, "
        + Wording.part(heard, of: table.rows.count, "\(side) utterance", "overlaps", "overlap")
        + " with "
        + "\(Wording.counted(taught, "training utterance", "training utterances")) of the same episode; this "
        + "sound is on both sides of the published split."
    }
  }

  /// How many rows of each table overlap with one of the other.
  static func overlaps(of table: MELDTable, with train: MELDTable) -> (rows: Int, train: Int) {
    let byEpisode = Dictionary(grouping: train.rows, by: \.episode)
    var taught: Set<MELDTable.ID> = []
    let heard = table.rows.count { row in
      let others = (byEpisode[row.episode] ?? []).filter(row.overlaps)
      taught.formUnion(others.map(\.id))
      return !others.isEmpty
    }
    return (heard, taught.count)
  }
}
