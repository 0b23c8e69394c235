import Foundation
import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValenceFeatures
import ValenceReport

extension EffectiveBandwidth {
  static let greatestFiles = 16
  /// How many seconds from the middle of a long file are measured.
  private static let longestS = 10.0
  private static let bandHz = 100.0
  private static let depthDb = 60.0

  /// Measures a sample of a corpus's utterances; nil where none of them can be decoded.
  init?(of utterances: [Utterance], speech: String, threads: Int) {
    let count = min(utterances.count, Self.greatestFiles)
    let sample = (0..<count).map { utterances[$0 * utterances.count / count] }
    // Unreadable files are reported where every file is inspected.
    let found = OrderedPool(jobs: threads).map(sample) { try? Self.measure($0) }.compactMap { $0 }
      .sorted()
    guard let lowest = found.first, let highest = found.last else { return nil }
    self.init(
      medianHz: Quantiles(found).median, lowestHz: lowest, highestHz: highest, files: found.count,
      speech: speech)
  }

  private static func measure(_ utterance: Utterance) throws -> Double? {
    let info = try AudioReader.inspect(utterance.file)
    let whole = utterance.span ?? 0...info.durationS
    let surplus = max(0, whole.upperBound - whole.lowerBound - longestS)
    let isWhole = utterance.span == nil && surplus == 0
    let span = whole.lowerBound + surplus / 2...whole.upperBound - surplus / 2
    var options = AudioOptions()
    options.rateHz = info.rateHz
    options.longClips = .windows
    let waveform = try AudioReader.read(
      utterance.file, span: isWhole ? nil : span, options: options)
    return hz(of: waveform)
  }

  /// The effective bandwidth of a waveform; nil where it has no sound.
  static func hz(of waveform: Waveform) -> Double? {
    var framing = FramingOptions()
    (framing.windowMs, framing.hopMs) = (32, 16)
    let transform = STFT(Framer(framing, rateHz: waveform.rateHz))
    let spectra = transform.power(waveform.samples)
    let binHz = Double(waveform.rateHz) / 2 / Double(transform.bins - 1)
    var bands = [(power: Double, bins: Int)](
      repeating: (0, 0), count: max(1, Int(Double(waveform.rateHz) / 2 / bandHz)))
    // Frames at the ends see a sound that begins and breaks off at once, which has all frequencies.
    let ends = spectra.frames > 8 ? 2 : 0
    for frame in ends..<spectra.frames - ends {
      for bin in 0..<transform.bins {
        let band = min(bands.count - 1, Int(Double(bin) * binHz / bandHz))
        bands[band].power += Double(spectra.values[frame * transform.bins + bin])
        bands[band].bins += 1
      }
    }
    let means = bands.map { $0.bins > 0 ? $0.power / Double($0.bins) : 0 }
    guard let strongest = means.max(), strongest > 0 else { return nil }
    let least = strongest * pow(10, -depthDb / 10)
    let highest = means.lastIndex { $0 >= least } ?? 0
    return min(Double(highest + 1) * bandHz, Double(waveform.rateHz) / 2)
  }
}
