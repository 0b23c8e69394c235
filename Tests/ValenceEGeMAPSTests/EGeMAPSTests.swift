import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceEGeMAPS

@Suite("eGeMAPS")
struct EGeMAPSTests {
  static let rateHz = 16000
  static let speech = ["child", "man", "slow", "whisper", "woman", "word"]
  static let set = EGeMAPS(rateHz: rateHz)

  /// A clip of the fixture, what openSMILE makes of it, and what Valence does.
  func clip(_ name: String) throws -> (signal: [Float], theirs: [Float], ours: [Float]) {
    let arrays = try Fixture(.module).arrays("espeak.safetensors")
    let signal = try #require(arrays["\(name).signal"]).values
    let theirs = try #require(arrays["\(name).parameters"]).values
    return (signal, theirs, Self.set.extract(signal))
  }

  /// The numbers of parameters whose name has one of these beginnings.
  func numbers(_ beginnings: [String]) -> [Int] {
    EGeMAPS.names.indices.filter { number in
      beginnings.contains { EGeMAPS.names[number].hasPrefix($0) }
    }
  }

  @Test("parameters have openSMILE's names in its order")
  func names() throws {
    let url = Fixture(.module).folder.appending(path: "names.txt")
    let theirs = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(
      String.init)
    #expect(EGeMAPS.names == theirs && theirs.count == EGeMAPS.count)
  }

  @Test(
    "what does not depend on pitch is openSMILE's to four digits", arguments: speech + ["noise"])
  func exact(name: String) throws {
    let (_, theirs, ours) = try clip(name)
    #expect(ours.count == EGeMAPS.count)
    let slopes = numbers(["loudness_sma3_mean", "loudness_sma3_stddevR", "loudness_sma3_stddevF"])
    let free =
      numbers(["loudness", "spectralFlux_", "equivalent"])
      + (1...4).flatMap { numbers(["mfcc\($0)_"]) }
    for number in free where !slopes.contains(number) {
      let tolerance = 2e-4 * abs(theirs[number]) + 1e-5
      #expect(
        abs(ours[number] - theirs[number]) <= tolerance,
        "\(EGeMAPS.names[number]): \(ours[number]), openSMILE \(theirs[number])")
    }
  }

  @Test(
    "where the same frames are voiced, so is what depends on pitch",
    arguments: ["child", "woman", "word"])
  func voiced(name: String) throws {
    let (_, theirs, ours) = try clip(name)
    let pitch = (0..<6).map { $0 }
    let balance = numbers(["alphaRatio", "hammarberg", "slope", "mfcc1V", "mfcc2V", "spectralFlux"])
    let stretches = numbers(["Voiced", "MeanVoiced", "StddevVoiced", "MeanUn", "StddevUn"])
    for number in pitch + balance + stretches + numbers(["HNR"]) {
      let tolerance = 2e-3 * abs(theirs[number]) + 1e-4
      #expect(
        abs(ours[number] - theirs[number]) <= tolerance,
        "\(EGeMAPS.names[number]): \(ours[number]), openSMILE \(theirs[number])")
    }
    for number in numbers(["F1freq", "F2freq", "F3freq"]) {
      #expect(abs(ours[number] / theirs[number] - 1) < 0.02, "\(EGeMAPS.names[number])")
    }
  }

  @Test("silence has openSMILE's numbers, each finite")
  func silence() throws {
    let (_, theirs, ours) = try clip("silence")
    let far = Deviation(ours, from: theirs, absolute: 1e-5, relative: 1e-4)
    #expect(far.isWithin, "\(far): \(EGeMAPS.names[far.index])")
  }

  @Test(
    "no signal makes a number that is none", arguments: [4000, 8000, 11025, 16000, 44100, 192_000])
  func finite(rateHz: Int) {
    let set = EGeMAPS(rateHz: rateHz)
    var random = RandomStream(seed: 3, "egemaps")
    let noise = (0..<rateHz / 2).map { _ in Float(0.1 * random.normal()) }
    let tone = (0..<rateHz / 2).map {
      Float(0.5 * sin(2 * .pi * 150 * Double($0) / Double(rateHz)))
    }
    var signals: [[Float]] = [
      [], [0.5], [Float](repeating: 0.25, count: rateHz / 4), noise, tone, noise.map { $0 * 1e-9 },
      noise.map { $0 * 1e30 }, [Float](repeating: .nan, count: 3000),
      [.infinity, -.infinity] + noise, zip(noise, tone).map { $0 * 0.01 + $1 },
    ]
    for frames in 1...8 { signals.append(Array(tone.prefix(rateHz / 100 * (5 + frames)))) }
    signals.append([Float](repeating: 0, count: rateHz / 8) + [1] + tone.prefix(rateHz / 8))
    for (index, signal) in signals.enumerated() {
      let parameters = set.extract(signal)
      #expect(parameters.count == EGeMAPS.count && parameters.allSatisfy(\.isFinite), "\(index)")
    }
  }

  @Test("a steady voice has its pitch and hardly any jitter", arguments: [90.0, 150, 260])
  func steady(hz: Double) {
    let voice = (0..<16000).map { n in
      (1...20).reduce(Float(0)) { sum, harmonic in
        let angle = 2 * Double.pi * hz * Double(harmonic) * Double(n) / 16000
        return sum + Float(0.1 / Double(harmonic) * cos(angle))
      }
    }
    let found = Dictionary(uniqueKeysWithValues: zip(EGeMAPS.names, Self.set.extract(voice)))
    let semitones = found["F0semitoneFrom27.5Hz_sma3nz_percentile50.0"] ?? 0
    #expect(abs(Double(semitones) - 12 * log2(hz / 27.5)) < 0.1)
    #expect(found["jitterLocal_sma3nz_amean"] ?? 1 < 0.005)
    #expect(found["HNRdBACF_sma3nz_amean"] ?? 0 > 5)
  }

  @Test("a clip has the same bytes in whatever company and on whatever thread")
  func deterministic() async throws {
    let (signal, _, ours) = try clip("woman")
    let all = await withTaskGroup(of: [Float].self) { group in
      for _ in 0..<8 { group.addTask { Self.set.extract(signal) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(all.allSatisfy { $0.map(\.bitPattern) == ours.map(\.bitPattern) })
    #expect(EGeMAPS(rateHz: Self.rateHz).extract(signal) == ours)
  }
}
