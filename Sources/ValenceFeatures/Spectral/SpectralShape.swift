import Foundation

/// The moments, roll-offs and entropy of a spectrum; `SpectralDescriptors` says what they are.
struct SpectralShape: Sendable {
  private static let shares = [0.25, 0.5, 0.75, 0.9]

  let binHz: Double

  /// Appends the shape of a frame, and its flux.
  ///
  /// - Parameters:
  ///   - power: the power of each frequency, none of them 0.
  ///   - levels: the same in dB.
  func append(
    _ power: Span<Float>, _ levels: Span<Float>, flux: SpectralFlux.Step, to values: inout [Float]
  ) {
    var (total, first, logarithms) = (0.0, 0.0, 0.0)
    for k in power.indices {
      let share = Double(power[k])
      total += share
      first += share * Double(k)
      logarithms += share * Double(levels[k])
    }
    let center = first / total
    var (second, third, fourth) = (0.0, 0.0, 0.0)
    for k in power.indices {
      let deviation = Double(k) - center
      let square = Double(power[k]) * deviation * deviation
      second += square
      third += square * deviation
      fourth += square * deviation * deviation
    }
    let spread = (second / total).squareRoot() * binHz + 1
    let scale = spread / binHz
    let skewness = third / total / (scale * scale * scale)
    let kurtosis = fourth / total / (scale * scale * scale * scale)
    values += [
      Float(log(center * binHz + 50)), Float(log(spread)), Float(min(max(skewness, -10), 10)),
      Float(log(min(max(kurtosis, 0.1), 1e4))),
    ]
    appendRolloffs(power, total: total, to: &values)
    // ln of a power is ln 10 / 10 of its level.
    let entropy = log(total) - logarithms / total * log(10) / 10
    values += [flux.distance, flux.normalized, Float(entropy)]
  }

  private func appendRolloffs(_ power: Span<Float>, total: Double, to values: inout [Float]) {
    var (sum, bin) = (Double(power[0]), 0)
    for share in Self.shares {
      while sum < share * total, bin + 1 < power.count {
        bin += 1
        sum += Double(power[bin])
      }
      values.append(Float(log(Double(bin) * binHz + 50)))
    }
  }
}

/// How far magnitudes move from frame to frame.
struct SpectralFlux {
  /// From the last frame to this one.
  struct Step {
    /// ln(distance + 1e-5).
    var distance: Float
    /// The distance of magnitudes of unit length.
    var normalized: Float
  }

  private var last: [Float]
  /// 1 / the length of the last magnitudes; nil before the first frame.
  private var lastScale: Float?

  init(bins: Int) { last = [Float](repeating: 0, count: bins) }

  /// The step to a frame of these powers.
  mutating func next(_ power: Span<Float>) -> Step {
    var total = 0.0
    for k in power.indices { total += Double(power[k]) }
    let scale = Float(1 / (total.squareRoot() + 1e-5))
    var (distance, normalized) = (0.0, 0.0)
    let before = lastScale ?? scale
    for k in power.indices {
      let magnitude = power[k].squareRoot()
      let step = Double(magnitude - last[k])
      let turn = Double(magnitude * scale - last[k] * before)
      distance += step * step
      normalized += turn * turn
      last[k] = magnitude
    }
    defer { lastScale = scale }
    if lastScale == nil { return Step(distance: Float(log(2e-5)), normalized: 0) }
    return Step(
      distance: Float(log(distance.squareRoot() + 1e-5)),
      normalized: Float(normalized.squareRoot()))
  }
}

/// Slopes, ratios and levels of bands; `SpectralDescriptors` says what they are.
struct SpectralBalance: Sendable {
  private static let floor = 1e-10

  /// Bins and the weights that make a slope of their levels.
  private struct Slope: Sendable {
    let bins: Range<Int>
    let weights: [Double]
  }

  private let slopes: [Slope]
  private let alpha: (low: Range<Int>, high: Range<Int>)
  private let hammarberg: (low: Range<Int>, high: Range<Int>)
  private let bands: [Range<Int>]

  init(binHz: Double, bins: Int) {
    func band(_ lowHz: Double, _ highHz: Double) -> Range<Int> {
      let first = min(bins, Int((lowHz / binHz).rounded(.up)))
      return first..<max(first, min(bins, Int((highHz / binHz).rounded(.up))))
    }
    slopes = [(0.0, 500.0), (500, 1500), (0, 8000)].map { lowHz, highHz in
      let first = min(bins, Int((lowHz / binHz).rounded(.up)))
      let last = min(bins, Int((highHz / binHz).rounded(.down)) + 1)
      let range = first..<max(first, last)
      let kilohertz = range.map { Double($0) * binHz / 1000 }
      let mean = kilohertz.reduce(0, +) / Double(max(1, range.count))
      let squares = kilohertz.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return Slope(
        bins: range, weights: kilohertz.map { squares > 0 ? ($0 - mean) / squares : 0 })
    }
    alpha = (band(50, 1000), band(1000, 5000))
    hammarberg = (band(0, 2000), band(2000, 5000))
    bands = [band(250, 650), band(1000, 4000)]
  }

  /// Appends what the balance of a frame is.
  func append(_ power: Span<Float>, _ levels: Span<Float>, to values: inout [Float]) {
    for slope in slopes {
      var sum = 0.0
      for (index, bin) in slope.bins.enumerated() {
        sum += Double(levels[bin]) * slope.weights[index]
      }
      values.append(Float(sum))
    }
    values.append(Float(Self.level(power, alpha.low) - Self.level(power, alpha.high)))
    values.append(Self.peak(levels, hammarberg.low) - Self.peak(levels, hammarberg.high))
    for band in bands { values.append(Float(Self.level(power, band))) }
  }

  private static func level(_ power: Span<Float>, _ band: Range<Int>) -> Double {
    var sum = 0.0
    for bin in band { sum += Double(power[bin]) }
    return 10 * log10(max(sum, floor))
  }

  private static func peak(_ levels: Span<Float>, _ band: Range<Int>) -> Float {
    var greatest = Float(10 * log10(floor))
    for bin in band { greatest = max(greatest, levels[bin]) }
    return greatest
  }
}
