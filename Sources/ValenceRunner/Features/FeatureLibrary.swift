import Foundation
import Synchronization
import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValenceFeatures
import ValenceNN
import ValencePlan
public import ValenceStore

/// The features of every utterance of an experiment, in memory.
public struct FeatureLibrary: Sendable {
  /// Raised with whatever moves a feature's numbers; part of each trial's identity.
  static var revision: String { "\(FeatureExtractor.revision).\(AudioReader.revision)" }

  /// One utterance's features and length.
  struct Clip: Sendable {
    var matrices: [String: FeatureMatrix] = [:]
    var moments: [String: BinMoments] = [:]
    /// What noise is laid over, for variants with noise.
    var waveforms: [Playback: Waveform] = [:]
    var spanS: ClosedRange<Double> = 0...0
    /// Why it cannot be used, or not with some of the extractions.
    var fault: String?

    /// The number of frames under these cache keys; 0 if one of them has no features.
    func frames(_ keys: some Collection<String>) -> Int {
      keys.map { matrices[$0]?.frames ?? 0 }.min() ?? 0
    }
  }

  /// A way to read a clip's waveform.
  struct Playback: Hashable, Sendable {
    let audio: AudioOptions
    /// How much faster it is played.
    let speed: Double

    /// What is done about unreadable files moves no waveform.
    init(_ audio: AudioOptions, speed: Double) {
      var audio = audio
      audio.unreadable = .stop
      (self.audio, self.speed) = (audio, speed)
    }
  }

  private var clips: [String: [Clip]] = [:]

  /// A file that cannot be used.
  struct Fault: Sendable {
    let corpus: String
    let id: String
    let reason: String
  }

  /// What cannot be used, in the order of corpora and utterances.
  private(set) var faults: [Fault] = []

  /// The features of one utterance under a cache key.
  func clip(_ corpus: String, _ index: Int) -> Clip {
    guard let clip = clips[corpus]?[index] else {
      preconditionFailure("no features of utterance \(index) of \(corpus)")
    }
    return clip
  }
}

// MARK: - Loading

extension FeatureLibrary {
  /// One way to extract: everything that the numbers depend on, and which kinds are wanted.
  struct Extraction: Hashable {
    var audio: AudioOptions
    var options: FeatureOptions
    /// How much faster clips are played.
    var speed = 1.0

    /// The cache keys by kind.
    var keys: [FeatureKind: String] {
      FeatureExtractor.cacheKeys(options, audio: audio, speed: speed)
    }
  }

  /// Loads the features that the variants of an experiment need: from the cache, or else from the audio.
  ///
  /// - Throws: `Problems` naming each file that cannot be used, if the plan says `stop`;
  ///   `StoreError` if the cache cannot be written; `AudioError` if the machine cannot decode a format,
  ///   whatever the plan says; `CancellationError` if the run was interrupted.
  public static func load(
    _ experiment: Experiment, cache: FeatureCache, threads: Int, control: RunControl
  ) throws -> FeatureLibrary {
    var library = FeatureLibrary()
    let extractions = Self.extractions(of: experiment.plan)
    let work = try extractions.map {
      ClipLoader.Work($0, extractor: try FeatureExtractor($0.options, rateHz: $0.audio.rateHz))
    }
    for corpus in experiment.corpora {
      let isTrainedOn = experiment.plan.trainOn.contains(corpus.name)
      let loader = ClipLoader(
        corpus: corpus, work: work.filter { isTrainedOn || $0.extraction.speed == 1 },
        playbacks: isTrainedOn ? Self.playbacks(of: experiment.plan) : [], cache: cache)
      let progress = Atomic(0)
      let count = corpus.labeled.utterances.count
      let pool = TrialPool(jobs: threads)
      let clips = pool.map(Array(0..<count)) { index in
        if control.isInterrupted { return Result<Clip, any Error>.success(Clip()) }
        let clip = Result { try loader.load(index) }
        let done = progress.add(1, ordering: .relaxed).newValue
        if done % 32 == 0 || done == count {
          control.report(.features(corpus: corpus.name, done: done, of: count))
        }
        return clip
      }
      try control.checkInterruption()
      library.clips[corpus.name] = try clips.map { try $0.get() }
      library.faults += library.faults(of: corpus, variants: experiment.plan.variants)
    }
    let stopping = experiment.plan.variants.contains { $0.settings.audio.unreadable == .stop }
    if stopping, !library.faults.isEmpty { throw library.problems }
    return library
  }

  /// The distinct extractions of a plan's variants; variants that differ in other things share one.
  ///
  /// Those at other speeds, which only training clips need, come after those of the clips as they are.
  private static func extractions(of plan: Plan) -> [Extraction] {
    var seen: Set<Extraction> = []
    var result: [Extraction] = []
    for variant in plan.variants {
      var extraction = Extraction(
        audio: variant.settings.audio, options: variant.settings.features)
      extraction.audio.unreadable = .stop
      extraction.options.normalization = .none
      extraction.options.fusion = extraction.options.extracted
      for speed in [1] + variant.otherSpeeds {
        extraction.speed = speed
        if seen.insert(extraction).inserted { result.append(extraction) }
      }
    }
    return result.filter { $0.speed == 1 } + result.filter { $0.speed != 1 }
  }

  /// The distinct waveforms that noise is laid over.
  ///
  /// Noise differs from epoch to epoch, so its features cannot be cached; they are extracted in each
  /// epoch, at about 2000 times real time, from waveforms held in memory: 192 kB for three seconds at
  /// 16 kHz, half as much again as their log-mel and MFCC features. A few noisy copies of each clip
  /// would take as much memory, and be learned by heart.
  private static func playbacks(of plan: Plan) -> [Playback] {
    var seen: Set<Playback> = []
    return plan.variants.filter { $0.settings.training.augmentation.noise != nil }
      .flatMap { variant in
        ([1] + variant.otherSpeeds).map { Playback(variant.settings.audio, speed: $0) }
      }
      .filter { seen.insert($0).inserted }
  }

  /// The utterances that some variant's network cannot be asked about.
  private func faults(of corpus: PreparedCorpus, variants: [Variant]) -> [Fault] {
    let needs = variants.map { ($0.featureKeys().values, $0.settings.minimumFrames) }
    return corpus.labeled.utterances.enumerated().compactMap { index, item in
      let clip = clip(corpus.name, index)
      var reason = clip.fault
      for (keys, minimum) in needs where reason == nil && clip.frames(keys) < minimum {
        let file = item.utterance.file.path
        let frames = clip.frames(keys)
        reason = "\(ClipError.tooShort(file: file, frames: frames, minimum: minimum))"
      }
      return reason.map { Fault(corpus: corpus.name, id: item.utterance.id, reason: $0) }
    }
  }

  private var problems: Problems {
    let shown = 20
    var list = faults.prefix(shown).map { Problem($0.reason, key: "corpora.\($0.corpus)") }
    if faults.count > shown { list.append(Problem("… and \(faults.count - shown) more files.")) }
    list.append(
      Problem("audio.unreadable: drop would leave such files out and list them.", key: "audio"))
    return Problems(list)
  }
}

extension Variant {
  /// The cache keys of the features that its network sees, of clips played at a speed.
  func featureKeys(speed: Double = 1) -> [FeatureKind: String] {
    FeatureExtractor.cacheKeys(settings.features, audio: settings.audio, speed: speed)
  }

  /// The speeds other than 1 at which its training clips are played.
  var otherSpeeds: [Double] { (settings.training.augmentation.speed ?? []).filter { $0 != 1 } }
}

extension FeatureExtractor {
  /// The cache keys of the features that a fusion is made of.
  fileprivate static func cacheKeys(
    _ options: FeatureOptions, audio: AudioOptions, speed: Double
  ) -> [FeatureKind: String] {
    Dictionary(
      uniqueKeysWithValues: options.kinds.map {
        ($0, cacheKey($0, options: options, audio: audio, speed: speed))
      })
  }
}

/// Why a clip cannot be asked about.
enum ClipError: Error, CustomStringConvertible {
  /// It has fewer frames than the network pools into one.
  case tooShort(file: String, frames: Int, minimum: Int)
  /// No features can be extracted from it.
  case noFeatures(file: String, reason: FeatureError)

  /// One sentence.
  var description: String {
    switch self {
    case .tooShort(let file, let frames, let minimum):
      "\(file): has \(frames) frames, but the network needs at least \(minimum); use longer speech."
    case .noFeatures(let file, let reason): "\(file): \(reason)"
    }
  }
}
