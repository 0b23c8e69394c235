package import ValenceCore
import ValenceCorpora
package import ValenceFeatures
package import ValencePlan

/// The clips of one or several corpora as a trial's classic model sees them: a standardized vector each.
///
/// Statistics are formed over clips, each of which counts once, whatever its length.
package struct VectorSource: Sendable {
  /// The same clips as they are.
  package let clips: ClipSource
  /// The vector's numbers, those of all choices.
  package let vector: ClipVector
  /// Which of them are used; nil for all.
  private let columns: [Range<Int>]?
  /// By whose statistics a clip is standardized, for each corpus.
  private let statistics: [Statistics]

  private enum Statistics: Sendable {
    case none
    /// All clips alike, by those of the training fold.
    case common(Normalizer)
    /// Each of the groups that the corpus's `clips` make of it apart; nil for a group without a usable clip.
    case grouped([Normalizer?])
  }

  /// The clips of `corpora` for a classic variant.
  ///
  /// - Parameters:
  ///   - choice: what inner folds chose; nil before they have.
  ///   - training: the normalizer of the training fold, for normalization by `train`; that of the choice.
  /// - Throws: what keeps the features of a clip from being read where statistics are formed of them.
  package init(
    _ corpora: [PreparedCorpus], variant: Variant, library: FeatureLibrary,
    choice: VectorChoice? = nil, training: Normalizer?
  ) throws {
    let clips = ClipSource(asTheyAre: corpora, variant: variant, library: library)
    let vector = variant.settings.clipVector
    let columns = choice.map(vector.columns)
    (self.clips, self.vector, self.columns) = (clips, vector, columns)
    var start = 0
    statistics = try corpora.map { corpus -> Statistics in
      defer { start += corpus.contents.count }
      switch clips.normalization {
      case .none: return .none
      case .train: return training.map(Statistics.common) ?? .none
      case .corpus, .speaker:
        return .grouped(
          try corpus.clips.groups(clips.normalization).map { group in
            try Self.normalizer(
              group.map { start + $0 }, of: (clips, vector, columns),
              source: .corpus(corpus.name))
          })
      }
    }
  }

  /// The statistics of a training fold over the clips to learn from.
  ///
  /// - Throws: what keeps the features of a clip from being read.
  package static func trainingNormalizer(
    _ fold: TrialFold, of clips: ClipSource, _ vector: ClipVector
  ) throws -> Normalizer? {
    try normalizer(clips.train(fold), of: (clips, vector, nil), source: .trainingFold)
  }

  /// The statistics over those clips that can be used; nil if there is none.
  private static func normalizer(
    _ indices: [Int], of all: (clips: ClipSource, vector: ClipVector, columns: [Range<Int>]?),
    source: Normalizer.Source
  ) throws -> Normalizer? {
    var moments: BinMoments?
    for index in indices where all.clips.isUsable(index) {
      let own = BinMoments(try pooled(index, of: all.clips, all.vector, all.columns))
      if moments?.merge(own) == nil { moments = own }
    }
    return moments.map { all.vector.normalizer($0, source: source) }
  }

  /// The standardized vectors of clips, one behind the other.
  ///
  /// - Throws: what keeps the features of a clip from being read; `CancellationError`.
  package func vectors(of indices: [Int], control: RunControl) throws -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(indices.count * vector.count)
    for index in indices {
      try control.checkInterruption()
      var pooled = try Self.pooled(index, of: clips, vector, columns)
      ClipVector.standardize(&pooled, by: normalizer(of: index))
      values += pooled.values
    }
    return values
  }

  /// The vector of a clip as it is, or some of its numbers.
  private static func pooled(
    _ index: Int, of clips: ClipSource, _ vector: ClipVector, _ columns: [Range<Int>]?
  ) throws -> FeatureMatrix {
    let place = clips.clips[index]
    let key = VectorShelf.Key(
      corpus: clips.corpora[place.corpus].name, index: place.index, work: clips.work.number,
      pooling: vector.pooling)
    let all = try clips.library.vectors.vector(key) {
      vector.pooled(try clips.features(of: index))
    }
    guard let columns else { return all }
    let values = columns.flatMap { all.values[$0] }
    return FeatureMatrix(frames: 1, bins: values.count, values: values)
  }

  private func normalizer(of index: Int) -> Normalizer? {
    let place = clips.clips[index]
    switch statistics[place.corpus] {
    case .none: return nil
    case .common(let normalizer): return normalizer
    case .grouped(let normalizers):
      let group = clips.corpora[place.corpus].clips.group(of: place.index, clips.normalization)
      return normalizers[group]
    }
  }

  /// For each clip the number of its speaker; -1 where nobody knows who speaks.
  package func speakers(of indices: [Int]) -> [Int] {
    SpeakerGroups(
      indices.map { index in
        let place = clips.clips[index]
        return ClipPlace(corpus: Int32(place.corpus), index: Int32(place.index))
      }, of: clips.corpora
    ).numbers
  }
}
