import Foundation
import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@Suite("Fourier transforms of real frames")
struct RealFFTTests {
  /// The definition, in double precision.
  func definition(_ frame: [Float]) -> [Float] {
    let size = frame.count
    return (0..<size / 2 + 1).flatMap { k -> [Float] in
      var (real, imaginary) = (0.0, 0.0)
      for (n, value) in frame.enumerated() {
        let angle = -2 * Double.pi * Double(k * n % size) / Double(size)
        real += Double(value) * cos(angle)
        imaginary += Double(value) * sin(angle)
      }
      return [Float(real), Float(imaginary)]
    }
  }

  func noise(_ count: Int, _ random: inout RandomStream) -> [Float] {
    (0..<count).map { _ in Float(random.normal()) }
  }

  @Test(
    "equal the definition, for even, odd and prime sizes and any number of frames",
    arguments: [false, true])
  func definition(plainly: Bool) {
    for seed in 0..<100 {
      var random = RandomStream(seed: UInt64(seed), "fft")
      let (size, count) = (2 + random.below(70), random.below(4))
      let fft = RealFFT(size: size)
      let frames = noise(size * count, &random)
      let spectra = Floats(zeros: count * fft.bins * 2)
      if plainly {
        KernelSetup.plainly { fft.forward(Floats(frames), count: count, into: spectra) }
      } else {
        fft.forward(Floats(frames), count: count, into: spectra)
      }
      let truth = (0..<count).flatMap { definition(Array(frames[$0 * size..<($0 + 1) * size])) }
      let deviation = Deviation(spectra.array, from: truth, absolute: 2e-5, relative: 1e-5)
      #expect(deviation.isWithin, "seed \(seed), \(count) frames of \(size): \(deviation)")
    }
  }

  @Test("power spectra are those of windowed, overlapping, zero-padded frames")
  func power() {
    for seed in 0..<100 {
      var random = RandomStream(seed: UInt64(seed), "power")
      let length = 1 + random.below(40)
      let (size, hop, count) = (
        max(2, length + random.below(30)), 1 + random.below(50), random.below(5)
      )
      let fft = RealFFT(size: size)
      let signal = noise(max(0, (count - 1) * hop + length) + random.below(3), &random)
      let window = noise(length, &random)
      let power = Floats(zeros: count * fft.bins)
      fft.powerSpectra(
        of: Floats(signal), window: Floats(window), hop: hop, count: count, into: power)
      let truth = (0..<count).flatMap { frame -> [Float] in
        let part = (0..<length).map { signal[frame * hop + $0] * window[$0] }
        let spectrum = definition(part + [Float](repeating: 0, count: size - length))
        return (0..<fft.bins).map { k in
          spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1]
        }
      }
      let deviation = Deviation(power.array, from: truth, absolute: 2e-4, relative: 1e-4)
      #expect(deviation.isWithin, "seed \(seed), \(length) of \(size) by \(hop): \(deviation)")
    }
  }

  @Test("one plan serves four threads, with the bytes that one thread gets")
  func threads() {
    var random = RandomStream(seed: 3, "threads")
    let frames = Floats(noise(512 * 64, &random))
    let fft = RealFFT(size: 512)
    func spectra(_ workers: Workers) -> [Float] {
      let width = fft.bins * 2
      let spectra = Floats(zeros: 64 * width)
      workers.forEach(parts: 16) { part in
        fft.forward(
          frames[part * 4 * 512..<(part + 1) * 4 * 512], count: 4,
          into: spectra[part * 4 * width..<(part + 1) * 4 * width])
      }
      return spectra.array
    }
    #expect(spectra(Workers(threads: 4)) == spectra(.single))
  }

  @Test("plans are made and freed on several threads at once")
  func planning() {
    let powers = Floats(zeros: 32)
    Workers(threads: 4).forEach(parts: 32) { part in
      let fft = RealFFT(size: 64 + part)
      let ones = Floats([Float](repeating: 1, count: 64 + part))
      let power = Floats(zeros: fft.bins)
      fft.powerSpectra(of: ones, window: ones, hop: 1, count: 1, into: power)
      powers[part] = power[0].squareRoot()
    }
    #expect(powers.array == (0..<32).map { Float(64 + $0) }, "the sum of as many ones")
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
    let odd = Floats([0, -1, .nan, 1])
    Decibels.replace(odd, floor: 1e-10)
    #expect(abs(odd[0] + 100) < 2e-5 && abs(odd[1] + 100) < 2e-5)
    #expect(odd[2].isNaN && odd[3] == 0)
  }
}
