import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceKernels

/// The first convolution with its passes against a stored convolution, by its definition, and the same
/// passes over that.
@Suite("First convolution")
struct FirstConvolutionTests {
  /// A layer and a clip, of multiples of a quarter: sums are exact in any order, ties are common.
  struct Setting {
    let shape: ConvolutionShape
    let pass: PoolPass
    let x: [Float]
    let w: [Float]
    let normalization: PoolPass.Normalization
    let description: String

    init(_ random: inout RandomStream) {
      let sides = [1, 2, 2, 2, 3, 4]
      let window = PoolPass.Window(frames: sides[random.below(6)], bins: sides[random.below(6)])
      shape = ConvolutionShape(
        bins: window.bins + random.below(16), inputChannels: [1, 1, 2, 3][random.below(4)],
        outputChannels: 1 + random.below(40), kernel: [1, 3, 3, 3, 5, 7][random.below(6)],
        isFirst: true)
      let frames = 1 + random.below(16)
      let input = shape.output(frames: frames)
      let bare = PoolPass(
        input: input,
        output: ImageShape(
          frames: max(1, frames / window.frames + random.below(3)),
          bins: shape.bins / window.bins, channels: input.channels,
          isBlocked: random.below(2) == 1),
        validFrames: frames, window: window, activation: random.below(3) == 0 ? .gelu : .relu)
      func quarters(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float(random.below(17)) / 4 - 2 }
      }
      x = quarters(frames * shape.bins * shape.inputChannels)
      w = quarters(shape.weightCount)
      normalization = PoolPass.Normalization(channels: input.channels)
      normalization.mean.copy(normal(input.channels, &random))
      normalization.scale.copy(normal(input.channels, &random))
      normalization.shift.copy(normal(input.channels, &random))
      let dropout = Dropout(share: random.below(2) == 0 ? 0 : 0.25, seed: 1, layer: 2)
      pass = bare.normalizing(by: normalization, dropping: dropout.mask(clip: random.below(9)))
      description = "\(shape), \(frames) frames, \(pass.activation), pool \(window)"
    }

    /// The output, and what its gradient makes of the weights'.
    func definition(dy: [Float]? = nil) -> ConvolutionDefinition {
      let count = pass.validFrames * shape.bins * shape.outputChannels
      return ConvolutionDefinition(
        shape, frames: pass.validFrames, x: x, w: w,
        dy: dy ?? [Float](repeating: 0, count: count))
    }

    /// The output as the passes want it.
    var stored: Floats {
      laidOut(
        definition().output.map(Float.init), channels: shape.outputChannels, as: pass.input)
    }

    /// The layer, and working memory with guards behind it.
    func layer() -> (FirstConvolution, Floats, scratchCount: Int) {
      let convolution = FirstConvolution(shape)
      convolution.load(Floats(w))
      let count = convolution.scratchCount(windowFrames: pass.window.frames)
      return (convolution, Floats(zeros: count + 64), count)
    }
  }

  /// Runs `body` with the fused kernels and with plain C.
  private func both(_ body: (_ name: String) -> Void) {
    body("fused")
    KernelSetup.plainly { body("plain") }
  }

  @Test("moments are those of the stored output")
  func moments() {
    var random = RandomStream(seed: 1, "first moments")
    for _ in 0..<60 {
      let it = Setting(&random)
      let channels = it.pass.input.channels
      let expected = ChannelSums(clips: 1, channels: channels)
      it.pass.moments(it.stored, clip: 0, sums: expected)
      both { name in
        let (convolution, scratch, count) = it.layer()
        let sums = ChannelSums(clips: 1, channels: channels)
        convolution.moments(
          Floats(it.x), pass: it.pass, clip: 0, sums: sums, scratch: scratch[0..<count])
        for c in 0..<channels {
          let (ours, theirs) = (sums[0, c], expected[0, c])
          #expect(
            abs(ours.first - theirs.first) <= 1e-4 + 1e-6 * abs(theirs.first)
              && abs(ours.second - theirs.second) <= 1e-4 + 1e-5 * theirs.second,
            "\(name), channel \(c): \(it.description)")
        }
        #expect(scratch.array.suffix(64).allSatisfy { $0 == 0 }, "\(name): \(it.description)")
      }
    }
  }

  @Test("pooled values and winners are those of the stored output, bit for bit")
  func pool() {
    var random = RandomStream(seed: 2, "first pool")
    for _ in 0..<60 {
      let it = Setting(&random)
      let outputs = (0..<2).map { _ in Floats(zeros: it.pass.output.count) }
      it.pass.forward(
        it.stored, into: PoolPass.Pooled(values: outputs[0], extremes: outputs[1]))
      both { name in
        let (convolution, scratch, count) = it.layer()
        let ours = (0..<2).map { _ in Floats(zeros: it.pass.output.count + 64) }
        convolution.pool(
          Floats(it.x), pass: it.pass, into: PoolPass.Pooled(values: ours[0], extremes: ours[1]),
          scratch: scratch[0..<count])
        for (ours, theirs) in zip(ours, outputs) {
          #expect(ours.array.dropLast(64).elementsEqual(theirs.array), "\(name): \(it.description)")
          #expect(ours.array.suffix(64).allSatisfy { $0 == 0 }, "\(name): \(it.description)")
        }
        #expect(scratch.array.suffix(64).allSatisfy { $0 == 0 }, "\(name): \(it.description)")
      }
    }
  }

  @Test("weight gradients of several clips are those of the stored output's gradients")
  func weightGradient() {
    var random = RandomStream(seed: 3, "first gradient")
    for _ in 0..<60 {
      let it = Setting(&random)
      let channels = it.pass.input.channels
      let (y, g, extreme) = (
        it.stored, Floats(normal(it.pass.output.count, &random)),
        Floats(zeros: it.pass.output.count)
      )
      let pooled = Floats(zeros: it.pass.output.count)
      let pass = it.pass.normalizing(by: it.normalization)
      pass.forward(y, into: PoolPass.Pooled(values: pooled, extremes: extreme))
      let factors = PoolPass.GradientFactors(channels: channels)
      for factor in [factors.winner, factors.spread, factors.offset] {
        factor.copy(normal(channels, &random))
      }
      let outputGradient = PoolPass.OutputGradient(
        PoolPass.Pooled(values: g, extremes: extreme), factors: factors)
      pass.backward(outputGradient, overwriting: y)
      let dy = plainOrder(y, channels: it.shape.outputChannels, of: it.pass.input)
      let expected = it.definition(dy: dy).weightGradient.map { Float(3 * $0) }
      let size = expected.reduce(0) { max($0, abs($1)) }
      both { name in
        let (convolution, scratch, count) = it.layer()
        convolution.beginGradients(shards: 2)
        for shard in [0, 1, 1] {
          convolution.addWeightGradient(
            Floats(it.x), pass: pass, gradient: outputGradient, shard: shard,
            scratch: scratch[0..<count])
        }
        let gradient = Floats(zeros: it.shape.weightCount)
        convolution.finishGradients(into: gradient)
        let far = Deviation(
          gradient.array, from: expected, absolute: 2e-6 * Double(size) + 1e-5, relative: 0)
        #expect(far.isWithin, "\(name), \(it.description): \(far)")
        #expect(scratch.array.suffix(64).allSatisfy { $0 == 0 }, "\(name): \(it.description)")
      }
    }
  }
}
