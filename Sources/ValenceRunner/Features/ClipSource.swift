import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValenceFeatures
import ValenceKernels
import ValenceNN
import ValencePlan

/// The normalized clips of one or several corpora as one trial's network sees them.
///
/// A clip's index counts through the corpora one after another.
///
/// Statistics are those of the clips as they are, whatever is done to training clips: validation and
/// test clips, which are as they are, then meet the network as its normalization was fitted.
struct ClipSource: Sendable {
  private let corpora: [PreparedCorpus]
  /// Where each clip lies: the position of its corpus, and its own within that.
  private let clips: [(corpus: Int, index: Int)]
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
  /// One for each corpus: speakers of two corpora may share a name.
  private let statistics: [Statistics]

  /// By whose statistics a clip is normalized.
  enum Statistics: Sendable {
    /// Not at all.
    case none
    /// All clips of the corpus alike.
    case common([FeatureKind: Normalizer])
    /// Each speaker apart.
    case bySpeaker([String: [FeatureKind: Normalizer]])
  }

  /// The clips of `corpora` for a variant's network.
  ///
  /// - Parameter training: the normalizers of the training fold, for normalization by `train`.
  /// - Throws: `FeatureError` for options that cannot be extracted.
  init(
    _ corpora: [PreparedCorpus], variant: Variant, library: FeatureLibrary,
    training: [FeatureKind: Normalizer]?
  ) throws {
    self.corpora = corpora
    clips = corpora.enumerated().flatMap { position, corpus in
      corpus.contents.indices.map { (position, $0) }
    }
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
    statistics = corpora.map { corpus in
      switch options.normalization {
      case .none: .none
      case .train: training.map(Statistics.common) ?? .none
      case .corpus: Self.ofCorpus(corpus, library: library, keys: keys)
      case .speaker: Self.ofSpeakers(corpus, library: library, keys: keys)
      }
    }
  }

  private static func ofCorpus(
    _ corpus: PreparedCorpus, library: FeatureLibrary, keys: [FeatureKind: String]
  ) -> Statistics {
    let clips = corpus.contents.indices.map { library.clip(corpus.name, $0) }
    return .common(fit(clips, keys: keys, source: .corpus(corpus.name)))
  }

  private static func ofSpeakers(
    _ corpus: PreparedCorpus, library: FeatureLibrary, keys: [FeatureKind: String]
  ) -> Statistics {
    let groups = Dictionary(grouping: corpus.contents.indices) {
      corpus.labeled.utterances[$0].utterance.speaker ?? ""
    }
    return .bySpeaker(
      groups.reduce(into: [:]) { result, group in
        let clips = group.value.map { library.clip(corpus.name, $0) }
        result[group.key] = fit(clips, keys: keys, source: .speaker(group.key))
      })
  }

  /// Normalizers over the given clips, merged in their order.
  private static func fit(
    _ clips: [FeatureLibrary.Clip], keys: [FeatureKind: String], source: Normalizer.Source
  ) -> [FeatureKind: Normalizer] {
    keys.compactMapValues { key in
      Normalizer.fit(on: clips.compactMap { $0.moments[key] }, source: source)
    }
  }

  /// The normalizers of a training fold: of all its corpora together.
  func trainingNormalizers(_ fold: TrialFold) -> [FeatureKind: Normalizer] {
    Self.fit(
      train(fold).filter(isUsable).map(clip), keys: keys, source: .trainingFold)
  }

  /// The clips to learn from.
  func train(_ fold: TrialFold) -> [Int] { indices(fold, \.train) }

  /// The clips to choose an epoch by.
  func validation(_ fold: TrialFold) -> [Int] { indices(fold, \.validation) }

  /// One side of a fold of these very corpora.
  private func indices(_ fold: TrialFold, _ side: KeyPath<Fold, [Int]>) -> [Int] {
    var start = 0
    var result: [Int] = []
    for (corpus, part) in zip(corpora, fold.parts) {
      precondition(corpus.name == part.corpus, "clips of \(corpus.name), a fold of \(part.corpus)")
      result += part.fold[keyPath: side].map { start + $0 }
      start += corpus.contents.count
    }
    return result
  }

  /// Whether an utterance has features, and enough frames for the network.
  func isUsable(_ index: Int) -> Bool { frames(of: index) >= minimumFrames }

  private func clip(_ index: Int) -> FeatureLibrary.Clip {
    let place = clips[index]
    return library.clip(corpora[place.corpus].name, place.index)
  }

  private func labeled(_ index: Int) -> LabeledUtterance {
    let place = clips[index]
    return corpora[place.corpus].labeled.utterances[place.index]
  }

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
    clip(index).frames(keys(of: index, take).values)
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
    let frames = clip(index).frames(keys.values)
    return frames >= minimumFrames ? take.speed : 1
  }

  /// The utterance itself.
  func utterance(of index: Int) -> Utterance { labeled(index).utterance }

  /// The class of an utterance.
  func target(of index: Int) -> Int { labeled(index).target }

  /// The span of an utterance in its file, in seconds.
  func spanS(of index: Int) -> ClosedRange<Double> { clip(index).spanS }

  /// The features that are heard of an utterance, normalized.
  func features(of index: Int, as take: ClipTake = ClipTake()) -> ClipFeatures {
    let clip = self.clip(index)
    var features =
      take.noise.map { noisy(clip, speed: speed(of: index, take), noise: $0) }
      ?? ClipFeatures(keys(of: index, take).compactMapValues { clip.matrices[$0] })
    let stretch = stretch(of: index, take)
    if stretch.count < features.frames { features = features[stretch] }
    switch statistics[clips[index].corpus] {
    case .none: break
    case .common(let normalizers): features.normalize(by: normalizers)
    case .bySpeaker(let normalizers):
      features.normalize(by: normalizers[utterance(of: index).speaker ?? ""] ?? [:])
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
