import Foundation
import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValenceFeatures
import ValenceStore

/// Reads the features of one corpus, a clip at a time: from the cache, or else from the audio.
///
/// Used from several threads, before training and in each of its steps.
struct ClipLoader: Sendable {
  let corpus: PreparedCorpus
  let cache: FeatureCache

  /// An extraction with all that it takes.
  struct Work: Sendable {
    /// Its place among the extractions of an experiment.
    let number: Int
    let extraction: FeatureLibrary.Extraction
    /// The keys of the cache by kind, without the clip's part.
    private let keys: [FeatureKind: String]
    /// Turns waveforms into its features.
    let extractor: FeatureExtractor

    /// Plans an extraction.
    ///
    /// - Throws: `FeatureError` for options that cannot be extracted.
    init(_ extraction: FeatureLibrary.Extraction, number: Int) throws {
      (self.extraction, self.number) = (extraction, number)
      keys = extraction.keys
      extractor = try FeatureExtractor(extraction.options, rateHz: extraction.audio.rateHz)
    }

    /// Where the features of a clip lie in the cache.
    fileprivate func digests(_ content: Digest) -> [FeatureKind: Digest] {
      keys.mapValues { Digest(ofParts: [content.hex, $0]) }
    }

    /// The number of frames of matrices of these shapes; nil unless they are those of one clip.
    fileprivate func frames(_ shapes: [FeatureKind: FeatureCache.Shape]) -> Int? {
      guard shapes.count == keys.count, let frames = shapes.values.first?.rows else { return nil }
      let fits = shapes.allSatisfy { kind, shape in
        shape.rows == frames && shape.columns == extraction.options.bins(of: kind)
      }
      return fits ? frames : nil
    }
  }

  /// What is known of a clip once its features are in the cache; what is wrong with its file is noted.
  ///
  /// A file may be too short for one extraction and long enough for another, so each is tried: what a
  /// trial learns from must not depend on the other variants of its experiment. That it is too short at
  /// another speed is no fault of the file: it is played as it is then.
  ///
  /// - Parameters:
  ///   - work: the extractions that are wanted of this corpus, in the order of their numbers.
  ///   - playbacks: the waveforms that are wanted.
  /// - Throws: `StoreError` if the cache cannot be written; `AudioError` where the machine and not the
  ///   file is at fault, as a result must not depend on which programs are installed.
  func prepare(
    _ index: Int, for work: [Work], playbacks: [FeatureLibrary.Playback] = []
  ) throws -> FeatureLibrary.Clip {
    let utterance = corpus.labeled.utterances[index].utterance
    var clip = FeatureLibrary.Clip(extractions: (work.last?.number ?? -1) + 1)
    do throws(AudioError) {
      clip.spanS =
        if let span = utterance.span { span } else {
          0...(try AudioReader.inspect(utterance.file).durationS)
        }
    } catch {
      if error.isOfMachine { throw error }
      clip.fault = "\(error)"
      return clip
    }
    for item in work {
      do {
        clip.frames[item.number] = Int32(try frames(of: index, item))
      } catch is ClipError where item.extraction.speed != 1 {
        continue
      } catch {
        clip.fault = try clip.fault ?? Self.fault(error)
      }
    }
    if clip.fault == nil {
      do {
        for playback in playbacks where cache.shape(digest(of: index, playback)) == nil {
          try keep(try decode(index, playback), of: index, playback)
        }
      } catch {
        clip.fault = try Self.fault(error)
      }
    }
    return clip
  }

  /// What is wrong with a clip; throws an error that is not of its making.
  private static func fault(_ error: any Error) throws -> String {
    if error is StoreError || (error as? AudioError)?.isOfMachine == true { throw error }
    return "\(error)"
  }
}

// MARK: - Features

extension ClipLoader {
  /// The features of a clip.
  ///
  /// - Throws: `ClipError` or `AudioError` that names the file if they are not in the cache and cannot be
  ///   extracted.
  func features(of index: Int, _ work: Work) throws -> ClipFeatures {
    let found = work.digests(corpus.contents[index]).compactMapValues(cache.matrix)
    guard work.frames(found.mapValues(\.shape)) != nil else {
      let features = try extract(index, work)
      // They are at hand: a cache that cannot be mended is no reason to fail.
      try? keep(features, of: index, work)
      return features
    }
    return ClipFeatures(
      found.mapValues {
        FeatureMatrix(frames: $0.shape.rows, bins: $0.shape.columns, values: $0.values)
      })
  }

  /// The number of frames of a clip; its features are in the cache afterwards.
  private func frames(of index: Int, _ work: Work) throws -> Int {
    let shapes = work.digests(corpus.contents[index]).compactMapValues(cache.shape)
    if let frames = work.frames(shapes) { return frames }
    let features = try extract(index, work)
    try keep(features, of: index, work)
    return features.frames
  }

  private func extract(_ index: Int, _ work: Work) throws -> ClipFeatures {
    let utterance = corpus.labeled.utterances[index].utterance
    let waveform = try AudioReader.read(
      utterance.file, span: utterance.span, options: work.extraction.audio,
      speed: work.extraction.speed)
    let features: ClipFeatures
    do {
      features = try work.extractor.extract(waveform)
    } catch {
      throw ClipError.noFeatures(file: utterance.file.path, reason: error)
    }
    try refuseChange(of: index)
    return features
  }

  private func keep(_ features: ClipFeatures, of index: Int, _ work: Work) throws {
    for (kind, digest) in work.digests(corpus.contents[index]) {
      guard let matrix = features[kind] else { continue }
      try cache.keep(
        .init(rows: matrix.frames, columns: matrix.bins, values: matrix.values), as: digest)
    }
  }

  /// What was just read of a file belongs to its digest only if the file is still the one that was hashed.
  ///
  /// Parts of a long recording are not looked after: hashing all of it for each would take longer than all
  /// else.
  private func refuseChange(of index: Int) throws {
    let item = corpus.labeled.utterances[index]
    guard item.utterance.span == nil else { return }
    if PreparedCorpus.contents(of: [item]) != [corpus.contents[index]] {
      throw ClipError.changed(file: item.utterance.file.path)
    }
  }
}

// MARK: - Waveforms

extension ClipLoader {
  /// The samples of a clip, for what cannot be cached because it differs each time.
  ///
  /// - Throws: `ClipError` or `AudioError` as `features` does.
  func waveform(of index: Int, _ playback: FeatureLibrary.Playback) throws -> Waveform {
    guard let found = cache.matrix(digest(of: index, playback)), found.shape.columns == 1 else {
      let waveform = try decode(index, playback)
      try? keep(waveform, of: index, playback)
      return waveform
    }
    return Waveform(samples: found.values, rateHz: playback.audio.rateHz)
  }

  private func digest(of index: Int, _ playback: FeatureLibrary.Playback) -> Digest {
    Digest(ofParts: [corpus.contents[index].hex, playback.key])
  }

  private func decode(_ index: Int, _ playback: FeatureLibrary.Playback) throws -> Waveform {
    let utterance = corpus.labeled.utterances[index].utterance
    let waveform = try AudioReader.read(
      utterance.file, span: utterance.span, options: playback.audio, speed: playback.speed)
    try refuseChange(of: index)
    return waveform
  }

  private func keep(
    _ waveform: Waveform, of index: Int, _ playback: FeatureLibrary.Playback
  ) throws {
    try cache.keep(
      .init(rows: waveform.samples.count, columns: 1, values: waveform.samples),
      as: digest(of: index, playback))
  }
}
