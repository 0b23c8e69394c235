import Foundation
import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValenceFeatures
import ValenceStore

/// Loads the clips of one corpus, one at a time; used from several threads.
struct ClipLoader: Sendable {
  let corpus: PreparedCorpus
  let work: [Work]
  /// The waveforms that are kept.
  let playbacks: [FeatureLibrary.Playback]
  let cache: FeatureCache

  /// An extraction with all that it takes.
  struct Work: Sendable {
    let extraction: FeatureLibrary.Extraction
    let keys: [FeatureKind: String]
    let extractor: FeatureExtractor

    init(_ extraction: FeatureLibrary.Extraction, extractor: FeatureExtractor) {
      (self.extraction, self.extractor) = (extraction, extractor)
      keys = extraction.keys
    }
  }

  /// The clip; what is wrong with its file is noted in it.
  ///
  /// A file may be too short for one extraction and long enough for another, so each is tried: what a
  /// trial learns from must not depend on the other variants of its experiment. That it is too short at
  /// another speed is no fault of the file: it is played as it is then.
  ///
  /// - Throws: `StoreError` if the cache cannot be written; `AudioError` where the machine and not the
  ///   file is at fault, as a result must not depend on which programs are installed.
  func load(_ index: Int) throws -> FeatureLibrary.Clip {
    let utterance = corpus.labeled.utterances[index].utterance
    var clip = FeatureLibrary.Clip()
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
        try extract(item, index: index, into: &clip)
      } catch let error as StoreError {
        throw error
      } catch let error as AudioError where error.isOfMachine {
        throw error
      } catch let error as FeatureError {
        if item.extraction.speed != 1 { continue }
        clip.fault = clip.fault ?? "\(utterance.file.path): \(error)"
      } catch {
        clip.fault = clip.fault ?? "\(error)"
      }
    }
    if clip.fault == nil { clip.waveforms = try waveforms(of: utterance, fault: &clip.fault) }
    return clip
  }

  private func waveforms(
    of utterance: Utterance, fault: inout String?
  ) throws -> [FeatureLibrary.Playback: Waveform] {
    var waveforms: [FeatureLibrary.Playback: Waveform] = [:]
    do throws(AudioError) {
      for playback in playbacks {
        waveforms[playback] = try AudioReader.read(
          utterance.file, span: utterance.span, options: playback.audio, speed: playback.speed)
      }
    } catch {
      if error.isOfMachine { throw error }
      fault = "\(error)"
    }
    return waveforms
  }

  private func extract(_ work: Work, index: Int, into clip: inout FeatureLibrary.Clip) throws {
    let content = corpus.contents[index]
    let digests = work.keys.mapValues { Digest(ofParts: [content.hex, $0]) }
    var found: [FeatureKind: FeatureMatrix] = [:]
    for (kind, digest) in digests {
      guard let block = cache.block(digest), block.shape.count == 2 else { continue }
      found[kind] = FeatureMatrix(
        frames: block.shape[0], bins: block.shape[1], values: block.values)
    }
    if found.count < digests.count {
      let utterance = corpus.labeled.utterances[index].utterance
      let waveform = try AudioReader.read(
        utterance.file, span: utterance.span, options: work.extraction.audio,
        speed: work.extraction.speed)
      let features = try work.extractor.extract(waveform)
      for (kind, digest) in digests {
        guard let matrix = features[kind] else { continue }
        found[kind] = matrix
        let shape = [matrix.frames, matrix.bins]
        try cache.keep(Safetensors.Array(shape: shape, values: matrix.values), as: digest)
      }
    }
    for (kind, matrix) in found {
      guard let key = work.keys[kind] else { continue }
      clip.matrices[key] = matrix
      // No statistics are formed of clips at other speeds.
      if work.extraction.speed == 1 { clip.moments[key] = BinMoments(matrix) }
    }
  }
}
