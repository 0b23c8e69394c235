package import ValenceCore
package import ValenceCorpora
package import ValenceFeatures
package import ValencePlan
import ValenceStore

/// A corpus with its labels mapped, its files known by content, and its folds.
package struct PreparedCorpus: Sendable {
  /// Files of the corpus that are no utterances.
  package let skipped: [SkippedFile]
  /// Remarks on the corpus for readers of its results, such as that its speech is synthetic.
  package let remarks: [String]
  /// The utterances that have a class, and what became of the others.
  package let labeled: LabeledCorpus
  /// The digest of each labeled utterance: its file's bytes and its span.
  package let contents: [Digest]
  /// The folds; empty unless networks are trained on this corpus.
  package let folds: [Fold]
  /// The corpus as one more fold that tests nothing; nil unless networks tested elsewhere learn from all of it.
  package let whole: Fold?
  /// Remarks on the folds and on copies of recordings, for readers of the results.
  package var foldRemarks: [String] { ownFoldRemarks + copyRemarks }
  /// Those of `foldRemarks` that are about the folds, and not about copies within the corpus.
  package var remarksOnFolds: [String] {
    ownFoldRemarks + copyRemarks.filter(copyRemarksOnFolds.contains)
  }
  private var ownFoldRemarks: [String]
  /// Remarks on copies.
  private var copyRemarks: [String] = []
  private var copyRemarksOnFolds: Set<String> = []
  /// Who is known to speak on which side of the folds; nil unless networks are trained on this corpus.
  package let speakers: SpeakerSeparation?
  /// The digest of all utterances with their classes and speakers.
  package let identity: Digest
  /// The utterances that networks of other corpora are scored on, if not all.
  private var scored: [Int]?
  /// The identity of each clip, and the order in which training meets them.
  private(set) var clips: ClipIdentities

  /// Whether its files still are what they were.
  let files: KnownFiles
  /// The decoded sound of each labeled utterance, from this or an earlier run; empty if unknown.
  private(set) var sounds: [DigestCache.Sound?] = []

  /// The name that the experiment file gives it.
  package var name: String { labeled.name }

  /// Whether each utterance is known by its samples.
  var knowsSamples: Bool { sounds.count == contents.count && !sounds.contains(nil) }

  /// The decoded sound of an utterance.
  func sound(of index: Int) -> DigestCache.Sound? { sounds.isEmpty ? nil : sounds[index] }

  /// The corpus with what decoding has shown meanwhile.
  func knowing(_ sounds: [DigestCache.Sound?]) -> PreparedCorpus {
    var corpus = self
    corpus.sounds = sounds
    return corpus
  }

  /// The corpus with these remarks on copies, and no others.
  func remarking(_ copyRemarks: [String], onFolds: Set<String>) -> PreparedCorpus {
    var corpus = self
    (corpus.copyRemarks, corpus.copyRemarksOnFolds) = (copyRemarks, onFolds)
    return corpus
  }

  /// Puts a corpus together.
  ///
  /// - Parameters:
  ///   - contents: the digest of each labeled utterance, as `files` gives it.
  init(
    corpus: Corpus, labeled: LabeledCorpus, contents: [Digest], files: KnownFiles,
    sides: FoldMaker.Sides = (nil, nil)
  ) {
    let (folds, whole) = sides
    self.files = files
    (skipped, remarks) = (corpus.skipped, corpus.remarks)
    self.labeled = labeled
    self.contents = contents
    clips = ClipIdentities(labeled.utterances, contents: contents)
    self.folds = folds?.folds ?? []
    self.whole = whole?.folds.first
    let remarks = folds?.remarks ?? []
    ownFoldRemarks = remarks + (whole?.remarks ?? []).filter { !remarks.contains($0) }
    speakers = folds?.speakers
    identity = Digest(
      ofParts: zip(labeled.utterances, contents).lazy.map { item, content in
        "\(content.hex) \(item.target) \(item.utterance.speaker ?? "")"
      })
  }

  /// Has the corpus normalized by statistics that it declares; nil has it normalized as the others are.
  mutating func declare(_ normalization: FeatureOptions.Normalization?) {
    clips.declared = normalization
  }

  /// By whose statistics the corpus is normalized where a variant normalizes by others; nil where it does not
  /// differ.
  package func declaredNormalization(
    under variant: Variant
  ) -> FeatureOptions.Normalization? {
    let common = variant.settings.features.normalization
    return clips.own(common) == common ? nil : clips.own(common)
  }

  /// The utterances that networks of other corpora are scored on.
  var tested: [Int] { scored ?? Array(contents.indices) }

  /// Chooses `tested`: where networks of any corpus are to be scored on the same utterances, what the
  /// folds hold out, all together; of a corpus without folds what a published split of it holds out.
  ///
  /// - Throws: `FoldErrors` if the lists of a published split cannot be read.
  mutating func chooseTested(_ maker: FoldMaker) throws {
    let options = maker.options
    guard options.across.choosesTest, options.acrossTest == .same else { return }
    guard folds.isEmpty else {
      scored = Set(folds.flatMap(\.test)).sorted()
      return
    }
    scored = try maker.publishedTest(of: labeled)
    guard let scored, scored.count < contents.count else { return }
    ownFoldRemarks.append(
      "\(name): nothing is trained on it, and \(scored.count) of its \(contents.count) utterances are "
        + "scored: the test side of its published split.")
  }
}
