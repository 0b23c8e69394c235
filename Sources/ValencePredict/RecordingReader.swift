import Foundation
import ValenceAudio
import ValenceData
import ValenceEncoders
import ValenceFeatures
import ValencePlan

/// Reads recordings of any length for a network, in flat memory.
///
/// Read whole, a recording of up to a minute is decoded just as for training, and any that a classic model
/// hears whole. Of a longer one that is cropped, only what is kept is decoded, unless its quiet edges have to
/// be found first. A longer one for a network whose training had windows is decoded in blocks, each with some
/// frames more at both sides, so that the windows' features are those of the whole recording; its quiet edges
/// are not trimmed, because its loudest frame is not known before its end. Blocks for an encoder begin and end
/// where the parts do that it encodes together, and are longer, because every block encodes its first and last
/// part as a whole. What has functionals of the whole recording beside its windows' frames is decoded whole,
/// however long.
///
/// Read in windows that are clips of their own, it is decoded in blocks of samples.
struct RecordingReader {
  /// A window of a recording, or all of it, with its times in the file.
  struct Window {
    var startS: Double
    var endS: Double
    /// Nil where there is nothing but silence.
    var features: ClipFeatures?
  }

  let settings: Settings
  let extractor: FeatureExtractor
  let framer: Framer

  /// The longest recording that is decoded whole, and about the length of a block, in seconds.
  let blockS: Double
  /// Frames beyond a block's windows, at both sides: more than windows and deltas reach.
  private static let marginFrames = 32
  /// The frames that an encoder encodes together; 1 without one.
  private let framesPerPart: Int

  /// A reader for a network's settings, whose encoder takes so many threads.
  ///
  /// - Throws: `FeatureError` for options that cannot be extracted.
  init(_ settings: Settings, threads: Int = 1, blockS: Double = 60) throws {
    self.settings = settings
    let encoder = settings.features.usedEncoder.map {
      FrozenEncoder($0, layers: [$0.layer], threads: threads)
    }
    extractor = try FeatureExtractor(
      settings.features, rateHz: settings.audio.rateHz, encoder: encoder)
    framer = Framer(settings.features.framing, rateHz: settings.audio.rateHz)
    let isEncoded = settings.features.kinds.contains(.encoder)
    framesPerPart = isEncoded ? FrozenEncoder.partSamples / framer.hopSamples : 1
    self.blockS = isEncoded ? blockS * Self.encodedBlocks : blockS
  }

  /// How many times longer blocks are for an encoder.
  private static let encodedBlocks = 2.5

  /// Hands a recording to `body` as clips of training were heard: whole, or in the windows of a network whose
  /// training had windows, in their order, some at a time.
  ///
  /// - Throws: a sentence that names the file.
  func read(_ file: URL, _ body: ([Window]) throws -> Void) throws {
    let audio = settings.audio
    let durationS = try AudioReader.inspect(file).durationS
    // A classic model hears a clip whole in training.
    let isCut =
      audio.longClips == .windows && !settings.features.isOneVector && settings.classic == nil
    if durationS > blockS, isCut, !settings.features.hasVector {
      // Of a film this decodes all, as every block does that asks for a part of it, and only once.
      try readBlocks(file, durationS: try AudioReader.inspectDecoded(file).durationS, body)
    } else {
      let isCropped = audio.longClips == .crop && audio.trimDb == nil
      let span = durationS > blockS && isCropped ? kept(of: durationS) : nil
      let part = try AudioReader.excerpt(file, span: span, options: audio)
      try readWhole(file, part, windows: ClipWindows(frames: isCut ? settings.frames : nil), body)
    }
  }

  /// The span of a recording that cropping keeps, in seconds.
  private func kept(of durationS: Double) -> ClosedRange<Double> {
    let surplus = max(0, durationS - settings.audio.clipS)
    let start =
      switch settings.audio.crop {
      case .start: 0.0
      case .center: surplus / 2
      case .end: surplus
      }
    return start...min(start + settings.audio.clipS, durationS)
  }

  private func readWhole(
    _ file: URL, _ part: AudioReader.Excerpt, windows: ClipWindows,
    _ body: ([Window]) throws -> Void
  ) throws {
    let features: ClipFeatures
    do throws(FeatureError) {
      features = try extractor.extract(part.waveform)
    } catch {
      throw ClipError.noFeatures(file: file.relativePath, reason: error)
    }
    guard features.frames >= settings.minimumFrames else {
      throw ClipError.tooShort(
        file: file.relativePath, frames: features.frames, minimum: settings.minimumFrames)
    }
    try body(
      windows.windows(of: features.frames).map { frames in
        window(frames, of: features.frames, in: part.spanS, features[frames])
      })
  }

  private func readBlocks(
    _ file: URL, durationS: Double, _ body: ([Window]) throws -> Void
  ) throws {
    var audio = settings.audio
    audio.longClips = .windows
    audio.trimDb = nil
    // The greatest number of a damaged header times the rate is no Int.
    let count = settings.features.frames(
      samples: Int(min(durationS * Double(audio.rateHz), 1e15)), rateHz: audio.rateHz)
    let windows = ClipWindows(frames: settings.frames).windows(of: count)
    let perBlock = max(1, Int(blockS / seconds(max(1, settings.frames / 2))))
    // A header that promises too much is refused where the file ends, at the latest behind two blocks.
    for first in stride(from: 0, to: windows.count, by: perBlock) {
      let block = Array(windows[first..<min(first + perBlock, windows.count)])
      guard let opening = block.first, let closing = block.last else { break }
      let (start, span) = decoded(opening.lowerBound..<closing.upperBound, durationS: durationS)
      let waveform: Waveform
      do throws(AudioError) {
        waveform = try read(file, span: span, durationS: durationS, audio: audio)
      } catch {
        // A minute of silence within a recording is no fault of the recording.
        guard case .silent = error.fault else { throw error }
        try body(block.map { window($0, of: count, in: 0...durationS, nil) })
        continue
      }
      let features = try extractor.extract(waveform)
      try body(
        block.map { range in
          // The last block may lack a frame to rounding.
          let first = max(0, min(range.lowerBound - start, features.frames - range.count))
          let frames = first..<min(first + range.count, features.frames)
          let samples =
            frames.lowerBound * framer.hopSamples..<frames.upperBound * framer.hopSamples
          return window(
            range, of: count, in: 0...durationS,
            waveform.isSilent(samples) ? nil : features[frames])
        })
    }
  }

  /// The first frame that is decoded for the windows of some frames, and the span of the recording.
  ///
  /// An encoder's parts reach as far into the next as its convolutions do.
  private func decoded(
    _ frames: Range<Int>, durationS: Double
  ) -> (start: Int, spanS: ClosedRange<Double>) {
    let isAlone = settings.features.fusion == .encoder
    let margin = isAlone ? 0 : Self.marginFrames
    let start = max(0, frames.lowerBound - margin) / framesPerPart * framesPerPart
    let parts = (frames.upperBound + margin + framesPerPart - 1) / framesPerPart
    let overlap = settings.features.usedEncoder?.identity.shape.overlap ?? 0
    let reachS = Double(overlap) / Double(settings.audio.rateHz)
    return (start, seconds(start)...min(seconds(parts * framesPerPart) + reachS, durationS))
  }

  /// The waveform of a span, which is resampled together with some of the recording at both sides, so that it is
  /// that of the whole recording.
  func read(
    _ file: URL, span: ClosedRange<Double>, durationS: Double, audio: AudioOptions
  ) throws(AudioError) -> Waveform {
    let startS = max(0, span.lowerBound - Self.reachS)
    let endS = min(span.upperBound + Self.reachS, durationS)
    let wide = try AudioReader.read(file, span: startS...endS, options: audio)
    let rate = Double(audio.rateHz)
    let first = Int(((span.lowerBound - startS) * rate).rounded())
    let count = Int(((span.upperBound - span.lowerBound) * rate).rounded())
    return Waveform(
      samples: Array(wide.samples.dropFirst(first).prefix(count)), rateHz: audio.rateHz)
  }

  /// More than resampling reaches, in seconds; a whole number of samples at all common rates.
  private static let reachS = 0.2

  /// The window of the frames `range` of `count`, which cover `spanS` of the file; the last frame ends with
  /// the span.
  private func window(
    _ range: Range<Int>, of count: Int, in spanS: ClosedRange<Double>, _ features: ClipFeatures?
  ) -> Window {
    let endS =
      range.upperBound == count
      ? spanS.upperBound : spanS.lowerBound + seconds(range.upperBound - 1)
    return Window(
      startS: spanS.lowerBound + seconds(range.lowerBound), endS: min(endS, spanS.upperBound),
      features: features)
  }

  private func seconds(_ frame: Int) -> Double {
    Double(frame * framer.hopSamples) / Double(settings.audio.rateHz)
  }
}
