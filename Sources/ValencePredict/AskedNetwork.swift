import ValenceClassic
import ValenceFeatures
import ValencePlan
import ValenceTraining

/// A network or classic model that recordings are played to.
struct AskedNetwork {
  /// As the user named it.
  let name: String
  let checkpoint: Checkpoint
  private let hearing: Hearing

  /// What turns features into logits.
  private enum Hearing {
    case batch(WindowBatch)
    case vectors(ClassicModel, ClipVector)
  }

  /// What inputs are normalized by.
  enum Statistics {
    case frames([FeatureKind: Normalizer]?)
    case vectors(Normalizer?)
  }

  /// - Parameter checkpoint: a network that takes `WindowBatch.size` clips a batch, or a classic model.
  init(_ checkpoint: Checkpoint, name: String) {
    (self.checkpoint, self.name) = (checkpoint, name)
    hearing =
      switch checkpoint.model {
      case .network(let network, _):
        .batch(WindowBatch(network, features: checkpoint.settings.features))
      case .classic(let model, _): .vectors(model, checkpoint.settings.clipVector)
      }
  }

  /// By whose statistics its inputs are normalized.
  var normalization: FeatureOptions.Normalization {
    checkpoint.settings.features.normalization
  }

  /// The statistics that it was trained with.
  var ownStatistics: Statistics {
    switch checkpoint.model {
    case .network(_, let normalizers): .frames(normalizers)
    case .classic(_, let normalizer): .vectors(normalizer)
    }
  }

  /// Sums over speech, of which statistics are formed.
  enum Moments: Sendable {
    case frames([FeatureKind: BinMoments])
    case vectors(BinMoments)

    /// Adds those of another stretch of the same network's.
    mutating func merge(_ other: Moments) {
      switch (self, other) {
      case (.frames(var sums), .frames(let others)):
        sums.merge(others) { sum, other in
          var sum = sum
          sum.merge(other)
          return sum
        }
        self = .frames(sums)
      case (.vectors(var sum), .vectors(let other)):
        sum.merge(other)
        self = .vectors(sum)
      default: preconditionFailure("moments of frames and of vectors")
      }
    }
  }

  /// Whether it hears one vector of a stretch, so that statistics need many stretches.
  var hearsVectors: Bool {
    if case .vectors = hearing { true } else { false }
  }

  /// The sums of a stretch of speech.
  func moments(of stretch: ClipFeatures) -> Moments {
    switch hearing {
    case .batch:
      .frames(
        checkpoint.settings.features.kinds.reduce(into: [:]) { moments, kind in
          moments[kind] = stretch[kind].map(BinMoments.init)
        })
    case .vectors(_, let vector): .vectors(BinMoments(vector.pooled(stretch)))
    }
  }

  /// The statistics that sums over speech give, merged in their order.
  func statistics(_ moments: [Moments]) -> Statistics {
    let source = Normalizer.Source.corpus("predict")
    switch hearing {
    case .batch:
      let frames = moments.map { sums -> [FeatureKind: BinMoments] in
        if case .frames(let frames) = sums { frames } else { [:] }
      }
      return .frames(
        checkpoint.settings.features.kinds.reduce(into: [:]) { normalizers, kind in
          normalizers[kind] = Normalizer.fit(
            on: frames.compactMap { $0[kind] }, source: source, constant: kind.constantDeviation)
        })
    case .vectors(_, let vector):
      let all = moments.compactMap { sums -> BinMoments? in
        if case .vectors(let own) = sums { own } else { nil }
      }
      return .vectors(BinMoments.merged(all).map { vector.normalizer($0, source: source) })
    }
  }

  /// The logits of each stretch; nil where there is nothing but silence.
  ///
  /// - Throws: `ClassicError` for features that are not finite.
  func logits(
    _ stretches: [RecordingReader.Window], _ statistics: Statistics
  ) throws -> [[Float]?] {
    let audible = stretches.compactMap(\.features)
    let all: [[Float]]
    switch hearing {
    case .batch(let batch):
      all = batch.logits(
        audible.map { features in
          var features = features
          if case .frames(let normalizers?) = statistics { features.normalize(by: normalizers) }
          return features
        })
    case .vectors(let model, let vector):
      let values = audible.flatMap { features in
        var pooled = vector.pooled(features)
        if case .vectors(let normalizer) = statistics {
          ClipVector.standardize(&pooled, by: normalizer)
        }
        return pooled.values
      }
      all = try model.logProbabilities(values, count: audible.count).map { $0.map(Float.init) }
    }
    var rows = all[...]
    return stretches.map { $0.features == nil ? nil : rows.removeFirst() }
  }
}
