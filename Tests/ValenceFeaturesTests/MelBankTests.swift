import Testing
import ValenceCore
import ValenceFeatures
import ValenceKernels
import ValenceTestSupport

@Suite("The mel bank")
struct MelBankTests {
  /// `[bands, bins]`, by weighing one frequency at a time.
  func weights(_ bank: MelBank) -> [Float] {
    let impulses = Floats(zeros: bank.bins * bank.bins)
    for bin in 0..<bank.bins { impulses[bin * bank.bins + bin] = 1 }
    let columns = Floats(zeros: bank.bins * bank.bands)
    bank.weigh(impulses, count: bank.bins, into: columns)
    return (0..<bank.bands).flatMap { band in
      (0..<bank.bins).map { columns[$0 * bank.bands + band] }
    }
  }

  @Test("equals librosa's filters")
  func librosa() throws {
    let reference = try Reference("narrow")
    let truth = try #require(
      try Fixture(.module).arrays("logmel/logmel.safetensors")["narrow.bank"])
    let bank = try MelBank(reference.options.mel, rateHz: 8000, fftSize: 256)
    #expect(truth.shape == [bank.bands, bank.bins])
    let largest = Double(try #require(truth.values.max()))
    let deviation = Deviation(
      weights(bank), from: truth.values, absolute: 1e-6 * largest, relative: 0)
    #expect(deviation.isWithin, "\(deviation)")
  }

  @Test("the mel scale is linear to 1000 Hz, logarithmic above, and inverts")
  func scale() {
    #expect(MelScale.mel(fromHz: 0) == 0)
    #expect(abs(MelScale.mel(fromHz: 500) - 7.5) < 1e-12)
    #expect(abs(MelScale.mel(fromHz: 1000) - 15) < 1e-12)
    #expect(abs(MelScale.mel(fromHz: 6400) - 42) < 1e-12)
    for hz in stride(from: 0.0, through: 20000, by: 37) {
      #expect(abs(MelScale.hz(fromMel: MelScale.mel(fromHz: hz)) - hz) < 1e-8)
    }
  }

  @Test("a band that covers no frequency of the FFT is refused, not silently constant")
  func emptyBand() throws {
    var options = MelOptions()
    options.bands = 256
    let error = #expect(throws: FeatureError.self) {
      try MelBank(options, rateHz: 16000, fftSize: 512)
    }
    #expect(
      error?.description == "mel band 5 of 256 (96.2 to 119.3 Hz) covers no frequency of an FFT of "
        + "512 points; use fewer bands or a longer window.")
  }
}

@Suite("Contradicting feature options")
struct FeatureProblemTests {
  func problems(rateHz: Int = 16000, _ change: (inout FeatureOptions) -> Void) -> [String] {
    var options = FeatureOptions()
    change(&options)
    let problems = options.misfits(rateHz: rateHz)
    // What the check lets pass can be planned, what it refuses cannot.
    #expect((try? FeatureExtractor(options, rateHz: rateHz)) != nil || !problems.isEmpty)
    #expect((try? FeatureExtractor(options, rateHz: rateHz)) == nil || problems.isEmpty)
    return problems.map(\.description)
  }

  @Test("the defaults have none, at 16 kHz and above")
  func defaults() {
    #expect(problems { _ in } == [])
    #expect(problems(rateHz: 48000) { _ in } == [])
  }

  @Test("bands above half the rate")
  func highHz() {
    #expect(
      problems(rateHz: 8000) { _ in } == [
        "melHighHz: 8000 Hz (the default) is above 4000 Hz, half of rateHz; set "
          + "it to 4000 or less."
      ])
    #expect(
      problems(rateHz: 8000) { $0.mel.highHz = 5000 } == [
        "melHighHz: 5000 Hz is above 4000 Hz, half of rateHz; set it to 4000 or "
          + "less."
      ])
  }

  @Test("edges in the wrong order")
  func lowHz() {
    #expect(
      problems { $0.mel.lowHz = 8000 } == [
        "melLowHz: the lowest edge, 8000 Hz, must be below the highest "
          + "(melHighHz is 8000)."
      ])
    #expect(problems { $0.mel.lowHz = .nan }.count == 1)
    #expect(problems { $0.mel.highHz = .nan }.count == 1)
  }

  @Test("more bands than the FFT has frequencies for, with the number that fits")
  func emptyBands() {
    let found = problems { $0.mel.bands = 256 }
    #expect(
      found == [
        "melBands: of 256 bands between 50 and 8000 Hz some are so narrow that they cover "
          + "no frequency of the FFT of 512 points at 16000 Hz; use at most 189 bands or a longer "
          + "window (windowMs is 25)."
      ])
    #expect(problems { $0.mel.bands = 189 } == [])
  }

  @Test("windows that leave gaps")
  func gaps() {
    #expect(
      problems { $0.framing.hopMs = 30 } == [
        "hopMs: frames 30 ms apart skip samples between windows of 25 ms "
          + "(windowMs); use at most 25."
      ])
  }

  @Test("more coefficients than bands, unless the fusion uses none")
  func coefficients() {
    #expect(
      problems { $0.mel.bands = 32 } == [
        "mfccCoefficients: 40 coefficients cannot come from 32 mel bands "
          + "(melBands); use at most 32."
      ])
    #expect(problems { ($0.mel.bands, $0.fusion) = (32, .mel) } == [])
  }

  @Test("a stack of planes of different heights")
  func stack() {
    #expect(
      problems { $0.fusion = .stack } == [
        "fusion: 'stack' lays features over each other, which needs as many coefficients "
          + "(mfccCoefficients is 40) as bands (melBands is 64); "
          + "set both to 64 or fuse by concat or branches."
      ])
    #expect(problems { ($0.fusion, $0.mfcc.coefficients) = (.stack, 64) } == [])
  }

  @Test("several problems are found together")
  func together() {
    let found = problems(rateHz: 8000) {
      $0.framing.hopMs = 30
      $0.mel.bands = 32
    }
    #expect(found.count == 3)
  }
}
