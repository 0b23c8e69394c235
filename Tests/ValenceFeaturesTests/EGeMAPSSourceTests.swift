import Testing
import ValenceAudio
import ValenceEGeMAPS
import ValenceFeatures

@Suite("eGeMAPS among functionals")
struct EGeMAPSSourceTests {
  /// The vector of a second of noise, of these sources.
  func vector(
    _ sources: [FunctionalsOptions.Source], hopMs: Double = 10
  ) throws -> (values: [Float], names: [String]) {
    var options = FeatureOptions()
    var functionals = FunctionalsOptions()
    functionals.of = sources
    (options.functionals, options.fusion) = (functionals, .functionals)
    options.framing.hopMs = hopMs
    let clip = try FeatureExtractor(options, rateHz: 16000)
      .extract(Waveform(samples: noise(16000, seed: 5), rateHz: 16000))
    let matrix = try #require(clip[.functionals])
    #expect(matrix.frames == 1 && matrix.bins == options.bins(of: .functionals))
    return (matrix.values, options.binNames(of: .functionals))
  }

  @Test("its parameters follow the others, or stand alone, by their names")
  func joined() throws {
    let truth = EGeMAPS(rateHz: 16000).extract(noise(16000, seed: 5))
    let alone = try vector([.egemaps])
    #expect(alone.values == truth && alone.names == EGeMAPS.names)
    let timing = try vector([.timing])
    let both = try vector([.timing, .egemaps])
    #expect(both.values == timing.values + truth && both.names == timing.names + EGeMAPS.names)
  }

  @Test("the framing of other features does not move them")
  func framing() throws {
    #expect(try vector([.egemaps]).values == vector([.egemaps], hopMs: 20).values)
  }
}
