import CKernels
import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceKernels

@Suite("Power spectra of real frames")
struct PowerSpectraTests {
  /// The definition, in double precision.
  func definition(_ frame: [Double]) -> [Float] {
    let size = frame.count
    return (0..<size / 2 + 1).map { k in
      var (real, imaginary) = (0.0, 0.0)
      for (n, value) in frame.enumerated() {
        let angle = -2 * Double.pi * Double(k * n % size) / Double(size)
        real += value * cos(angle)
        imaginary += value * sin(angle)
      }
      return Float(real * real + imaginary * imaginary)
    }
  }

  func noise(_ count: Int, _ random: inout RandomStream) -> [Float] {
    (0..<count).map { _ in Float(random.normal()) }
  }

  @Test(
    "are those of windowed, overlapping, zero-padded frames, whatever their sizes and number",
    arguments: [false, true])
  func power(plainly: Bool) {
    for seed in 0..<200 {
      var random = RandomStream(seed: UInt64(seed), "power")
      let length = 1 + random.below(90)
      let (size, hop, count) = (
        2 * ((length + 1) / 2 + random.below(30)), 1 + random.below(50), random.below(5)
      )
      let spectra = PowerSpectra(size: size)
      let signal = noise(max(0, (count - 1) * hop + length) + random.below(3), &random)
      let window = noise(length, &random)
      let power = Floats(zeros: count * spectra.bins)
      func write() {
        spectra.write(
          of: Floats(signal), window: Floats(window), hop: hop, count: count, into: power)
      }
      if plainly { KernelSetup.plainly(write) } else { write() }
      let truth = (0..<count).flatMap { frame -> [Float] in
        let part = (0..<length).map { Double(signal[frame * hop + $0]) * Double(window[$0]) }
        return definition(part + [Double](repeating: 0, count: size - length))
      }
      let deviation = Deviation(power.array, from: truth, absolute: 2e-4, relative: 1e-4)
      #expect(deviation.isWithin, "seed \(seed), \(length) of \(size) by \(hop): \(deviation)")
    }
  }

  @Test("halves are windowed and joined as their plain twins say, whatever the count")
  func twins() {
    for seed in 0..<100 {
      var random = RandomStream(seed: UInt64(seed), "halves")
      let half = 1 + random.below(70)
      let length = 1 + random.below(2 * half)
      let (samples, window) = (Floats(noise(length, &random)), Floats(noise(length, &random)))
      func halves(
        _ kernel: (
          Int, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>,
          UnsafeMutablePointer<Float>
        ) -> Void
      ) -> [Float] {
        let parts = Floats(zeros: 2 * half)
        unsafe kernel(
          length, samples.pointer, window.pointer, parts.pointer, parts.pointer + half)
        return parts.array
      }
      let ours = halves { unsafe valence_window_halves($0, $1, $2, $3, $4) }
      let twins = halves { unsafe valence_window_halves_plain($0, $1, $2, $3, $4) }
      #expect(ours == twins, "seed \(seed)")

      let parts = (0..<4).map { _ in Floats(noise(half + 1, &random)) }
      let (fast, plain) = (Floats(zeros: half + 1), Floats(zeros: half + 1))
      unsafe valence_half_power(
        half, parts[0].pointer, parts[1].pointer, parts[2].pointer, parts[3].pointer, fast.pointer)
      unsafe valence_half_power_plain(
        half, parts[0].pointer, parts[1].pointer, parts[2].pointer, parts[3].pointer, plain.pointer)
      let far = Deviation(fast.array, from: plain.array, absolute: 1e-5, relative: 1e-5)
      #expect(far.isWithin, "seed \(seed), \(half) pairs: \(far)")
    }
  }

  @Test("one plan serves four threads, with the bytes that one thread gets")
  func threads() {
    var random = RandomStream(seed: 3, "threads")
    let frames = Floats(noise(512 * 64, &random))
    let window = Floats(noise(512, &random))
    let spectra = PowerSpectra(size: 512)
    func power(_ workers: Workers) -> [Float] {
      let power = Floats(zeros: 64 * spectra.bins)
      workers.forEach(parts: 16) { part in
        spectra.write(
          of: frames[part * 4 * 512..<(part + 1) * 4 * 512], window: window, hop: 512, count: 4,
          into: power[part * 4 * spectra.bins..<(part + 1) * 4 * spectra.bins])
      }
      return power.array
    }
    #expect(power(Workers(threads: 4)) == power(.single))
  }

  @Test("plans are made and freed on several threads at once")
  func planning() {
    let powers = Floats(zeros: 32)
    Workers(threads: 4).forEach(parts: 32) { part in
      let size = 64 + 2 * part
      let spectra = PowerSpectra(size: size)
      let ones = Floats([Float](repeating: 1, count: size))
      let power = Floats(zeros: spectra.bins)
      spectra.write(of: ones, window: ones, hop: 1, count: 1, into: power)
      powers[part] = power[0].squareRoot()
    }
    let truth = (0..<32).map { Float(64 + 2 * $0) }
    #expect(powers.array == truth, "the sum of as many ones")
  }

  @Test(
    "in double precision bins 100 dB below the strongest keep five digits; in single they do not")
  func precise() {
    var random = RandomStream(seed: 3, "precise")
    // A tone on a bin, and noise 100 dB below it.
    let signal = (0..<400 + 160 * 9).map {
      Float(sin(2 * Double.pi * 20 * Double($0) / 400)) + 1e-5 * Float(random.normal())
    }
    let window = (0..<400).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / 400) }
    let (precise, single) = (PrecisePowerSpectra(window: window), PowerSpectra(size: 400))
    let (found, rough) = (Floats(zeros: 10 * 201), Floats(zeros: 10 * 201))
    precise.write(of: Floats(signal), hop: 160, count: 10, into: found)
    single.write(
      of: Floats(signal), window: Floats(window.map(Float.init)), hop: 160, count: 10, into: rough)
    let truth = (0..<10).flatMap { frame in
      definition((0..<400).map { Double(signal[frame * 160 + $0]) * window[$0] })
    }
    #expect(Deviation(found.array, from: truth, absolute: 0, relative: 1e-5).isWithin)
    #expect(!Deviation(rough.array, from: truth, absolute: 0, relative: 1e-5).isWithin)
  }
}

@Suite("Matrices of runs")
struct BandMatrixTests {
  @Test("multiply as the full matrix does, whatever the lengths of the runs")
  func definition() {
    for seed in 0..<100 {
      var random = RandomStream(seed: UInt64(seed), "bands")
      let (columns, count) = (1 + random.below(40), random.below(4))
      let rows = (0..<random.below(12)).map { _ -> BandMatrix.Row in
        let first = random.below(columns)
        let length = random.below(columns - first + 1)
        return BandMatrix.Row(
          first: first, weights: (0..<length).map { _ in Float(random.normal()) })
      }
      let input = (0..<count * columns).map { _ in Float(random.normal()) }
      let output = Floats(zeros: count * rows.count)
      BandMatrix(rows: rows, columns: columns)
        .multiply(Floats(input), count: count, into: output)
      let truth = (0..<count).flatMap { index in
        rows.map { row in
          Float(
            row.weights.enumerated().reduce(0.0) { sum, weight in
              let value = input[index * columns + row.first + weight.offset]
              return sum + Double(weight.element) * Double(value)
            })
        }
      }
      let deviation = Deviation(output.array, from: truth, absolute: 1e-5, relative: 1e-5)
      #expect(deviation.isWithin, "seed \(seed): \(deviation)")
    }
  }
}

@Suite("Decibels")
struct DecibelsTests {
  @Test("equal 10·log10 over forty decades, with a floor; not-a-number stays")
  func definition() {
    let powers = (-200...200).map { Float(pow(10, Double($0) / 10)) }
    let levels = Floats(powers)
    Decibels.replace(levels, floor: 1e-10)
    let truth = powers.map { Float(10 * log10(max(Double($0), 1e-10))) }
    let deviation = Deviation(levels.array, from: truth, absolute: 2e-5, relative: 1e-6)
    #expect(deviation.isWithin, "\(deviation)")
    let odd = Floats([0, -1, .nan, 1, .infinity])
    Decibels.replace(odd, floor: 1e-10)
    #expect(abs(odd[0] + 100) < 2e-5 && abs(odd[1] + 100) < 2e-5)
    #expect(odd[2].isNaN && odd[3] == 0 && odd[4] == .infinity)
  }

  @Test("equal their plain twin for any count")
  func twin() {
    for count in 0..<70 {
      var random = RandomStream(seed: UInt64(count), "decibels")
      let powers = (0..<count).map { _ in Float(exp(30 * random.normal())) }
      let (fast, plain) = (Floats(powers), Floats(powers))
      unsafe valence_decibels(count, 1e-10, fast.pointer)
      unsafe valence_decibels_plain(count, 1e-10, plain.pointer)
      let deviation = Deviation(fast.array, from: plain.array, absolute: 2e-5, relative: 1e-6)
      #expect(deviation.isWithin, "\(count) powers: \(deviation)")
    }
  }
}
