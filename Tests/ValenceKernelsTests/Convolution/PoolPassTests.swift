import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceKernels

/// The passes around a convolution against loops in double precision.
@Suite("Pool pass")
struct PoolPassTests {
  /// One clip with every number that the passes take.
  struct Setting {
    let pass: PoolPass
    let y: [Float]
    let scale: [Float]
    let shift: [Float]
    let dropout: Dropout
    let clip: Int
    let channels: Int
    let description: String

    init(_ random: inout RandomStream) {
      channels = 16 * (1 + random.below(3))
      let sides = [1, 2, 2, 3, 4, 8]
      var window = PoolPass.Window(
        frames: sides[random.below(6)], bins: sides[random.below(6)])
      if random.below(2) == 0 { window = .init(frames: 2, bins: 2) }
      let valid = 1 + random.below(20)
      let bins = window.bins + random.below(15)
      let input = ImageShape(
        frames: valid + random.below(5), bins: bins, channels: channels,
        isBlocked: random.below(2) == 1)
      let output = ImageShape(
        frames: max(1, valid / window.frames + random.below(3)), bins: bins / window.bins,
        channels: channels, isBlocked: random.below(2) == 1)
      pass = PoolPass(
        input: input, output: output, validFrames: valid, window: window,
        activation: PoolPass.Activation.allCases[
          random.below(PoolPass.Activation.allCases.count)])
      // Multiples of a quarter: ties within a window are common.
      y = (0..<input.count).map { _ in Float(random.below(40)) / 4 - 5 }
      scale = normal(channels, &random)
      shift = normal(channels, &random)
      dropout = Dropout(share: random.below(2) == 0 ? 0 : 0.25, seed: 1, layer: 2)
      clip = random.below(9)
      description = "\(pass.activation), pool \(window), \(valid) of \(input) to \(output)"
    }

    func y(_ t: Int, _ f: Int, _ c: Int) -> Double {
      Double(y[(t * pass.input.bins + f) * channels + c])
    }

    func normalized(_ t: Int, _ f: Int, _ c: Int) -> Double {
      Double(scale[c]) * y(t, f, c) + Double(shift[c])
    }

    /// What the activation makes of a normalized value.
    func activated(_ value: Double) -> Double {
      switch pass.activation {
      case .relu: max(value, 0)
      case .gelu: value * normalShare(value)
      }
    }

    /// The activation's derivative.
    func slope(_ value: Double) -> Double {
      switch pass.activation {
      case .relu: value > 0 ? 1 : 0
      case .gelu:
        normalShare(value) + value * exp(-value * value / 2) / (2 * Double.pi).squareRoot()
      }
    }

    private func normalShare(_ value: Double) -> Double { (1 + erf(value / 2.squareRoot())) / 2 }

    /// The first place in a window whose value is activated most.
    ///
    /// Under ReLU, where negative ones are all alike, the greatest.
    func winner(_ t: Int, _ f: Int, _ c: Int) -> (t: Int, f: Int) {
      let window = pass.window
      func rank(_ place: (t: Int, f: Int)) -> Double {
        let value = normalized(place.t, place.f, c)
        return pass.activation == .relu ? value : activated(value)
      }
      var best = (t: t * window.frames, f: f * window.bins)
      for i in 0..<window.frames {
        for j in 0..<window.bins {
          let place = (t: t * window.frames + i, f: f * window.bins + j)
          if rank(place) > rank(best) { best = place }
        }
      }
      return best
    }

    /// What reaches the normalization of the gradient of a value that was not dropped.
    func gradient(_ dx: Float, at place: (t: Int, f: Int), _ c: Int) -> Double {
      Double(dx) * slope(normalized(place.t, place.f, c)) / (1 - dropout.share)
    }

    var normalization: PoolPass.Normalization {
      terms(mean: [Float](repeating: 0, count: channels))
    }

    func terms(mean: [Float]) -> PoolPass.Normalization {
      let terms = PoolPass.Normalization(channels: channels)
      terms.mean.copy(mean)
      terms.scale.copy(scale)
      terms.shift.copy(shift)
      return terms
    }
  }

  @Test("the moments of a clip are those of its valid frames, far from zero too")
  func moments() {
    var random = RandomStream(seed: 3, "moments")
    for trial in 0..<100 {
      let it = Setting(&random)
      let offset = Float(trial % 2 == 0 ? 0 : 1000)
      let sums = ChannelSums(clips: 2, channels: it.channels)
      it.pass.moments(
        laidOut(it.y.map { $0 + offset }, channels: it.channels, as: it.pass.input), clip: 1,
        sums: sums)
      let count = it.pass.validFrames * it.pass.input.bins
      for c in 0..<it.channels {
        var values: [Double] = []
        for t in 0..<it.pass.validFrames {
          for f in 0..<it.pass.input.bins { values.append(it.y(t, f, c) + Double(offset)) }
        }
        let mean = values.reduce(0, +) / Double(count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let (sum, ours) = sums.total(clips: 2, channel: c)
        #expect(abs(sum / Double(count) - mean) <= 1e-5, "\(it.description)")
        #expect(abs(ours - squares) <= 1e-5 * squares + 1e-9, "\(it.description)")
      }
    }
  }

  @Test("forward takes the greatest normalized value of each window and clears the rest")
  func forward() {
    var random = RandomStream(seed: 5, "pool forward")
    for _ in 0..<100 {
      let it = Setting(&random)
      let x = Floats(zeros: it.pass.output.count)
      x.fill(.nan)
      it.pass.normalizing(by: it.normalization).forward(
        laidOut(it.y, channels: it.channels, as: it.pass.input),
        into: PoolPass.Pooled(values: x, extremes: nil))
      let ours = plainOrder(x, channels: it.channels, of: it.pass.output)
      var expected: [Float] = []
      for t in 0..<it.pass.output.frames {
        for f in 0..<it.pass.output.bins {
          for c in 0..<it.channels {
            guard t < it.pass.steps else {
              expected.append(0)
              continue
            }
            let at = it.winner(t, f, c)
            expected.append(Float(it.activated(it.normalized(at.t, at.f, c))))
          }
        }
      }
      let far = Deviation(ours, from: expected, absolute: 1e-5, relative: 1e-6)
      #expect(far.isWithin, "\(it.description): \(far)")
    }
  }

  @Test("backward gives each gradient to the first winner of its window")
  func backward() {
    var random = RandomStream(seed: 6, "pool backward")
    for _ in 0..<100 {
      let it = Setting(&random)
      let (input, output) = (it.pass.input, it.pass.output)
      let (y, x, extreme) = (
        laidOut(it.y, channels: it.channels, as: input), Floats(zeros: output.count),
        Floats(zeros: output.count)
      )
      let image = PoolPass.Pooled(values: x, extremes: extreme)
      let mean = normal(it.channels, &random)
      let pass = it.pass.normalizing(
        by: it.terms(mean: mean), dropping: it.dropout.mask(clip: it.clip))
      pass.forward(y, into: image)
      let pooled = plainOrder(x, channels: it.channels, of: output)
      let dx = normal(output.count, &random)
      let factors = PoolPass.GradientFactors(channels: it.channels)
      for factor in [factors.winner, factors.spread, factors.offset] {
        factor.copy(normal(it.channels, &random))
      }
      let sums = ChannelSums(clips: 1, channels: it.channels)
      pass.backwardSums(
        laidOut(dx, channels: it.channels, as: output), overwriting: image, clip: 0, sums: sums)
      pass.backward(PoolPass.OutputGradient(image, factors: factors), overwriting: y)

      var expected = [Double](repeating: 0, count: input.count)
      for pixel in 0..<it.pass.validFrames * input.bins {
        for c in 0..<it.channels {
          let at = pixel * it.channels + c
          expected[at] =
            Double(factors.spread[c]) * (Double(it.y[at]) - Double(mean[c]))
            + Double(factors.offset[c])
        }
      }
      for t in 0..<it.pass.steps {
        for f in 0..<output.bins {
          for c in 0..<it.channels {
            let at = (t * output.bins + f) * it.channels + c
            guard pooled[at] != 0 else { continue }
            let best = it.winner(t, f, c)
            expected[(best.t * input.bins + best.f) * it.channels + c] +=
              Double(factors.winner[c]) * it.gradient(dx[at], at: best, c)
          }
        }
      }
      let far = Deviation(
        plainOrder(y, channels: it.channels, of: input), from: expected.map(Float.init),
        absolute: 1e-5, relative: 1e-5)
      #expect(far.isWithin, "\(it.description): \(far)")
      expectSums(sums, it, pooled: pooled, dx: dx, mean: mean)
    }
  }

  private func expectSums(
    _ sums: ChannelSums, _ it: Setting, pooled: [Float], dx: [Float], mean: [Float]
  ) {
    for c in 0..<it.channels {
      var (first, second) = (0.0, 0.0)
      for t in 0..<it.pass.steps {
        for f in 0..<it.pass.output.bins {
          let at = (t * it.pass.output.bins + f) * it.channels + c
          guard pooled[at] != 0 else { continue }
          let best = it.winner(t, f, c)
          let gradient = it.gradient(dx[at], at: best, c)
          first += gradient
          second += gradient * (it.y(best.t, best.f, c) - Double(mean[c]))
        }
      }
      let ours = sums.total(clips: 1, channel: c)
      #expect(
        abs(ours.first - first) < 1e-4 && abs(ours.second - second) < 1e-3, "\(it.description)")
    }
  }

  @Test("a normalization that is not a number comes out as such, not as zero")
  func keepsNaN() {
    let image = ImageShape(frames: 2, bins: 2, channels: 16, isBlocked: false)
    let terms = PoolPass.Normalization(channels: 16)
    terms.scale[3] = .nan
    for activation in PoolPass.Activation.allCases {
      let x = Floats(zeros: image.count)
      let window = PoolPass.Window(frames: 1, bins: 1)
      PoolPass(
        input: image, output: image, validFrames: 2, window: window, activation: activation
      ).normalizing(by: terms)
        .forward(Floats(zeros: image.count), into: PoolPass.Pooled(values: x, extremes: nil))
      for index in 0..<image.count { #expect(x[index].isNaN == (index % 16 == 3)) }
    }
  }

  @Test("GELU and its slope follow the error function over all that floats reach")
  func gelu() {
    let values = stride(from: Float(-12), through: 12, by: 1 / 128).map { $0 }
    let image = ImageShape(frames: values.count, bins: 1, channels: 16, isBlocked: false)
    let terms = PoolPass.Normalization(channels: 16)
    terms.scale.fill(1)
    let pass = PoolPass(
      input: image, output: image, validFrames: values.count, window: .init(frames: 1, bins: 1),
      activation: .gelu
    ).normalizing(by: terms)
    let (x, ones) = (Floats(zeros: image.count), Floats(zeros: image.count))
    let pooled = PoolPass.Pooled(values: x, extremes: Floats(zeros: image.count))
    ones.fill(1)
    pass.forward(Floats(values.flatMap { [Float](repeating: $0, count: 16) }), into: pooled)
    let forward = x.array
    pass.backwardSums(
      ones, overwriting: pooled, clip: 0, sums: ChannelSums(clips: 1, channels: 16))
    for (index, value) in values.enumerated() {
      let exact = Double(value)
      let share = erfc(-exact / 2.squareRoot()) / 2
      let slope = share + exact * exp(-exact * exact / 2) / (2 * Double.pi).squareRoot()
      #expect(abs(Double(forward[index * 16]) - exact * share) <= 3e-7 * max(1, abs(exact)))
      #expect(abs(Double(x[index * 16]) - slope) <= 4e-7)
    }
  }

  @Test("rows hold channel c's bin f at column c·F + f, and come back")
  func rows() {
    var random = RandomStream(seed: 7, "rows")
    for _ in 0..<50 {
      let it = Setting(&random)
      let channels = it.channels - random.below(16)
      let output = it.pass.output
      let width = channels * output.bins
      let stride = width + random.below(5)
      let values = normal(output.count, &random)
      let rows = Rows(zeros: it.pass.steps, width: stride).columns(0..<width)
      it.pass.copyRows(
        from: laidOut(values, channels: it.channels, as: output), channels: channels, to: rows)
      for t in 0..<it.pass.steps {
        for f in 0..<output.bins {
          for c in 0..<channels {
            let expected = values[(t * output.bins + f) * it.channels + c]
            #expect(rows.row(t)[c * output.bins + f] == expected)
          }
        }
      }
      let back = Floats(zeros: output.count)
      back.fill(.nan)
      it.pass.copyImage(from: rows, channels: channels, to: back)
      let restored = plainOrder(back, channels: it.channels, of: output)
      for index in 0..<it.pass.steps * output.bins * it.channels {
        #expect(restored[index] == (index % it.channels < channels ? values[index] : 0))
      }
    }
  }

  @Test("dropout's draws depend on seed, layer, clip and place, and on nothing else")
  func dropoutDraws() {
    let image = ImageShape(frames: 20, bins: 20, channels: 32, isBlocked: false)
    let blocked = ImageShape(frames: 20, bins: 20, channels: 32, isBlocked: true)
    let ones = PoolPass.Normalization(channels: 32)
    ones.shift.fill(1)
    func drawn(_ seed: UInt64, _ layer: UInt64, _ clip: Int, output: ImageShape) -> [Float] {
      let x = Floats(zeros: output.count)
      PoolPass(
        input: image, output: output, validFrames: 20, window: .init(frames: 1, bins: 1)
      ).normalizing(
        by: ones, dropping: Dropout(share: 0.25, seed: seed, layer: layer).mask(clip: clip)
      ).forward(Floats(zeros: image.count), into: PoolPass.Pooled(values: x, extremes: nil))
      return plainOrder(x, channels: 32, of: output)
    }
    let first = drawn(1, 2, 3, output: image)
    #expect(first == drawn(1, 2, 3, output: blocked))
    #expect(Set(first) == [0, Float(1 / 0.75)])
    for other in [
      drawn(2, 2, 3, output: image), drawn(1, 3, 3, output: image), drawn(1, 2, 4, output: image),
    ] {
      // Independent draws agree in 0.25² + 0.75² = .625 of 12,800 places, give or take .0043.
      let agreeing = zip(first, other).filter { $0 == $1 }.count
      #expect(abs(Double(agreeing) / Double(first.count) - 0.625) < 0.02)
    }
  }
}
