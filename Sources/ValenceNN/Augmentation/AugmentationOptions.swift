/// Changes made to training clips only, drawn anew each time.
package struct AugmentationOptions: Hashable, Sendable {
  /// Masks over time and frequency; nil masks nothing.
  package var specaugment: SpecAugmentOptions? = SpecAugmentOptions()
  /// White noise over the waveforms; nil adds none.
  package var noise: NoiseOptions?
  /// How much faster than recorded clips are played, in ascending order; nil plays them as they are.
  ///
  /// Each clip is given one of the factors in each epoch, all equally often (Ko et al., 2015).
  package var speed: [Double]?
  /// α of mixup (Zhang et al., 2018), which draws how much of each clip remains; nil mixes nothing.
  package var mixup: Double?

  /// The default: SpecAugment alone.
  package init() {}

  /// The legal factors of speed.
  package static let speedRange = 0.5...2.0
  /// How many factors of speed there may be; features of every one are held in memory.
  package static let speedCount = 1...20
  package static let mixupRange = 0.01...100.0
}

/// White noise, drawn anew for each training clip in each epoch.
package struct NoiseOptions: Hashable, Sendable {
  /// The ratio of the speech's power to that of the noise, drawn uniformly between these, in dB.
  package var snrDb = 10.0...30.0

  /// The default: 10 to 30 dB.
  package init() {}

  package static let snrDbRange = -20.0...100.0
}

/// SpecAugment (Park et al., 2019): stretches of frames and of bins are set to the mean.
package struct SpecAugmentOptions: Hashable, Sendable {
  /// How many stretches of frames.
  package var timeMasks = 2
  /// The longest stretch of frames; each length is drawn from 0 to this.
  package var timeFrames = 30
  /// How many stretches of bins.
  package var freqMasks = 2
  /// The widest stretch of bins; each width is drawn from 0 to this.
  package var freqBins = 12

  /// The defaults: two masks of up to 30 frames, two of up to 12 bins.
  package init() {}

  /// The legal numbers of masks.
  package static let masksRange = 0...20
  package static let lengthRange = 0...1000
}
