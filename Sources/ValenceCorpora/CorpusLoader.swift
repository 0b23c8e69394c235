import Foundation
import ValenceCore

/// Reads corpora: which utterances there are and what is known of each.
///
/// No audio is decoded.
package enum CorpusLoader {
  /// Reads the corpus that `options` describe.
  ///
  /// Files that are no utterances of the corpus are listed in `Corpus.skipped`. A `synthetic.txt` in
  /// the corpus folder becomes a remark, so that every result made from it says so.
  ///
  package static func load(_ options: CorpusOptions) throws(CorpusErrors) -> Corpus {
    let corpus = try read(options)
    guard let remark = AlikeSpeakers(corpus).remark else { return corpus }
    return Corpus(
      name: corpus.name, root: corpus.root, utterances: corpus.utterances, skipped: corpus.skipped,
      remarks: corpus.remarks + [remark])
  }

  private static func read(_ options: CorpusOptions) throws(CorpusErrors) -> Corpus {
    switch options.adapter {
    case .fileName(let code): return try load(options, code: code)
    case .meld(let labels): return try MELDReader(options: options, labels: labels).corpus()
    case .manifest(let columns):
      return try ManifestReader(options: options, columns: columns).corpus()
    case .folders(let speaker, let emotion):
      return try ClassFolders(
        options: options, speakerPattern: speaker, emotionPattern: emotion
      ).corpus()
    }
  }

  private static func load(
    _ options: CorpusOptions, code: FileNameCode
  ) throws(CorpusErrors) -> Corpus {
    let folder = try CorpusFolder(options.path)
    let (utterances, skipped) = code.utterances(in: folder)
    guard !utterances.isEmpty else {
      throw CorpusErrors([
        .noUtterances(
          path: options.path.path,
          expected: "no file here is named as \(code.publisher) names them (\(code.example))",
          audioFiles: folder.audioFiles.count)
      ])
    }
    return Corpus(
      name: options.name, root: folder.root, utterances: utterances, skipped: skipped,
      remarks: folder.remarks)
  }
}
