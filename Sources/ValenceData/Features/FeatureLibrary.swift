import Foundation
import Synchronization
import ValenceAudio
package import ValenceCore
import ValenceCorpora
package import ValenceFeatures
import ValenceNN
import ValencePlan
package import ValenceStore

/// The features of every utterance of an experiment: where they are, not what they are.
///
/// They lie in the cache and are read from there for each batch, so that memory grows with the number of
/// utterances by some hundred bytes each, and not with the length of their speech.
package struct FeatureLibrary: Sendable {
  /// The revisions of what reads audio and extracts features of these kinds, each once: part of the
  /// identity of each trial that uses them.
  package static func revision(of kinds: some Sequence<FeatureKind>) -> String {
    let used = Set(kinds)
    let features = FeatureKind.allCases.filter(used.contains).map { "\($0) \($0.revision)" }
    return (["audio \(AudioReader.revision)"] + features).joined(separator: ", ")
  }

  /// What is known of one utterance beside its features.
  struct Clip: Sendable {
    /// The number of frames under each extraction, by its number; 0 where it has no features.
    var frames: [Int32]
    var spanS: ClosedRange<Double> = 0...0
    /// Why it cannot be used, or not with some of the extractions.
    var fault: String?

    init(extractions: Int) { frames = Array(repeating: 0, count: extractions) }

    /// The number of frames under an extraction; 0 if it has no features.
    func frames(_ work: ClipLoader.Work) -> Int {
      work.number < frames.count ? Int(frames[work.number]) : 0
    }
  }

  /// A file that cannot be used.
  package struct Fault: Sendable {
    let corpus: String
    let id: String
    let reason: String
  }

  /// A corpus: what is known of its clips, and what reads their features.
  private struct Shelf {
    var clips: [Clip]
    let loader: ClipLoader
  }

  private var shelves: [String: Shelf] = [:]
  private let work: [ExtractionSettings: ClipLoader.Work]
  private let files: KnownFiles
  /// What classic models see of clips.
  let vectors = VectorShelf()
  /// What decoding showed of each utterance, by corpus.
  package private(set) var sounds: [String: [DigestCache.Sound?]] = [:]
  /// What ends the reading of many clips.
  private let control: RunControl
  /// What cannot be used, in the order of corpora and utterances.
  package private(set) var faults: [Fault] = []

  /// What is known of one utterance.
  func clip(_ corpus: String, _ index: Int) -> Clip { shelf(corpus).clips[index] }

  /// What reads the features of a corpus.
  func loader(_ corpus: String) -> ClipLoader { shelf(corpus).loader }

  /// The extraction of what a variant's network sees, of clips played at a speed.
  func work(for variant: Variant, speed: Double = 1) -> ClipLoader.Work {
    guard let work = work[variant.extraction(speed: speed)] else {
      preconditionFailure("nothing was extracted for \(variant.name) at speed \(speed)")
    }
    return work
  }

  /// Normalizers over those of the given clips that have features, merged in their order.
  ///
  /// - Throws: what keeps the features of a clip from being read.
  func normalizers(
    _ clips: [(corpus: String, index: Int)], _ work: ClipLoader.Work, source: Normalizer.Source
  ) throws -> [FeatureKind: Normalizer] {
    var moments: [FeatureKind: BinMoments] = [:]
    for (corpus, index) in clips where clip(corpus, index).frames(work) > 0 {
      try control.checkInterruption()
      let features = try loader(corpus).features(of: index, work)
      for kind in work.extraction.kinds {
        guard let matrix = features[kind] else { continue }
        let own = BinMoments(matrix)
        if moments[kind]?.merge(own) == nil { moments[kind] = own }
      }
    }
    return Dictionary(
      uniqueKeysWithValues: moments.map { kind, moments in
        (kind, Normalizer(moments, source: source, constant: kind.constantDeviation))
      })
  }

  private func shelf(_ corpus: String) -> Shelf {
    guard let shelf = shelves[corpus] else { preconditionFailure("no features of \(corpus)") }
    return shelf
  }
}

// MARK: - Loading

extension FeatureLibrary {
  /// Brings the features that the variants of an experiment need into the cache, if they are not there.
  ///
  /// - Throws: `Problems` naming each file that cannot be used, if the plan says `stop`;
  ///   `StoreError` if the cache cannot be written; `MachineFault` if a format cannot be decoded on this
  ///   machine or a file is not what it was, whatever the plan says; `CancellationError` if the run was
  ///   interrupted.
  package static func load(
    _ experiment: Experiment, cache: FeatureCache, threads: Int, control: RunControl
  ) throws -> FeatureLibrary {
    let variants = experiment.plan.variants + experiment.baselines
    let work = try ClipLoader.Work.all(Self.extractions(of: variants))
    var library = FeatureLibrary(
      work: Dictionary(uniqueKeysWithValues: work.map { ($0.extraction, $0) }),
      files: experiment.files, control: control)
    let playbacks = Self.playbacks(of: experiment.plan)
    do {
      for corpus in experiment.corpora {
        let isTrainedOn = experiment.plan.trainOn.contains(corpus.name)
        try library.load(
          ClipLoader(corpus: corpus, cache: cache),
          work.filter { isTrainedOn || $0.extraction.waveform.speed == 1 },
          playbacks: isTrainedOn ? playbacks : [], threads: threads, control: control)
        library.faults += library.faults(of: corpus, variants: experiment.plan.variants)
      }
      try library.verify()
    } catch let fault as MachineFault {
      try library.forgetChanged(experiment, cache: cache, work: work, playbacks: playbacks)
      throw fault
    }
    // Training reads frames from the cache; weights would only take its memory.
    for item in work { item.encoder?.forget() }
    for corpus in experiment.corpora {
      experiment.keep(library.sounds[corpus.name] ?? [], of: corpus)
    }
    let stopping = experiment.plan.variants.contains { $0.settings.audio.unreadable == .stop }
    if stopping, !library.faults.isEmpty { throw library.problems }
    return library
  }

  /// Brings what one corpus lacks into the cache.
  private mutating func load(
    _ loader: ClipLoader, _ work: [ClipLoader.Work], playbacks: [WaveformSettings], threads: Int,
    control: RunControl
  ) throws {
    let name = loader.corpus.name
    let progress = Atomic(0)
    let count = loader.corpus.labeled.utterances.count
    let part = control.part()
    let clips = OrderedPool(jobs: threads).map(Array(0..<count)) { index in
      if part.isInterrupted {
        return Result<ClipLoader.Prepared, any Error>.success(.init(clip: Clip(extractions: 0)))
      }
      let clip = Result {
        try loader.prepare(index, for: work, playbacks: playbacks, wantsSound: true)
      }
      // What ends the run for one clip ends it for all, at once.
      if case .failure = clip { part.interrupt() }
      let done = progress.add(1, ordering: .relaxed).newValue
      if done % 32 == 0 || done == count {
        control.report(.features(corpus: name, done: done, of: count))
      }
      return clip
    }
    try control.checkInterruption()
    let prepared = try clips.map { try $0.get() }
    shelves[name] = Shelf(clips: prepared.map(\.clip), loader: loader)
    sounds[name] = prepared.map(\.sound)
  }

  /// Makes sure that every file of the experiment is what it was when the run began, so that what was
  /// made of it may be kept.
  ///
  /// - Throws: `MachineFault` that names one that is not.
  package func verify() throws { try files.verify() }

  /// Takes out of the cache whatever may have been made of files that are not what they were.
  private func forgetChanged(
    _ experiment: Experiment, cache: FeatureCache, work: [ClipLoader.Work],
    playbacks: [WaveformSettings]
  ) throws {
    for corpus in experiment.corpora {
      let paths = Set(corpus.labeled.utterances.map { ExactName($0.utterance.filePath) })
      let changed = files.changed(among: paths)
      let loader = ClipLoader(corpus: corpus, cache: cache)
      for (index, item) in corpus.labeled.utterances.enumerated()
      where changed.contains(ExactName(item.utterance.filePath)) {
        try loader.forget(index, work: work, playbacks: playbacks)
      }
    }
  }

  private init(
    work: [ExtractionSettings: ClipLoader.Work], files: KnownFiles, control: RunControl
  ) {
    (self.work, self.files, self.control) = (work, files, control)
  }

  /// The distinct extractions of some variants.
  ///
  /// Those at other speeds, which only training clips need, come after those of the clips as they are.
  private static func extractions(of variants: [Variant]) -> [ExtractionSettings] {
    var seen: Set<ExtractionSettings> = []
    let all = variants.flatMap { variant in
      ([1] + variant.otherSpeeds).map { variant.extraction(speed: $0) }
    }.filter { seen.insert($0).inserted }
    return all.filter { $0.waveform.speed == 1 } + all.filter { $0.waveform.speed != 1 }
  }

  /// The distinct waveforms that noise is laid over.
  ///
  /// Noise differs from epoch to epoch, so its features cannot be cached; they are extracted in each
  /// epoch, at some 15,000 times real time, from waveforms that are: 192 kB for three seconds at 16 kHz,
  /// half as much again as their log-mel and MFCC features. A few noisy copies of each clip would take as
  /// much room, and be learned by heart.
  private static func playbacks(of plan: Plan) -> [WaveformSettings] {
    var seen: Set<WaveformSettings> = []
    return plan.variants.filter { $0.settings.training.augmentation.noise != nil }
      .flatMap { variant in
        ([1] + variant.otherSpeeds).map { WaveformSettings(variant.settings.audio, speed: $0) }
      }
      .filter { seen.insert($0).inserted }
  }

  /// The utterances that some variant's network cannot be asked about; what only a baseline cannot use stops
  /// no experiment.
  private func faults(of corpus: PreparedCorpus, variants: [Variant]) -> [Fault] {
    let needs = variants.map { (work(for: $0), $0.settings.minimumFrames) }
    return corpus.labeled.utterances.enumerated().compactMap { index, item in
      let clip = clip(corpus.name, index)
      var reason = clip.fault
      for (work, minimum) in needs where reason == nil && clip.frames(work) < minimum {
        let file = item.utterance.file.path
        reason = "\(ClipError.tooShort(file: file, frames: clip.frames(work), minimum: minimum))"
      }
      return reason.map { Fault(corpus: corpus.name, id: item.utterance.id, reason: $0) }
    }
  }

  private var problems: Problems {
    let shown = 20
    var list = faults.prefix(shown).map { Problem($0.reason, key: "corpora.\($0.corpus)") }
    if faults.count > shown { list.append(Problem("… and \(faults.count - shown) more files.")) }
    list.append(
      Problem("drop would leave such files out and list them.", key: "audio.unreadable"))
    return Problems(list)
  }
}

extension Variant {
  /// What its network's features are extracted by, of clips played at a speed.
  fileprivate func extraction(speed: Double) -> ExtractionSettings {
    ExtractionSettings(settings.features, audio: settings.audio, speed: speed)
  }

  /// The speeds other than 1 at which its training clips are played.
  var otherSpeeds: [Double] { (settings.training.augmentation.speed ?? []).filter { $0 != 1 } }
}

/// Why a clip cannot be asked about.
package enum ClipError: Error, CustomStringConvertible {
  /// It has fewer frames than the network pools into one.
  case tooShort(file: String, frames: Int, minimum: Int)
  /// No features can be extracted from it.
  case noFeatures(file: String, reason: FeatureError)

  package var description: String {
    switch self {
    case .tooShort(let file, let frames, let minimum):
      "\(file): has \(frames) frames, but the network needs at least \(minimum); use longer speech."
    case .noFeatures(let file, let reason): "\(file): \(reason)"
    }
  }
}
