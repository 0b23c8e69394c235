/// How a network is trained.
public struct TrainingOptions: Hashable, Sendable {
  /// The most passes over the training utterances.
  public var epochs = 60
  /// Clips a step.
  public var batch = 32
  /// The optimizer.
  public var optimizer = OptimizerOptions()
  /// The course of the learning rate.
  public var schedule = ScheduleOptions()
  /// What is minimized.
  public var loss = LossOptions()
  /// The greatest Euclidean norm of a step's gradient; a longer one is scaled down.
  public var clipNorm = 5.0
  /// When training ends early.
  public var earlyStopping = EarlyStoppingOptions()
  /// What is done to training clips only.
  public var augmentation = AugmentationOptions()

  /// The defaults of the experiment file.
  public init() {}

  /// The legal numbers of epochs.
  public static let epochsRange = 1...10_000
  /// The legal batch sizes.
  public static let batchRange = 1...4096
  /// The legal gradient norms.
  public static let clipNormRange = 1e-6...1e6
}

/// The optimizer: AdamW (Loshchilov and Hutter, 2019).
public struct OptimizerOptions: Hashable, Sendable {
  /// The optimizer's name.
  public enum Name: String, Hashable, Sendable, CaseIterable {
    /// Adam with decoupled weight decay; β₁ .9, β₂ .999, ε 1e-8.
    case adamw
  }

  /// The optimizer's name.
  public var name = Name.adamw
  /// The learning rate at its peak.
  public var learningRate = 1e-3
  /// The decoupled weight decay, applied to every parameter as PyTorch's default does.
  public var weightDecay = 1e-2

  /// The defaults: AdamW at 1e-3 with decay 1e-2.
  public init() {}

  /// The legal learning rates.
  public static let learningRateRange = 1e-8...10.0
  /// The legal weight decays.
  public static let weightDecayRange = 0.0...10.0
}

/// The course of the learning rate over the steps of training.
public struct ScheduleOptions: Hashable, Sendable {
  /// The shape of the course after warm-up.
  public enum Name: String, Hashable, Sendable, CaseIterable {
    /// Stays at the peak.
    case constant
    /// Half a cosine from the peak to zero at the last epoch.
    case cosine
  }

  /// The shape of the course after warm-up.
  public var name = Name.cosine
  /// Epochs over which the rate grows linearly from zero to the peak, step by step.
  public var warmupEpochs = 3

  /// The defaults: cosine after three epochs of warm-up.
  public init() {}

  /// The legal numbers of warm-up epochs.
  public static let warmupEpochsRange = 0...10_000
}

/// What is minimized: softmax cross entropy.
public struct LossOptions: Hashable, Sendable {
  /// The loss's name.
  public enum Name: String, Hashable, Sendable, CaseIterable {
    /// Softmax cross entropy.
    case crossEntropy = "cross_entropy"
  }

  /// How much each class counts.
  public enum ClassWeights: String, Hashable, Sendable, CaseIterable {
    /// Every utterance alike.
    case none
    /// Each class by N / (K · its count), as scikit-learn's `balanced` does.
    case balanced
  }

  /// The loss's name.
  public var name = Name.crossEntropy
  /// How much each class counts.
  public var classWeights = ClassWeights.balanced
  /// The share of the target spread over all classes (Szegedy et al., 2016; as in PyTorch).
  public var labelSmoothing = 0.1

  /// The defaults: balanced class weights, label smoothing 0.1.
  public init() {}

  /// The legal shares.
  public static let labelSmoothingRange = 0.0...0.9
}

/// When training ends before its last epoch.
public struct EarlyStoppingOptions: Hashable, Sendable {
  /// What is watched on the validation utterances.
  public enum Metric: String, Hashable, Sendable, CaseIterable {
    /// Unweighted average recall; the greatest is best.
    case uar
    /// The loss; the least is best.
    case loss
  }

  /// What is watched; the weights of its best epoch are kept.
  public var metric = Metric.uar
  /// Epochs without a better value after which training ends.
  public var patience = 15

  /// The defaults: UAR, 15 epochs.
  public init() {}

  /// The legal numbers of epochs.
  public static let patienceRange = 1...10_000
}

/// Changes made to training clips only, drawn anew each time.
public struct AugmentationOptions: Hashable, Sendable {
  /// Masks over time and frequency; nil masks nothing.
  public var specaugment: SpecAugmentOptions? = SpecAugmentOptions()
  /// White noise over the waveforms; nil adds none.
  public var noise: NoiseOptions?
  /// How much faster than recorded clips are played, in ascending order; nil plays them as they are.
  ///
  /// Each clip is given one of the factors in each epoch, all equally often (Ko et al., 2015).
  public var speed: [Double]?
  /// α of mixup (Zhang et al., 2018), which draws how much of each clip remains; nil mixes nothing.
  public var mixup: Double?

  /// The default: SpecAugment alone.
  public init() {}

  /// The legal factors of speed.
  public static let speedRange = 0.5...2.0
  /// How many factors of speed there may be; features of every one are held in memory.
  public static let speedCount = 1...20
  /// The legal α.
  public static let mixupRange = 0.01...100.0
}

/// White noise, drawn anew for each training clip in each epoch.
public struct NoiseOptions: Hashable, Sendable {
  /// The ratio of the speech's power to that of the noise, drawn uniformly between these, in dB.
  public var snrDb = 10.0...30.0

  /// The default: 10 to 30 dB.
  public init() {}

  /// The legal ratios.
  public static let snrDbRange = -20.0...100.0
}

/// SpecAugment (Park et al., 2019): stretches of frames and of bins are set to the mean.
public struct SpecAugmentOptions: Hashable, Sendable {
  /// How many stretches of frames.
  public var timeMasks = 2
  /// The longest stretch of frames; each length is drawn from 0 to this.
  public var timeFrames = 30
  /// How many stretches of bins.
  public var freqMasks = 2
  /// The widest stretch of bins; each width is drawn from 0 to this.
  public var freqBins = 12

  /// The defaults: two masks of up to 30 frames, two of up to 12 bins.
  public init() {}

  /// The legal numbers of masks.
  public static let masksRange = 0...20
  /// The legal mask lengths.
  public static let lengthRange = 0...1000
}
