package import Foundation
package import ValenceCore

/// Reads audio files: WAV, FLAC, Ogg Vorbis, Opus, MP3, AIFF and the other formats of libsndfile; where
/// ffmpeg is installed also the sound of MP4, Matroska, AVI and other containers.
///
/// Any rate and number of channels; channels are averaged.
package enum AudioReader {
  /// Raised whenever the samples that a file yields change, which outdates features in caches and, as part of
  /// every trial's key, finished trials.
  package static let revision = 2

  /// Raised whenever only the samples of spans change: clips that are whole files are not outdated.
  package static let spanRevision = 2

  /// Raised, by its last digits, whenever the digest of the same samples changes, or the length that
  /// `inspect` gives: both are kept beside the cache under it, and the length names an utterance's end in
  /// predictions.
  package static let digestRevision = revision * 100 + 1

  /// Speech whose greatest sample stays below this level, relative to full scale, counts as silent.
  ///
  /// The smallest step of 16 bits is −90.3 dB: below it a 16-bit recording has only zeros and
  /// the dither of its last bit, as the silent file of CREMA-D has.
  package static let silenceDb = -90.0

  /// Decodes a file, or a span of it, to one channel, resamples it, trims it and cuts it to length.
  ///
  /// - Parameters:
  ///   - span: seconds of the file; its end may be up to a millisecond beyond the file's, because times are
  ///     often rounded to milliseconds.
  ///   - options: the rate, the trimming, and what is kept of a clip longer than `clipS`.
  ///   - speed: how much faster it is played; it is cut to length afterwards.
  /// - Throws: `AudioError` for a file that is missing, cut off, silent, …, or a span outside of it.
  package static func read(
    _ url: URL, span: ClosedRange<Double>? = nil, options: AudioOptions, speed: Double = 1
  ) throws(AudioError) -> Waveform {
    try excerpt(url, span: span, options: options, speed: speed).waveform
  }

  /// The part of a file that is used.
  package struct Excerpt {
    /// The samples, as `read` returns them.
    package let waveform: Waveform
    /// Its position in the file, in seconds.
    package let spanS: ClosedRange<Double>
    /// The digest of the file's samples, or of the span's, as `sampleDigest` gives it; nil unless asked for.
    package let samples: Digest?
  }

  /// Reads as `read` does, and says which part of the file is left after trimming and cutting.
  ///
  /// - Parameter digestsSamples: whether to form the digest of the decoded samples on the way.
  /// - Throws: as `read` does.
  package static func excerpt(
    _ url: URL, span: ClosedRange<Double>? = nil, options: AudioOptions, speed: Double = 1,
    digestsSamples: Bool = false
  ) throws(AudioError) -> Excerpt {
    let file = try AudioFile.open(url)
    let decoded = try decode(file, span: span, digestsSamples: digestsSamples)
    let resampled = Resampler.resample(decoded.waveform, toHz: options.rateHz, speed: speed)
    var kept =
      options.trimDb.map { resampled.loudPositions(belowPeakDb: $0) }
      ?? resampled.samples.indices
    if options.longClips == .crop {
      kept = resampled.cropped(kept, toS: options.clipS, at: options.crop)
    }
    let waveform = resampled[kept]
    let silence = Float(pow(10, silenceDb / 20))
    if waveform.isSilent(waveform.samples.indices) {
      let wasAudible = decoded.channelPeak >= silence
      let mixIsSilent = decoded.waveform.isSilent(decoded.waveform.samples.indices)
      throw AudioError(
        file: file.name, info: decoded.info,
        fault: wasAudible && mixIsSilent ? .cancelling : .silent(usedS: waveform.durationS))
    }
    let startS = span?.lowerBound ?? 0
    func timeS(_ position: Int) -> Double {
      // Resampling may round the length by a part of a sample.
      position == resampled.samples.count
        ? startS + decoded.waveform.durationS
        : startS + Double(position) / Double(options.rateHz) * speed
    }
    return Excerpt(
      waveform: waveform, spanS: timeS(kept.lowerBound)...timeS(kept.upperBound),
      samples: decoded.samples)
  }

  /// The digest of the samples of a file or of a span of it: of the rate, the number of channels, and
  /// all channels' samples before they are averaged, resampled, trimmed or cut to length.
  ///
  /// The same recording has the same digest as WAV and as FLAC.
  /// - Throws: `AudioError` for a file that cannot be decoded; silence is no fault here.
  package static func sampleDigest(
    of url: URL, span: ClosedRange<Double>? = nil
  ) throws(AudioError) -> Digest {
    let file = try AudioFile.open(url)
    guard let samples = try decode(file, span: span, digestsSamples: true).samples else {
      preconditionFailure("asked for, and not formed")
    }
    return samples
  }

  /// The form and length of a file; decodes it only where its header gives no length.
  ///
  /// So a FLAC file that was cut off is found out only when it is read; of MP3 the frames are counted.
  /// The length of an MP4 file is that of its header; decoding gives whole packets, up to 0.05 s more.
  ///
  /// - Throws: `AudioError` for the faults that the header and the size of the file show.
  package static func inspect(_ url: URL) throws(AudioError) -> AudioInfo {
    let file: AudioFile
    switch try AudioFile.inspect(url) {
    case .info(let info):
      if info.frames == 0 {
        throw AudioError(file: url.relativePath, info: info, fault: .noSamples)
      }
      return info
    case .file(let open): file = open
    }
    return try info(of: file)
  }

  /// The form and length of a file by decoding, for headers that cannot be trusted.
  ///
  /// - Throws: as `inspect` does, and for a file that cannot be decoded.
  package static func inspectDecoded(_ url: URL) throws(AudioError) -> AudioInfo {
    try info(of: AudioFile.open(url))
  }

  private static func info(of file: AudioFile) throws(AudioError) -> AudioInfo {
    var frames = file.header.frames ?? 0
    if file.header.frames == nil {
      var buffer = makeBuffer(file)
      while case let count = try file.read(into: &buffer), count > 0 { frames += count }
    }
    let info = file.header.info(frames: frames)
    if frames == 0 { throw AudioError(file: file.name, info: info, fault: .noSamples) }
    return info
  }

  private struct Decoded {
    var waveform: Waveform
    var info: AudioInfo
    /// The greatest magnitude in any channel.
    var channelPeak: Float
    /// The digest of all channels' samples, if it was asked for.
    var samples: Digest?
  }

  private static func decode(
    _ file: AudioFile, span: ClosedRange<Double>?, digestsSamples: Bool
  ) throws(AudioError) -> Decoded {
    let range = try frames(of: span, in: file)
    var mixed: [Float] = []
    mixed.reserveCapacity(min(range.count, 1 << 24))  // a damaged header may promise anything
    var peak: Float = 0
    var buffer = makeBuffer(file)
    let channels = file.header.channels
    var wanted = range.count
    var samples =
      digestsSamples ? SampleDigest(rateHz: file.header.rateHz, channels: channels) : nil
    while wanted > 0 {
      let count = min(try file.read(into: &buffer), wanted)
      if count == 0 { break }
      samples?.add(buffer, count: count * channels)
      for frame in 0..<count {
        var sum = 0.0
        for channel in 0..<channels {
          let sample = buffer[frame * channels + channel]
          // Also false for not-a-number.
          if !(abs(sample) <= greatestSample) {
            throw fault(sample, at: range.lowerBound + mixed.count, in: file)
          }
          peak = max(peak, abs(sample))
          sum += Double(sample)
        }
        mixed.append(Float(sum / Double(channels)))
      }
      wanted -= count
    }
    let known = file.header.frames
    let info = file.header.info(frames: known ?? range.lowerBound + mixed.count)
    if known != nil, wanted > file.header.slack {
      throw AudioError(
        file: file.name, info: file.header.info(frames: range.lowerBound + mixed.count),
        fault: .truncated(promisedS: info.durationS))
    }
    if let span, wanted > file.header.slack {
      throw AudioError(file: file.name, info: info, fault: .span(span))
    }
    if mixed.isEmpty { throw AudioError(file: file.name, info: info, fault: .noSamples) }
    return Decoded(
      waveform: Waveform(samples: mixed, rateHz: info.rateHz), info: info, channelPeak: peak,
      samples: samples?.digest())
  }

  /// Samples of 40 dB above full scale are no recording but a float file in the scale of integers.
  package static let greatestSample: Float = 100

  private static func fault(
    _ sample: Float, at frame: Int, in file: AudioFile
  ) -> AudioError {
    AudioError(
      file: file.name, info: file.header.info(frames: file.header.frames ?? frame),
      fault: sample.isFinite
        ? .beyondScale(sample) : .notFinite(atS: Double(frame) / Double(file.header.rateHz)))
  }

  private static func makeBuffer(_ file: AudioFile) -> [Float] {
    [Float](repeating: 0, count: 4096 * file.header.channels)
  }

  /// Turns seconds into samples, checks them and moves the file to the first.
  ///
  /// Both ends are rounded alike, so that spans that share an end share no sample and leave none out.
  /// Where the header gives no length (streamed FLAC, cut off Ogg) only decoding can tell that a span is
  /// too long: `decode` then throws the same error.
  private static func frames(
    of span: ClosedRange<Double>?, in file: AudioFile
  ) throws(AudioError) -> Range<Int> {
    if file.header.frames == 0 {
      throw AudioError(file: file.name, info: file.header.info(frames: 0), fault: .noSamples)
    }
    // Without a length in the header, decoding runs to the end of the file.
    guard let span else { return 0..<(file.header.frames ?? Int.max) }
    let rate = Double(file.header.rateHz)
    let total = file.header.frames
    // Without a length in the header, any that a sample count can have: `Int(…)` of more would trap.
    let longest = total.map(Double.init) ?? Double(Int32.max) * 1000
    let outside = AudioError(
      file: file.name, info: total.map(file.header.info(frames:)), fault: .span(span))
    guard span.lowerBound >= 0, span.upperBound * rate <= longest + rate / 1000 else {
      throw outside
    }
    let start = Int((span.lowerBound * rate).rounded())
    let end = min(Int((span.upperBound * rate).rounded()), total ?? Int.max)
    guard start < end else { throw outside }
    if !file.seek(to: start) { try skip(start, in: file) }
    return start..<end
  }

  /// Decodes the samples before a span and forgets them.
  private static func skip(
    _ frames: Int, in file: AudioFile
  ) throws(AudioError) {
    var left = frames
    while left > 0 {
      var buffer = [Float](repeating: 0, count: min(4096, left) * file.header.channels)
      let count = try file.read(into: &buffer)
      if count == 0 { return }
      left -= count
    }
  }
}
