import Foundation
import ValenceAudio
package import ValenceCore
package import ValenceCorpora
package import ValenceFeatures
package import ValenceKernels
import ValenceNN
package import ValencePlan

/// The normalized clips of one or several corpora as one trial's network sees them.
///
/// A clip's index counts through the corpora one after another.
///
/// Normalization is fitted on unaugmented clips, so that validation and test clips, which are never
/// augmented, match it.
package struct ClipSource: Sendable {
  let corpora: [PreparedCorpus]
  /// The corpus of each clip, and its position within that.
  let clips: [(corpus: Int, index: Int)]
  let library: FeatureLibrary
  /// The extraction of unaugmented clips.
  let work: ClipLoader.Work
  /// The extractions at other speeds.
  private let workBySpeed: [Double: ClipLoader.Work]
  private let windows: ClipWindows
  private let fusion: FeatureFusion
  /// Clips with fewer frames cannot pass the network's pooling.
  private let minimumFrames: Int
  let normalization: FeatureOptions.Normalization
  /// Whether the model is a classic one, which hears clips whole and chooses nothing by validation.
  private let isClassic: Bool
  /// One for each corpus: speakers of two corpora may share a name.
  private let statistics: [Statistics]

  /// By whose statistics a clip is normalized.
  enum Statistics: Sendable {
    /// Not at all.
    case none
    /// All clips alike, by those of the training fold.
    case common([FeatureKind: Normalizer])
    /// Each of the groups that the corpus's `clips` make of it apart.
    case grouped([[FeatureKind: Normalizer]])
  }

  /// The clips of `corpora` for a variant's network.
  ///
  /// - Parameter training: the normalizers of the training fold, for normalization by `train`.
  /// - Throws: what keeps the features of a clip from being read where statistics are formed of them.
  package init(
    _ corpora: [PreparedCorpus], variant: Variant, library: FeatureLibrary,
    training: [FeatureKind: Normalizer]?
  ) throws {
    let work = library.work(for: variant)
    let normalization = variant.settings.features.normalization
    let statistics = try corpora.map { corpus -> Statistics in
      switch normalization {
      case .none: return .none
      case .train: return training.map(Statistics.common) ?? .none
      case .corpus, .speaker:
        return .grouped(
          try corpus.clips.groups(normalization).map { group in
            try library.normalizers(
              group.map { (corpus.name, $0) }, work,
              source: Self.source(of: group, in: corpus, corpus.clips.own(normalization)))
          })
      }
    }
    self.init(corpora, variant: variant, library: library, statistics: statistics)
  }

  /// Whose statistics those of a group are.
  private static func source(
    of group: [Int], in corpus: PreparedCorpus, _ normalization: FeatureOptions.Normalization
  ) -> Normalizer.Source {
    guard normalization == .speaker else { return .corpus(corpus.name) }
    let first = group.first.map { corpus.labeled.utterances[$0].utterance }
    return .speaker(first?.speaker ?? "")
  }

  /// The unaugmented clips of `corpora`, not normalized.
  package init(asTheyAre corpora: [PreparedCorpus], variant: Variant, library: FeatureLibrary) {
    self.init(
      corpora, variant: variant, library: library, statistics: corpora.map { _ in .none })
  }

  private init(
    _ corpora: [PreparedCorpus], variant: Variant, library: FeatureLibrary,
    statistics: [Statistics]
  ) {
    self.corpora = corpora
    self.statistics = statistics
    clips = corpora.enumerated().flatMap { position, corpus in
      corpus.contents.indices.map { (position, $0) }
    }
    self.library = library
    let options = variant.settings.features
    normalization = options.normalization
    minimumFrames = variant.settings.minimumFrames
    fusion = FeatureFusion(options)
    let audio = variant.settings.audio
    isClassic = variant.settings.classic != nil
    windows = ClipWindows(
      frames: audio.longClips == .windows && !isClassic ? variant.settings.frames : nil)
    work = library.work(for: variant)
    workBySpeed = variant.otherSpeeds.reduce(into: [:]) {
      $0[$1] = library.work(for: variant, speed: $1)
    }
  }

  /// The normalizers of a training fold: of all its corpora together.
  ///
  /// - Throws: what keeps the features of a clip from being read.
  package func trainingNormalizers(_ fold: TrialFold) throws -> [FeatureKind: Normalizer] {
    let places = train(fold).filter(isUsable).map { index in
      (corpora[clips[index].corpus].name, clips[index].index)
    }
    return try library.normalizers(places, work, source: .trainingFold)
  }

  /// The clips to learn from, in an order that no name moves; for a classic model those of the validation
  /// side among them.
  package func train(_ fold: TrialFold) -> [Int] {
    indices(fold, isClassic ? [\.train, \.validation] : [\.train])
  }

  /// The clips to choose an epoch by; none for a classic model.
  package func validation(_ fold: TrialFold) -> [Int] {
    isClassic ? [] : indices(fold, [\.validation])
  }

  /// Some sides of a fold of these very corpora.
  private func indices(_ fold: TrialFold, _ sides: [KeyPath<Fold, [Int]>]) -> [Int] {
    var starts = [0]
    for (corpus, part) in zip(corpora, fold.parts) {
      precondition(corpus.name == part.corpus, "clips of \(corpus.name), a fold of \(part.corpus)")
      starts.append(starts[starts.count - 1] + corpus.contents.count)
    }
    return fold.clips(sides).map { starts[Int($0.corpus)] + Int($0.index) }
  }

  /// Whether an utterance has features, and enough frames for the network.
  package func isUsable(_ index: Int) -> Bool { frames(of: index) >= minimumFrames }

  private func clip(_ index: Int) -> FeatureLibrary.Clip {
    let place = clips[index]
    return library.clip(corpora[place.corpus].name, place.index)
  }

  private func labeled(_ index: Int) -> LabeledUtterance {
    let place = clips[index]
    return corpora[place.corpus].labeled.utterances[place.index]
  }

  /// The number of frames that are used of an utterance; 0 without features.
  package func frames(of index: Int, as view: ClipView = ClipView()) -> Int {
    window(of: index, view).count
  }

  /// The views that an unaugmented utterance is scored by: one, or one for each window of a long clip.
  package func views(of index: Int) -> [ClipView] {
    windows.windows(of: allFrames(of: index, ClipView())).map {
      ClipView(window: .frames($0))
    }
  }

  /// The frames that a view selects.
  private func window(of index: Int, _ view: ClipView) -> Range<Int> {
    switch view.window {
    case .frames(let frames): frames
    case .place(let place): windows.window(of: allFrames(of: index, view), at: place)
    }
  }

  private func allFrames(of index: Int, _ view: ClipView) -> Int {
    clip(index).frames(work(of: index, view))
  }

  /// The extraction of a view, before noise.
  ///
  /// A clip that would be too short for the network at the view's speed keeps its own speed.
  private func work(of index: Int, _ view: ClipView) -> ClipLoader.Work {
    guard let faster = workBySpeed[view.speed] else { return work }
    return clip(index).frames(faster) >= minimumFrames ? faster : work
  }

  /// The utterance itself.
  package func utterance(of index: Int) -> Utterance { labeled(index).utterance }

  /// The position of an utterance's corpus among the source's.
  package func corpus(of index: Int) -> Int { clips[index].corpus }

  /// The class of an utterance.
  package func target(of index: Int) -> Int { labeled(index).target }

  /// The digest of clips in their order, each by its content and class.
  package func identity(of indices: [Int]) -> Digest {
    Digest(
      ofParts: indices.lazy.map { index in
        let place = clips[index]
        return "\(corpora[place.corpus].contents[place.index].hex) \(target(of: index))"
      })
  }

  /// The span of an utterance in its file, in seconds.
  package func spanS(of index: Int) -> ClosedRange<Double> { clip(index).spanS }

  /// The normalized features of the part of an utterance that a view selects.
  ///
  /// - Throws: `ClipError`, `AudioError` or `MachineFault` if the cache does not have them any more and they
  ///   cannot be extracted as they were.
  func features(of index: Int, as view: ClipView = ClipView()) throws -> ClipFeatures {
    let work = work(of: index, view)
    let place = clips[index]
    let loader = library.loader(corpora[place.corpus].name)
    var features =
      if let noise = view.noise { try noisy(place.index, loader, work, noise) } else {
        try loader.features(of: place.index, work)
      }
    guard features.frames == allFrames(of: index, view) else {
      throw MachineFault.changed(utterance(of: index).filePath)
    }
    let window = window(of: index, view)
    if window.count < features.frames { features = features[window] }
    switch statistics[place.corpus] {
    case .none: break
    case .common(let normalizers): features.normalize(by: normalizers)
    case .grouped(let normalizers):
      let group = corpora[place.corpus].clips.group(of: place.index, normalization)
      features.normalize(by: normalizers[group])
    }
    return features
  }

  /// The features of a clip in noise, extracted anew.
  private func noisy(
    _ index: Int, _ loader: ClipLoader, _ work: ClipLoader.Work, _ noise: ClipView.Noise
  ) throws -> ClipFeatures {
    let waveform = try loader.waveform(of: index, work.extraction.waveform)
    var random = noise.random
    do throws(FeatureError) {
      return try work.extractor.extract(
        waveform.addingWhiteNoise(snrDb: noise.snrDb, random: &random))
    } catch {
      throw ClipError.noFeatures(
        file: loader.corpus.labeled.utterances[index].utterance.filePath, reason: error)
    }
  }

  /// Writes an utterance's images into clip `slot` of a batch's inputs.
  ///
  /// - Throws: as `features` does.
  package func write(
    _ index: Int, as view: ClipView = ClipView(), slot: Int, frames: Int, into inputs: [Floats]
  ) throws {
    let features = try features(of: index, as: view)
    for (branch, plane) in fusion.branches.enumerated() {
      let size = plane.frames(of: frames) * plane.width
      let target = inputs[branch][slot * size..<(slot + 1) * size]
      target.fill(0)
      fusion.write(features, branch: branch, into: target)
    }
  }
}
