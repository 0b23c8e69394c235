import ValenceCore
import ValenceData
import ValenceNN

/// The augmentation of training clips in one epoch.
///
/// Every draw has a stream of its own, known by the trial's seed, the epoch, and the clip (for mixup
/// the batch). So neither the order of clips in an epoch nor another augmentation moves a draw.
///
/// A clip is known by its position among the training clips, which depends on nothing but these: its
/// position in the corpus would move with clips that the network never hears.
///
/// Other draws raise `Trial.revision`. `AugmentationTests` hold what a draw depends on, and no test its value.
struct EpochAugmentation {
  let options: AugmentationOptions
  let seed: UInt64
  /// From 1.
  let epoch: Int

  /// How the training clip at a position is played, and where of a long one.
  func view(of clip: Int) -> ClipView {
    var view = ClipView()
    var place = RandomStream(seed: seed, "window", "\(epoch)", "\(clip)")
    view.window = .place(place.uniform())
    if let factors = options.speed {
      var random = RandomStream(seed: seed, "speed", "\(epoch)", "\(clip)")
      view.speed = factors[random.below(factors.count)]
    }
    if let range = options.noise?.snrDb {
      var random = RandomStream(seed: seed, "noise", "\(epoch)", "\(clip)")
      let snrDb =
        range.lowerBound + (range.upperBound - range.lowerBound) * random.uniform()
      view.noise = ClipView.Noise(snrDb: snrDb, random: random)
    }
    return view
  }

  /// How the clips of a batch are mixed, if they are.
  func mixup(batch: Int, clips: Int) -> Mixup? {
    options.mixup.map { alpha in
      var random = RandomStream(seed: seed, "mixup", "\(epoch)", "\(batch)")
      return Mixup(alpha: alpha, clips: clips, random: &random)
    }
  }

  /// The masks over the training clip at a position and the stream that they are drawn from, if there are masks.
  func masks(of clip: Int) -> (SpecAugment, RandomStream)? {
    options.specaugment.map { masks in
      (SpecAugment(masks), RandomStream(seed: seed, "specaugment", "\(epoch)", "\(clip)"))
    }
  }
}
