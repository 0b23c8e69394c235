import Testing
import ValenceAudio
import ValenceCore
import ValenceFeatures
import ValenceTestSupport

/// One setting of the fixture `logmel`: a signal, and what librosa makes of it.
struct Reference {
  static let names = ["default", "narrow", "wide", "long"]

  let waveform: Waveform
  let options: FeatureOptions
  let mel: Safetensors.Array
  let mfcc: Safetensors.Array

  init(_ name: String) throws {
    let arrays = try Fixture(.module).arrays("logmel/logmel.safetensors")
    func array(_ part: String) throws -> Safetensors.Array {
      try #require(arrays["\(name).\(part)"])
    }
    // Milliseconds and hertz have at most one decimal, of which single precision left more.
    let numbers = try array("options").values.map { (Double($0) * 1000).rounded() / 1000 }
    waveform = Waveform(samples: try array("signal").values, rateHz: Int(numbers[0]))
    var options = FeatureOptions()
    options.framing.windowMs = numbers[1]
    options.framing.hopMs = numbers[2]
    options.mel.bands = Int(numbers[3])
    options.mel.lowHz = numbers[4]
    options.mel.highHz = numbers[5]
    options.mfcc.coefficients = Int(numbers[6])
    self.options = options
    mel = try array("mel")
    mfcc = try array("mfcc")
  }
}

/// Expects log-mel within 0.01 dB and MFCC within 0.05 of librosa's in the frames whose bands reach
/// up to 80 dB below the peak; lower powers have fewer digits in single precision.
func expectParity(
  mel: ArraySlice<Float>, mfcc: ArraySlice<Float>, bands: Int, truth: (mel: [Float], mfcc: [Float]),
  peak: Float
) {
  #expect(mel.count == truth.mel.count && mfcc.count == truth.mfcc.count)
  guard mel.count == truth.mel.count, mfcc.count == truth.mfcc.count else { return }
  let audible = truth.mel.indices.filter { truth.mel[$0] > peak - 80 }
  let worstBand = Deviation(
    audible.map { mel[mel.startIndex + $0] }, from: audible.map { truth.mel[$0] }, absolute: 0.01,
    relative: 0)
  #expect(worstBand.isWithin, "log-mel: \(worstBand)")
  let frames = truth.mel.count / bands
  let coefficients = truth.mfcc.count / frames
  let whole = (0..<frames).filter { frame in
    truth.mel[frame * bands..<(frame + 1) * bands].allSatisfy { $0 > peak - 80 }
  }
  let indices = whole.flatMap { $0 * coefficients..<($0 + 1) * coefficients }
  let worstCoefficient = Deviation(
    indices.map { mfcc[mfcc.startIndex + $0] }, from: indices.map { truth.mfcc[$0] },
    absolute: 0.05, relative: 0)
  #expect(worstCoefficient.isWithin, "MFCC: \(worstCoefficient)")
  #expect(audible.count > truth.mel.count / 4 && whole.count > frames / 8, "too little compared")
}

/// Noise of a seed.
func noise(_ count: Int, seed: UInt64) -> [Float] {
  var random = RandomStream(seed: seed, "noise")
  return (0..<count).map { _ in Float(0.1 * random.normal()) }
}
