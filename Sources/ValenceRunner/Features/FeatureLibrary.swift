import Foundation
import Synchronization
import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValenceFeatures
import ValenceKernels
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
    var spanS: ClosedRange<Double> = 0...0
    /// Why it cannot be used, or not with some of the extractions.
    var fault: String?

    /// The number of frames under these cache keys; 0 if one of them has no features.
    func frames(_ keys: some Collection<String>) -> Int {
      keys.map { matrices[$0]?.frames ?? 0 }.min() ?? 0
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
  private struct Extraction: Hashable {
    var audio: AudioOptions
    var options: FeatureOptions

    /// The cache keys by kind.
    var keys: [FeatureKind: String] { FeatureExtractor.cacheKeys(options, audio: audio) }
  }

  /// Loads the features that the variants of an experiment need: from the cache, or else from the audio.
  ///
  /// - Throws: `Problems` naming each file that cannot be used, if the plan says `stop`;
  ///   `StoreError` if the cache cannot be written; `CancellationError` if the run was interrupted.
  public static func load(
    _ experiment: Experiment, cache: FeatureCache, threads: Int, control: RunControl
  ) throws -> FeatureLibrary {
    var library = FeatureLibrary()
    let extractions = Self.extractions(of: experiment.plan)
    let extractors = try extractions.map {
      try FeatureExtractor($0.options, rateHz: $0.audio.rateHz)
    }
    for corpus in experiment.corpora {
      let loader = ClipLoader(
        corpus: corpus, work: Array(zip(extractions.map { ($0.audio, $0.keys) }, extractors)),
        cache: cache)
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
  private static func extractions(of plan: Plan) -> [Extraction] {
    var seen: Set<Extraction> = []
    var result: [Extraction] = []
    for variant in plan.variants {
      var extraction = Extraction(
        audio: variant.settings.audio, options: variant.settings.features)
      extraction.audio.unreadable = .stop
      extraction.options.normalization = .none
      extraction.options.fusion = extraction.options.extracted
      if seen.insert(extraction).inserted { result.append(extraction) }
    }
    return result
  }

  /// The utterances that some variant's network cannot be asked about.
  private func faults(of corpus: PreparedCorpus, variants: [Variant]) -> [Fault] {
    let needs = variants.map { ($0.featureKeys.values, $0.settings.minimumFrames) }
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

/// Loads the clips of one corpus, one at a time; used from several threads.
private struct ClipLoader: Sendable {
  let corpus: PreparedCorpus
  let work: [((audio: AudioOptions, keys: [FeatureKind: String]), FeatureExtractor)]
  let cache: FeatureCache

  /// The clip; what is wrong with its file is noted in it.
  ///
  /// A file may be too short for one extraction and long enough for another, so each is tried: what a
  /// trial learns from must not depend on the other variants of its experiment.
  ///
  /// - Throws: `StoreError` if the cache cannot be written.
  func load(_ index: Int) throws -> FeatureLibrary.Clip {
    let utterance = corpus.labeled.utterances[index].utterance
    var clip = FeatureLibrary.Clip()
    do throws(AudioError) {
      clip.spanS =
        if let span = utterance.span { span } else {
          0...(try AudioReader.inspect(utterance.file).durationS)
        }
    } catch {
      clip.fault = "\(error)"
      return clip
    }
    for (extraction, extractor) in work {
      do {
        try extract(extraction, extractor, index: index, into: &clip)
      } catch let error as StoreError {
        throw error
      } catch let error as FeatureError {
        clip.fault = clip.fault ?? "\(utterance.file.path): \(error)"
      } catch {
        clip.fault = clip.fault ?? "\(error)"
      }
    }
    clip.moments = clip.matrices.mapValues(BinMoments.init)
    return clip
  }

  private func extract(
    _ extraction: (audio: AudioOptions, keys: [FeatureKind: String]),
    _ extractor: FeatureExtractor, index: Int, into clip: inout FeatureLibrary.Clip
  ) throws {
    let content = corpus.contents[index]
    let digests = extraction.keys.mapValues { Digest(ofParts: [content.hex, $0]) }
    for (kind, digest) in digests {
      guard let key = extraction.keys[kind], let block = cache.block(digest),
        block.shape.count == 2
      else { continue }
      clip.matrices[key] = FeatureMatrix(
        frames: block.shape[0], bins: block.shape[1], values: block.values)
    }
    if extraction.keys.values.allSatisfy({ clip.matrices[$0] != nil }) { return }
    let utterance = corpus.labeled.utterances[index].utterance
    let waveform = try AudioReader.read(
      utterance.file, span: utterance.span, options: extraction.audio)
    let features = try extractor.extract(waveform)
    for (kind, digest) in digests {
      guard let key = extraction.keys[kind], let matrix = features[kind] else { continue }
      clip.matrices[key] = matrix
      let shape = [matrix.frames, matrix.bins]
      try cache.keep(Safetensors.Array(shape: shape, values: matrix.values), as: digest)
    }
  }
}

extension Variant {
  /// The cache keys of the features that its network sees.
  var featureKeys: [FeatureKind: String] {
    FeatureExtractor.cacheKeys(settings.features, audio: settings.audio)
  }
}

extension FeatureExtractor {
  /// The cache keys of the features that a fusion is made of.
  fileprivate static func cacheKeys(
    _ options: FeatureOptions, audio: AudioOptions
  ) -> [FeatureKind: String] {
    Dictionary(
      uniqueKeysWithValues: options.kinds.map {
        ($0, cacheKey($0, options: options, audio: audio))
      })
  }
}

/// Why a clip cannot be asked about.
enum ClipError: Error, CustomStringConvertible {
  /// It has fewer frames than the network pools into one.
  case tooShort(file: String, frames: Int, minimum: Int)

  /// One sentence.
  var description: String {
    switch self {
    case .tooShort(let file, let frames, let minimum):
      "\(file): has \(frames) frames, but the network needs at least \(minimum); use longer speech."
    }
  }
}
