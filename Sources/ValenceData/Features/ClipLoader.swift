import Foundation
import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValenceEncoders
import ValenceFeatures
import ValenceStore

/// Reads the features of one corpus, a clip at a time: from the cache, or else from the audio.
///
/// Used from several threads, before training and in each of its steps.
struct ClipLoader: Sendable {
  let corpus: PreparedCorpus
  let cache: FeatureCache

  /// What was learned of an utterance.
  struct Prepared: Sendable {
    /// What training and evaluation ask for.
    var clip: FeatureLibrary.Clip
    /// What decoding showed; nil if nobody asked.
    var sound: DigestCache.Sound?
  }

  /// What is known of a clip once its features are in the cache; what is wrong with its content is noted.
  ///
  /// A file may be too short for one extraction and long enough for another, so each is tried: what a
  /// trial learns from must not depend on the other variants of its experiment. That it is too short at
  /// another speed is no fault of the file: it is played as it is then.
  ///
  /// - Parameters:
  ///   - work: the extractions that are wanted of this corpus, in the order of their numbers.
  ///   - playbacks: the waveforms that are wanted.
  ///   - wantsSound: whether the digest of the samples is to be known afterwards; it is formed while the
  ///     file is decoded for its features, where that has to be done.
  /// - Throws: `StoreError` if the cache cannot be written; `MachineFault` where not the content is at
  ///   fault: a result must not depend on which programs are installed, or on what happens to a file.
  func prepare(
    _ index: Int, for work: [Work], playbacks: [WaveformSettings] = [],
    wantsSound: Bool = false
  ) throws -> Prepared {
    let utterance = corpus.labeled.utterances[index].utterance
    var clip = FeatureLibrary.Clip(extractions: (work.last?.number ?? -1) + 1)
    let known = corpus.sound(of: index)
    var samples: Digest?
    let wanted = wantsSound && known == nil
    do {
      clip.spanS =
        try utterance.span ?? 0...(known?.durationS ?? durationS(of: utterance))
    } catch {
      clip.fault = try Self.fault(error)
      return Prepared(clip: clip, sound: known ?? .init(samples: nil, durationS: nil))
    }
    do {
      try encodeTogether(index, work)
    } catch {
      // What is wrong with the clip is noted where each extraction hears it.
      _ = try Self.fault(error)
    }
    var decoded: Decoded?
    for item in work {
      do {
        let heard = try hear(index, item, digestsSamples: wanted && samples == nil, &decoded)
        clip.frames[item.number] = Int32(heard.frames)
        samples = samples ?? heard.samples
      } catch is ClipError where item.extraction.waveform.speed != 1 {
        continue
      } catch {
        clip.fault = try clip.fault ?? Self.fault(error)
      }
    }
    if clip.fault == nil { clip.fault = try keep(playbacks, of: index) }
    guard wanted else { return Prepared(clip: clip, sound: known) }
    if samples == nil { samples = try sampleDigest(of: utterance) }
    return Prepared(
      clip: clip,
      sound: .init(
        samples: samples, durationS: utterance.span == nil ? clip.spanS.upperBound : nil))
  }

  /// Keeps the waveforms of a clip that the cache lacks; what is wrong with it, if anything is.
  private func keep(_ playbacks: [WaveformSettings], of index: Int) throws -> String? {
    do {
      for playback in playbacks where cache.shape(digest(of: index, playback)) == nil {
        try keep(try decode(index, playback), of: index, playback)
      }
      return nil
    } catch {
      return try Self.fault(error)
    }
  }

  private func durationS(of utterance: Utterance) throws -> Double {
    try corpus.files.reading(utterance.filePath) {
      try AudioReader.inspect(utterance.file).durationS
    }
  }

  /// The digest of the samples, which features from the cache do not tell; nil if there are none.
  private func sampleDigest(of utterance: Utterance) throws -> Digest? {
    do {
      return try corpus.files.reading(utterance.filePath) {
        try AudioReader.sampleDigest(of: utterance.file, span: utterance.span)
      }
    } catch {
      _ = try Self.fault(error)
      return nil
    }
  }

  /// What is wrong with the content of a clip; throws an error of another kind.
  private static func fault(_ error: any Error) throws -> String {
    guard error is ClipError || error is AudioError else { throw error }
    return "\(error)"
  }

  /// Forgets whatever is in the cache of a clip: it may have been made of another content.
  func forget(
    _ index: Int, work: [Work], playbacks: [WaveformSettings]
  ) throws {
    for item in work {
      for digest in item.digests(corpus.contents[index]).values { try cache.forget(digest) }
    }
    for playback in playbacks { try cache.forget(digest(of: index, playback)) }
  }
}

// MARK: - Features

extension ClipLoader {
  /// The features of a clip.
  ///
  /// - Throws: `ClipError`, `AudioError` or `MachineFault` that names the file if they are not in the cache
  ///   and cannot be extracted.
  func features(of index: Int, _ work: Work) throws -> ClipFeatures {
    let found = work.digests(corpus.contents[index]).compactMapValues(cache.matrix)
    var matrices = found.mapValues {
      FeatureMatrix(frames: $0.shape.rows, bins: $0.shape.columns, values: $0.values)
    }
    let lacking = work.lacking(found.mapValues(\.shape))
    if !lacking.isEmpty {
      var decoded: Decoded?
      let extracted = try extract(index, work, lacking, &decoded).matrices
      // They are at hand: a cache that cannot be mended is no reason to fail.
      try? keep(extracted, of: index, work)
      matrices.merge(extracted) { $1 }
    }
    return work.extraction.features.clip(matrices)
  }

  /// The number of frames of a clip, whose features are in the cache afterwards, and the digest of its
  /// samples if it was decoded and that was asked for.
  private func hear(
    _ index: Int, _ work: Work, digestsSamples: Bool, _ decoded: inout Decoded?
  ) throws -> (frames: Int, samples: Digest?) {
    var shapes = work.digests(corpus.contents[index]).compactMapValues(cache.shape)
    let lacking = work.lacking(shapes)
    var samples: Digest?
    if !lacking.isEmpty {
      let (matrices, digest) = try extract(
        index, work, lacking, digestsSamples: digestsSamples, &decoded)
      samples = digest
      try keep(matrices, of: index, work)
      for (kind, matrix) in matrices {
        shapes[kind] = .init(rows: matrix.frames, columns: matrix.bins)
      }
    }
    return (work.frames(shapes) ?? 0, samples)
  }

  private typealias Matrices = [FeatureKind: FeatureMatrix]

  /// A clip as it was decoded last, for the next extraction that hears it played the same.
  private struct Decoded {
    let playback: WaveformSettings
    let part: AudioReader.Excerpt
  }

  private func extract(
    _ index: Int, _ work: Work, _ kinds: [FeatureKind], digestsSamples: Bool = false,
    _ decoded: inout Decoded?
  ) throws -> (matrices: Matrices, samples: Digest?) {
    let playback = work.extraction.waveform
    if decoded?.playback != playback { decoded = nil }
    let part = try decoded?.part ?? part(index, playback, digestsSamples: digestsSamples)
    decoded = Decoded(playback: playback, part: part)
    return try featuring(index) { () throws(FeatureError) in
      (try work.extractor.matrices(of: part.waveform, kinds), part.samples)
    }
  }

  private func keep(_ matrices: Matrices, of index: Int, _ work: Work) throws {
    let digests = work.digests(corpus.contents[index])
    for (kind, matrix) in matrices {
      guard let digest = digests[kind] else { continue }
      try cache.keep(
        .init(rows: matrix.frames, columns: matrix.bins, values: matrix.values), as: digest)
    }
  }

  /// Runs what extracts features of a clip, whose file its errors name; an encoder that cannot be read is
  /// no fault of the clip.
  private func featuring<T>(
    _ index: Int, _ body: () throws(FeatureError) -> T
  ) throws -> T {
    do throws(FeatureError) {
      return try body()
    } catch .encoder(let error) {
      throw error
    } catch {
      throw ClipError.noFeatures(
        file: corpus.labeled.utterances[index].utterance.filePath, reason: error)
    }
  }

  /// Encodes a clip once for all layers that several extractions lack.
  private func encodeTogether(_ index: Int, _ work: [Work]) throws {
    var lacking: [EncodingSettings: [EncoderLayer: Work]] = [:]
    for item in work {
      guard let pass = item.extraction.encoding,
        let layer = item.extraction.features.encoder?.layer,
        let digest = item.digests(corpus.contents[index])[.encoder], cache.shape(digest) == nil
      else { continue }
      lacking[pass, default: [:]][layer] = item
    }
    for (pass, items) in lacking where items.count > 1 {
      guard let encoder = items.values.first?.encoder else { continue }
      let samples = try decode(index, pass.waveform).samples
      let layers = Array(items.keys)
      let states = try featuring(index) { () throws(FeatureError) in
        try encoder.states(of: samples, layers)
      }
      for (layer, matrix) in zip(layers, states) {
        if let item = items[layer] { try keep([.encoder: matrix], of: index, item) }
      }
    }
  }

  /// Decodes a clip, of the very content that it is known by.
  private func part(
    _ index: Int, _ playback: WaveformSettings, digestsSamples: Bool = false
  ) throws -> AudioReader.Excerpt {
    let utterance = corpus.labeled.utterances[index].utterance
    return try corpus.files.reading(utterance.filePath) {
      try AudioReader.excerpt(
        utterance.file, span: utterance.span, options: playback.audio, speed: playback.speed,
        digestsSamples: digestsSamples)
    }
  }
}

// MARK: - Waveforms

extension ClipLoader {
  /// The samples of a clip, for what cannot be cached because it differs each time.
  ///
  /// - Throws: as `features` does.
  func waveform(of index: Int, _ playback: WaveformSettings) throws -> Waveform {
    guard let found = cache.matrix(digest(of: index, playback)), found.shape.columns == 1 else {
      let waveform = try decode(index, playback)
      try? keep(waveform, of: index, playback)
      return waveform
    }
    return Waveform(samples: found.values, rateHz: playback.audio.rateHz)
  }

  private func digest(of index: Int, _ playback: WaveformSettings) -> Digest {
    Digest(ofParts: [corpus.contents[index].hex, playback.cacheKey])
  }

  private func decode(_ index: Int, _ playback: WaveformSettings) throws -> Waveform {
    try part(index, playback).waveform
  }

  private func keep(
    _ waveform: Waveform, of index: Int, _ playback: WaveformSettings
  ) throws {
    try cache.keep(
      .init(rows: waveform.samples.count, columns: 1, values: waveform.samples),
      as: digest(of: index, playback))
  }
}
