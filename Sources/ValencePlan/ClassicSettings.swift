package import ValenceClassic
import ValenceEncoders
package import ValenceFeatures
package import ValenceNN

/// A classic model in place of the network: which one, and how a clip's frames become its vector.
package struct ClassicSettings: Hashable, Sendable {
  package var options: ClassicOptions
  /// How frames are pooled over time; functionals are a vector already.
  package var pooling = FramePooling.mean
  /// What inner folds hold out in turn.
  package var inner = InnerUnit.speakers
  /// How much the clips of each corpus count where several are trained on together.
  package var balance = CorpusBalance.none
  /// How the model adapts to the unlabeled speech that it is tested on; nil for not at all.
  package var selfTraining: SelfTrainingOptions?

  /// What the inner folds of a nested choice, and of calibration, keep apart.
  package enum InnerUnit: String, Hashable, Sendable, CaseIterable {
    case speakers
    /// Whole corpora, where several are trained on together: leave-one-corpus-out within the training clips.
    case corpora
  }

  package init(_ options: ClassicOptions) { self.options = options }
}

extension Settings {
  /// What a classic model sees of a clip.
  package var clipVector: ClipVector {
    ClipVector(features, pooling: classic?.pooling ?? .mean)
  }

  /// Whether inner folds choose among several vectors of a clip.
  package var choosesVector: Bool { classic != nil && clipVector.choices.count > 1 }

  /// The same settings with what inner folds chose of a clip's vector.
  package func choosing(_ choice: VectorChoice) -> Settings {
    var settings = self
    if let layer = choice.layer { settings.features.encoder?.layer = .state(layer) }
    settings.classic?.pooling = choice.pooling
    return settings
  }
}
