import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValenceFeatures
import ValenceKernels
import ValenceNN
import ValencePlan

/// How a clip is played to a network: as it is, unless augmentation says otherwise.
struct ClipTake: Sendable {
  /// Noise over the waveform.
  struct Noise: Sendable {
    var snrDb: Double
    /// What the noise is drawn from.
    var random: RandomStream
  }

  /// How much faster than it was recorded.
  var speed = 1.0
  /// Noise, if there is any.
  var noise: Noise?
  /// What is heard of a clip that is longer than the network's windows.
  var window = Window.place(0.5)

  /// One window of a long clip.
  enum Window: Hashable, Sendable {
    /// At a place from 0, the beginning, to 1, the end.
    case place(Double)
    /// These frames.
    case frames(Range<Int>)
  }
}

/// The normalized clips of one corpus as one trial's network sees them.
///
/// Statistics are those of the clips as they are, whatever is done to training clips: validation and
/// test clips, which are as they are, then meet the network as its normalization was fitted.
struct ClipSource: Sendable {
  let corpus: PreparedCorpus
  private let library: FeatureLibrary
  /// The cache keys of clips as they are.
  private let keys: [FeatureKind: String]
  /// The cache keys at other speeds.
  private let keysBySpeed: [Double: [FeatureKind: String]]
  private let audio: AudioOptions
  private let windows: ClipWindows
  /// What turns noisy waveforms into features, for variants with noise.
  private let extractor: FeatureExtractor?
  private let fusion: FeatureFusion
  /// Clips with fewer frames cannot pass the network's pooling.
  private let minimumFrames: Int
  private let statistics: Statistics

  /// By whose statistics a clip is normalized.
  enum Statistics: Sendable {
    /// Not at all.
    case none
    /// All clips alike.
    case common([FeatureKind: Normalizer])
    /// Each speaker apart.
    case bySpeaker([String: [FeatureKind: Normalizer]])
  }

  /// The clips of `corpus` for a variant's network.
  ///
  /// - Parameter training: the normalizers of the training fold, for normalization by `train`.
  /// - Throws: `FeatureError` for options that cannot be extracted.
  init(
    _ corpus: PreparedCorpus, variant: Variant, library: FeatureLibrary,
    training: [FeatureKind: Normalizer]?
  ) throws {
    self.corpus = corpus
    self.library = library
    let options = variant.settings.features
    minimumFrames = variant.settings.minimumFrames
    fusion = FeatureFusion(options)
    audio = variant.settings.audio
    windows = ClipWindows(
      frames: audio.longClips == .windows ? variant.settings.frames : nil)
    extractor =
      variant.settings.training.augmentation.noise == nil
      ? nil : try FeatureExtractor(options, rateHz: audio.rateHz)
    let keys = variant.featureKeys()
    self.keys = keys
    keysBySpeed = variant.otherSpeeds.reduce(into: [:]) { $0[$1] = variant.featureKeys(speed: $1) }
    switch options.normalization {
    case .none: statistics = .none
    case .train: statistics = training.map(Statistics.common) ?? .none
    case .corpus:
      statistics = .common(
        Self.fit(
          Array(corpus.contents.indices), corpus: corpus, library: library, keys: keys,
          source: .corpus(corpus.name)))
    case .speaker:
      let groups = Dictionary(grouping: corpus.contents.indices) {
        corpus.labeled.utterances[$0].utterance.speaker ?? ""
      }
      statistics = .bySpeaker(
        groups.reduce(into: [:]) { result, group in
          result[group.key] = Self.fit(
            group.value, corpus: corpus, library: library, keys: keys, source: .speaker(group.key))
        })
    }
  }

  /// Normalizers over the given utterances, merged in their order.
  private static func fit(
    _ indices: [Int], corpus: PreparedCorpus, library: FeatureLibrary,
    keys: [FeatureKind: String], source: Normalizer.Source
  ) -> [FeatureKind: Normalizer] {
    keys.compactMapValues { key in
      let moments = indices.compactMap { library.clip(corpus.name, $0).moments[key] }
      return Normalizer.fit(on: moments, source: source)
    }
  }

  /// The normalizers of a training fold.
  func trainingNormalizers(_ fold: Fold) -> [FeatureKind: Normalizer] {
    Self.fit(
      fold.train.filter(isUsable), corpus: corpus, library: library, keys: keys,
      source: .trainingFold)
  }

  /// The normalizers that every clip shares, if there are such; what a checkpoint keeps.
  var commonNormalizers: [FeatureKind: Normalizer]? {
    if case .common(let normalizers) = statistics { return normalizers }
    return nil
  }

  /// Whether an utterance has features, and enough frames for the network.
  func isUsable(_ index: Int) -> Bool { frames(of: index) >= minimumFrames }

  /// The number of frames that are heard of an utterance; 0 without features.
  func frames(of index: Int, as take: ClipTake = ClipTake()) -> Int {
    stretch(of: index, take).count
  }

  /// The takes that an unaltered utterance is scored by: one, or one for each window of a long clip.
  func takes(of index: Int) -> [ClipTake] {
    windows.stretches(of: allFrames(of: index, ClipTake())).map {
      ClipTake(window: .frames($0))
    }
  }

  /// The frames that a take hears.
  private func stretch(of index: Int, _ take: ClipTake) -> Range<Int> {
    switch take.window {
    case .frames(let frames): frames
    case .place(let place): windows.stretch(of: allFrames(of: index, take), at: place)
    }
  }

  private func allFrames(of index: Int, _ take: ClipTake) -> Int {
    library.clip(corpus.name, index).frames(keys(of: index, take).values)
  }

  /// Where the features of a take are found, before noise.
  private func keys(of index: Int, _ take: ClipTake) -> [FeatureKind: String] {
    keysBySpeed[speed(of: index, take)] ?? keys
  }

  /// How fast a take is played in fact.
  ///
  /// A clip that would be too short for the network at the take's speed is played as it is.
  private func speed(of index: Int, _ take: ClipTake) -> Double {
    guard let keys = keysBySpeed[take.speed] else { return 1 }
    let frames = library.clip(corpus.name, index).frames(keys.values)
    return frames >= minimumFrames ? take.speed : 1
  }

  /// The class of an utterance.
  func target(of index: Int) -> Int { corpus.labeled.utterances[index].target }

  /// The span of an utterance in its file, in seconds.
  func spanS(of index: Int) -> ClosedRange<Double> { library.clip(corpus.name, index).spanS }

  /// The features that are heard of an utterance, normalized.
  func features(of index: Int, as take: ClipTake = ClipTake()) -> ClipFeatures {
    let clip = library.clip(corpus.name, index)
    var features =
      take.noise.map { noisy(clip, speed: speed(of: index, take), noise: $0) }
      ?? ClipFeatures(keys(of: index, take).compactMapValues { clip.matrices[$0] })
    let stretch = stretch(of: index, take)
    if stretch.count < features.frames { features = features[stretch] }
    switch statistics {
    case .none: break
    case .common(let normalizers): features.normalize(by: normalizers)
    case .bySpeaker(let normalizers):
      let speaker = corpus.labeled.utterances[index].utterance.speaker ?? ""
      features.normalize(by: normalizers[speaker] ?? [:])
    }
    return features
  }

  /// The features of a clip in noise, extracted anew.
  private func noisy(
    _ clip: FeatureLibrary.Clip, speed: Double, noise: ClipTake.Noise
  ) -> ClipFeatures {
    guard let extractor, let waveform = clip.waveforms[.init(audio, speed: speed)] else {
      preconditionFailure("no waveform at speed \(speed) of a corpus that is trained on")
    }
    var random = noise.random
    do throws(FeatureError) {
      return try extractor.extract(waveform.addingWhiteNoise(snrDb: noise.snrDb, random: &random))
    } catch {
      // A clip of as many samples has features.
      preconditionFailure("a clip in noise has no features: \(error)")
    }
  }

  /// Writes an utterance's images into clip `slot` of a batch's inputs.
  func write(
    _ index: Int, as take: ClipTake = ClipTake(), slot: Int, frames: Int, into inputs: [Floats]
  ) {
    let features = features(of: index, as: take)
    for (branch, plane) in fusion.branches.enumerated() {
      let size = frames * plane.width
      let target = inputs[branch][slot * size..<(slot + 1) * size]
      target.fill(0)
      fusion.write(features, branch: branch, into: target)
    }
  }
}
