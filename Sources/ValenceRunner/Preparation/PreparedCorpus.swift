import Foundation
public import ValenceCore
public import ValenceCorpora

/// A corpus with its labels mapped, its files known by content, and its folds.
public struct PreparedCorpus: Sendable {
  /// The corpus as it was read.
  public let corpus: Corpus
  /// The utterances that have a class, and what became of the others.
  public let labeled: LabeledCorpus
  /// The digest of each labeled utterance: its file's bytes and its span.
  public let contents: [Digest]
  /// The folds; empty unless networks are trained on this corpus.
  public let folds: [Fold]
  /// What a reader must know of the folds.
  public let foldRemarks: [String]
  /// The digest of all utterances with their classes and speakers.
  public let identity: Digest

  /// The name that the experiment file gives it.
  public var name: String { labeled.name }

  init(corpus: Corpus, labeled: LabeledCorpus, contents: [Digest], folds: CorpusFolds?) {
    self.corpus = corpus
    self.labeled = labeled
    self.contents = contents
    self.folds = folds?.folds ?? []
    foldRemarks = folds?.remarks ?? []
    identity = Digest(
      ofParts: zip(labeled.utterances, contents).map { item, content in
        "\(content.hex) \(item.target) \(item.utterance.speaker ?? "")"
      })
  }

  /// Reads every file once to know it by its content.
  ///
  /// A file that cannot be read gets a digest of its path in the corpus here; reading its audio is what
  /// reports it.
  static func contents(of utterances: [LabeledUtterance]) -> [Digest] {
    var files: [URL: Digest] = [:]
    return utterances.map { item in
      let url = item.utterance.file
      let file =
        files[url] ?? (try? Digest(of: Data(contentsOf: url)))
        ?? Digest(of: "missing \(item.utterance.path)")
      files[url] = file
      guard let span = item.utterance.span else { return file }
      return Digest(ofParts: [file.hex, "\(span.lowerBound)", "\(span.upperBound)"])
    }
  }
}
