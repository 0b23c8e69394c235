import Foundation
import ValenceAudio
import ValenceData
import ValenceFeatures
import ValencePlan

extension RecordingReader {
  /// The samples of the windows of a network: their length, and the step from one to the next.
  struct WindowLengths: Hashable {
    let window: Int
    let hop: Int
  }

  /// How many samples windows have.
  ///
  /// - Throws: `WindowFault` for a length or hop that the network cannot have.
  func lengths(_ options: WindowOptions) throws(WindowFault) -> WindowLengths {
    let rate = Double(settings.audio.rateHz)
    let windowS = options.windowS ?? settings.audio.clipS
    // NaN is below no limit.
    guard windowS <= settings.audio.clipS else {
      throw .tooLong(windowS: windowS, clipS: settings.audio.clipS)
    }
    let window = Int((max(0, windowS) * rate).rounded())
    guard window >= leastSamples else {
      throw .tooShort(
        windowS: windowS, leastS: (Double(leastSamples) / rate * 1000).rounded(.up) / 1000)
    }
    let hopS = options.hopS ?? windowS / 2
    guard options.hopS == nil || (WindowOptions.shortestHopS...windowS).contains(hopS) else {
      throw .hop(hopS: hopS, windowS: windowS)
    }
    return WindowLengths(window: window, hop: min(window, max(1, Int((hopS * rate).rounded()))))
  }

  /// The fewest samples that a network can hear.
  private var leastSamples: Int {
    let rateHz = settings.audio.rateHz
    let options = settings.features
    func isEnough(_ samples: Int) -> Bool {
      samples >= framer.windowSamples
        && options.frames(samples: samples, rateHz: rateHz) >= settings.minimumFrames
    }
    // More samples never make fewer frames.
    var (short, long) = (0, max(1, Int((settings.audio.clipS * Double(rateHz)).rounded())))
    while long - short > 1 {
      let middle = (short + long) / 2
      if isEnough(middle) { long = middle } else { short = middle }
    }
    return long
  }

  /// The features of a window, or of less than one where a recording or an utterance is shorter; nil where there
  /// is nothing but silence, or too little for the network.
  ///
  /// - Throws: what keeps an encoder from hearing it.
  func features(of samples: [Float]) throws -> ClipFeatures? {
    let waveform = Waveform(samples: samples, rateHz: settings.audio.rateHz)
    if samples.count < leastSamples || waveform.isSilent(samples.indices) { return nil }
    let features = try extractor.extract(waveform)
    return features.frames < settings.minimumFrames ? nil : features
  }

  /// Hands the windows of a recording to `body`, in their order, some at a time.
  ///
  /// - Throws: a sentence that names the file; `WindowFault`.
  func read(
    _ file: URL, in options: WindowOptions, _ body: ([Window]) throws -> Void
  ) throws {
    let lengths = try lengths(options)
    let rate = Double(settings.audio.rateHz)
    var cutter = WindowCutter(window: lengths.window, hop: lengths.hop)
    func window(_ piece: WindowCutter.Piece) throws -> Window {
      Window(
        startS: Double(piece.start) / rate,
        endS: Double(piece.start + piece.samples.count) / rate,
        features: try features(of: piece.samples))
    }
    try decode(file) { samples in
      let pieces = cutter.add(samples)
      for first in stride(from: 0, to: pieces.count, by: WindowBatch.size) {
        let part = pieces[first..<min(first + WindowBatch.size, pieces.count)]
        try body(part.map(window))
      }
    }
    guard let last = cutter.end() else { return }
    if last.samples.count < leastSamples {
      throw ClipError.tooShort(
        file: file.relativePath,
        frames: settings.features.frames(
          samples: last.samples.count, rateHz: settings.audio.rateHz),
        minimum: max(
          settings.minimumFrames,
          settings.features.frames(samples: leastSamples, rateHz: settings.audio.rateHz)))
    }
    try body([window(last)])
  }

  /// Hands the samples of a recording to `body` at the network's rate, untrimmed and a block at a time.
  ///
  /// - Throws: a sentence that names the file.
  func decode(_ file: URL, _ body: ([Float]) throws -> Void) throws {
    var audio = settings.audio
    (audio.longClips, audio.trimDb) = (.windows, nil)
    guard try AudioReader.inspect(file).durationS > blockS else {
      try body(AudioReader.read(file, options: audio).samples)
      return
    }
    // Of a film this decodes all, as every block does that asks for a part of it.
    let durationS = try AudioReader.inspectDecoded(file).durationS
    let rate = Double(audio.rateHz)
    // The greatest number of a damaged header times the rate is no Int.
    let count = Int(min((durationS * rate - 1e-6).rounded(.up), 1e15))
    let block = max(1, Int((blockS * rate).rounded()))
    for first in stride(from: 0, to: count, by: block) {
      let end = min(first + block, count)
      let span = Double(first) / rate...min(Double(end) / rate, durationS)
      var samples: [Float] = []
      do throws(AudioError) {
        samples = try read(file, span: span, durationS: durationS, audio: audio).samples
      } catch {
        // A minute of silence within a recording is no fault of the recording.
        guard case .silent = error.fault else { throw error }
      }
      try body(samples + [Float](repeating: 0, count: max(0, end - first - samples.count)))
    }
  }
}
