import Foundation
public import ValenceCore
public import ValenceCorpora

/// A corpus with its labels mapped, its files known by content, and its folds.
public struct PreparedCorpus: Sendable {
  /// Files of the corpus that are no utterances.
  public let skipped: [SkippedFile]
  /// What a reader must know of the corpus, such as that its speech is synthetic.
  public let remarks: [String]
  /// The utterances that have a class, and what became of the others.
  public let labeled: LabeledCorpus
  /// The digest of each labeled utterance: its file's bytes and its span.
  public let contents: [Digest]
  /// The folds; empty unless networks are trained on this corpus.
  public let folds: [Fold]
  /// What a reader must know of the folds.
  public let foldRemarks: [String]
  /// Who is known to speak on which side of the folds; nil unless networks are trained on this corpus.
  public let speakers: SpeakerSeparation?
  /// The digest of all utterances with their classes and speakers.
  public let identity: Digest
  /// What its clips are known by, and the order in which training meets them.
  let clips: ClipIdentities

  /// The name that the experiment file gives it.
  public var name: String { labeled.name }

  init(corpus: Corpus, labeled: LabeledCorpus, contents: [Digest], folds: CorpusFolds?) {
    (skipped, remarks) = (corpus.skipped, corpus.remarks)
    self.labeled = labeled
    self.contents = contents
    clips = ClipIdentities(labeled.utterances, contents: contents)
    self.folds = folds?.folds ?? []
    foldRemarks = folds?.remarks ?? []
    speakers = folds?.speakers
    identity = Digest(
      ofParts: zip(labeled.utterances, contents).lazy.map { item, content in
        "\(content.hex) \(item.target) \(item.utterance.speaker ?? "")"
      })
  }

  /// Reads every file once to know it by its content.
  ///
  /// A file that cannot be read gets a digest of its path in the corpus here; reading its audio is what
  /// reports it.
  static func contents(of utterances: [LabeledUtterance]) -> [Digest] {
    let paths = Set(utterances.lazy.map(\.utterance.filePath)).sorted()
    let pool = TrialPool(jobs: ProcessInfo.processInfo.activeProcessorCount)
    let digests = pool.map(paths) { path in
      (try? Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)).map(Digest.init(of:))
    }
    let files = Dictionary(uniqueKeysWithValues: zip(paths, digests))
    return utterances.map { item in
      let utterance = item.utterance
      let file =
        files[utterance.filePath]?.map(\.self) ?? Digest(of: "missing \(utterance.path)")
      guard let span = utterance.span else { return file }
      return Digest(ofParts: [file.hex, "\(span.lowerBound)", "\(span.upperBound)"])
    }
  }
}
