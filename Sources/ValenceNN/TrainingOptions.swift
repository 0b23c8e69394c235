/// How a network is trained.
package struct TrainingOptions: Hashable, Sendable {
  /// The trained network whose body training starts from; nil starts from random weights.
  package var startFrom: StartOptions?
  /// The most passes over the training utterances.
  package var epochs = 60
  /// The number of clips per step.
  package var batch = 32
  package var optimizer = OptimizerOptions()
  /// The course of the learning rate.
  package var schedule = ScheduleOptions()
  /// The loss that is minimized.
  package var loss = LossOptions()
  /// How much the clips of each corpus count where several are trained on together.
  package var balance = CorpusBalance.none
  /// What makes networks of several corpora carry to others; nil for nothing.
  package var adaptation: AdaptationOptions?
  /// The greatest Euclidean norm of a step's gradient; a longer one is scaled down.
  package var clipNorm = 5.0
  /// The weights that the network is left with.
  package var selection = SelectionRule.bestEpoch
  /// When training ends early, and by what the best epoch is chosen; of use to `.bestEpoch` alone.
  package var earlyStopping = EarlyStoppingOptions()
  /// Whether, once validation has chosen the epoch, a new network is trained for so many epochs on training
  /// and validation clips together, and kept instead.
  package var refit = false
  /// Changes to training clips only.
  package var augmentation = AugmentationOptions()

  /// The defaults of the experiment file.
  package init() {}

  /// The legal numbers of epochs.
  package static let epochsRange = 1...10_000
  package static let batchRange = 1...4096
  package static let clipNormRange = 1e-6...1e6
}

/// The optimizer and its numbers; those that are not here are PyTorch's defaults.
package struct OptimizerOptions: Hashable, Sendable {
  package enum Name: String, Hashable, Sendable, CaseIterable {
    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019); β₁ .9, β₂ .999, ε 1e-8.
    case adamw
    /// Adam (Kingma and Ba, 2015), weight decay added to the gradient; the same β and ε.
    case adam
    /// Stochastic gradient descent with momentum, weight decay added to the gradient.
    case sgd

    /// The weight decay where the file gives none: PyTorch's default for the optimizer.
    package var defaultWeightDecay: Double { self == .adamw ? 1e-2 : 0 }
  }

  package var name = Name.adamw
  /// The learning rate at its peak.
  package var learningRate = 1e-3
  /// The weight decay, of every parameter as in PyTorch: decoupled for AdamW, else L2.
  package var weightDecay = Name.adamw.defaultWeightDecay
  /// How much of the last step's direction SGD keeps; 0 keeps none.
  package var momentum = 0.9
  /// Whether SGD looks ahead along its momentum (Sutskever et al., 2013).
  package var nesterov = false

  /// The defaults: AdamW at 1e-3 with decay 1e-2.
  package init() {}

  package static let learningRateRange = 1e-8...10.0
  package static let weightDecayRange = 0.0...10.0
  package static let momentumRange = 0.0...0.999

  /// The numbers that the optimizer remembers of each parameter.
  package var moments: Int {
    switch name {
    case .adamw, .adam: 2
    case .sgd: momentum == 0 ? 0 : 1
    }
  }
}

/// The course of the learning rate over the steps of training.
package struct ScheduleOptions: Hashable, Sendable {
  /// The shape of the course after warm-up.
  package enum Name: String, Hashable, Sendable, CaseIterable {
    /// Stays at the peak.
    case constant
    /// Half a cosine from the peak to zero at the last epoch.
    case cosine
    /// Falls by a factor each time that some epochs have passed since warm-up.
    case step
  }

  /// The shape of the course after warm-up.
  package var name = Name.cosine
  /// Epochs over which the rate grows linearly from zero to the peak, step by step.
  package var warmupEpochs = 3
  /// Epochs between two falls of `step`, the first one counted from the end of warm-up.
  package var everyEpochs = 20
  /// The factor by which `step` lowers the rate.
  package var factor = 0.1

  /// The defaults: cosine after three epochs of warm-up.
  package init() {}

  /// The legal numbers of warm-up epochs.
  package static let warmupEpochsRange = 0...10_000
  /// The legal numbers of epochs between two falls.
  package static let everyEpochsRange = 1...10_000
  package static let factorRange = 0.001...0.999
}

/// The loss: softmax cross entropy or focal loss.
package struct LossOptions: Hashable, Sendable {
  package enum Name: String, Hashable, Sendable, CaseIterable {
    /// Softmax cross entropy.
    case crossEntropy = "cross_entropy"
    /// Focal loss (Lin et al., 2017): cross entropy that counts what is recognized already less.
    case focal
  }

  /// How much each class counts.
  package enum ClassWeights: String, Hashable, Sendable, CaseIterable {
    /// All classes equally.
    case none
    /// Each class by N / (K · its count), as scikit-learn's `balanced` does.
    case balanced
  }

  package var name = Name.crossEntropy
  /// How much each class counts.
  package var classWeights = ClassWeights.balanced
  /// The share of the target spread over all classes (Szegedy et al., 2016; as in PyTorch).
  package var labelSmoothing = 0.1
  /// How much focal loss turns from what is recognized; 0 is cross entropy.
  package var gamma = 2.0

  /// The defaults: balanced class weights, label smoothing 0.1.
  package init() {}

  package static let labelSmoothingRange = 0.0...0.9
  package static let gammaRange = 0.0...10.0
}

/// Which weights a network is left with.
package enum SelectionRule: Hashable, Sendable {
  /// Those of the epoch that is best on validation clips.
  case bestEpoch
  /// Those of the last epoch.
  case last
  /// A mean over epochs.
  case average(AverageOptions)

  /// The file's words for the cases.
  package enum Word: String, Hashable, Sendable, CaseIterable {
    case bestEpoch = "best_epoch"
    case last, average
  }

  /// Whether validation clips have a part in it.
  package var needsValidation: Bool { self == .bestEpoch }
}

/// A mean of a network's weights over the ends of epochs; its batch statistics are made anew.
package struct AverageOptions: Hashable, Sendable {
  /// How much each epoch counts.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The last ones equally, the others not at all (Izmailov et al., 2018).
    case last
    /// Each half as much as the one that is a half-life later.
    case exponential
  }

  /// How much each epoch counts.
  package var kind = Kind.last
  /// Of `last`, the number of epochs.
  package var epochs = 10
  /// Of `exponential`, the half-life in epochs.
  package var halfLifeEpochs = 5.0

  /// The defaults: the last ten epochs.
  package init() {}

  /// The legal numbers of epochs; a single one is no mean.
  package static let epochsRange = 2...10_000
  /// The legal half-lives.
  package static let halfLifeEpochsRange = 0.1...1000.0
}

/// When training ends before its last epoch.
package struct EarlyStoppingOptions: Hashable, Sendable {
  /// The measure of the validation utterances that is watched.
  package enum Metric: String, Hashable, Sendable, CaseIterable {
    /// Unweighted average recall; the greatest is best.
    case uar
    /// The loss; the least is best.
    case loss
  }

  /// The measure that is watched; the weights of its best epoch are kept.
  package var metric = Metric.uar
  /// Epochs without a better value after which training ends.
  package var patience = 15

  /// The defaults: UAR, 15 epochs.
  package init() {}

  /// The legal numbers of epochs.
  package static let patienceRange = 1...10_000
}
