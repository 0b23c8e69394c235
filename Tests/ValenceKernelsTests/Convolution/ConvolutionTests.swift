import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceKernels

@Suite("Convolution")
struct ConvolutionTests {
  @Test("fast and plain convolutions equal the definition, forward and backward")
  func equalsConvolutionDefinition() {
    var random = RandomStream(seed: 8, "convolution")
    for trial in 0..<60 {
      let shape = ConvolutionShape(
        bins: 1 + random.below(14), inputChannels: 1 + random.below(40),
        outputChannels: 1 + random.below(40), kernel: [1, 3, 3, 3, 5, 7, 11][random.below(7)],
        isFirst: false)
      let frames = 1 + random.below(14)
      let x = normal(frames * shape.bins * shape.inputChannels, &random)
      let w = normal(shape.weightCount, &random)
      let dy = normal(frames * shape.bins * shape.outputChannels, &random)
      let expected = ConvolutionDefinition(shape, frames: frames, x: x, w: w, dy: dy)
      for plain in [false, true] {
        let ours = run(shape, frames: frames, x: x, w: w, dy: dy, plain: plain)
        let name = "trial \(trial), \(plain ? "plain" : "fast"), \(shape), \(frames) frames"
        expectNear(ours.output, expected.output, "output, \(name)")
        expectNear(ours.inputGradient, expected.inputGradient, "dx, \(name)")
        expectNear(ours.weightGradient, expected.weightGradient, "dw, \(name)")
      }
    }
  }

  @Test("on this machine the layers of the reference network do not fall to reference loops")
  func takesFastCode() {
    guard KernelSetup.current.oneDNNVersion != nil else { return }
    for (ins, outs, bins, kernel) in [(32, 64, 52, 3), (64, 128, 26, 3), (32, 64, 52, 5)] {
      let shape = ConvolutionShape(
        bins: bins, inputChannels: ins, outputChannels: outs, kernel: kernel, isFirst: false)
      for direction in ConvolutionDirection.allCases {
        let name = ConvolutionPrimitive(shape, frames: 40, direction: direction, plain: false).name
        #expect(name != "plain C" && !name.hasPrefix("ref"), "\(shape): \(name)")
        #expect(name.contains("Winograd") == (kernel == 3), "\(shape): \(name)")
      }
    }
  }

  @Test("clips of several lengths share weights and add up their gradients")
  func sumsOverLengths() {
    var random = RandomStream(seed: 2, "lengths")
    let shape = ConvolutionShape(
      bins: 9, inputChannels: 16, outputChannels: 24, kernel: 3, isFirst: false)
    let convolution = Convolution(shape)
    let lengths = [4, 12, 7, 12]
    convolution.prepare(frames: lengths, gradients: true)
    let scratch = Floats(zeros: convolution.scratchCount)
    var expected = [Double](repeating: 0, count: shape.weightCount)
    convolution.beginGradients(shards: 3)
    for (clip, frames) in lengths.enumerated() {
      let x = normal(frames * 9 * 16, &random)
      let dy = normal(frames * 9 * 24, &random)
      let w = [Float](repeating: 0, count: shape.weightCount)
      let clipGradient = ConvolutionDefinition(shape, frames: frames, x: x, w: w, dy: dy)
        .weightGradient
      for index in expected.indices { expected[index] += clipGradient[index] }
      convolution.addWeightGradient(
        input: laidOut(x, channels: 16, as: shape.input(frames: frames)),
        outputGradient: laidOut(dy, channels: 24, as: shape.output(frames: frames)),
        frames: frames, shard: clip % 3, scratch: scratch)
    }
    let gradient = Floats(zeros: shape.weightCount)
    convolution.finishGradients(into: gradient, workers: .single)
    expectNear(gradient.array, expected, "sum over clips")
  }

  @Test("the parts of an output are together what it is at once, bit for bit", arguments: [3, 5])
  func cutsOutput(kernel: Int) {
    var random = RandomStream(seed: 4, "shares")
    for trial in 0..<10 {
      let shape = ConvolutionShape(
        bins: 1 + random.below(30), inputChannels: 1 + random.below(70),
        outputChannels: 1 + random.below(130), kernel: kernel, isFirst: false)
      let frames = 1 + random.below(40)
      let convolution = Convolution(shape)
      convolution.prepare(frames: [frames], gradients: false)
      convolution.pack(Floats(normal(shape.weightCount, &random)), workers: .single)
      let input = laidOut(
        normal(frames * shape.bins * shape.inputChannels, &random), channels: shape.inputChannels,
        as: shape.input(frames: frames))
      func output(parts: Int) -> [UInt32] {
        let output = Floats(zeros: shape.output(frames: frames).count)
        output.fill(.nan)
        for index in (0..<parts).reversed() {
          convolution.forward(
            input, into: output, frames: frames, scratch: Floats(zeros: convolution.scratchCount),
            part: Part(index, of: parts))
        }
        return output.array.map(\.bitPattern)
      }
      let whole = output(parts: 1)
      for parts in 2...7 {
        #expect(output(parts: parts) == whole, "trial \(trial), \(shape), \(parts) parts")
      }
    }
  }

  @Test("weights are those that were packed last, for every length, however often they are packed")
  func packing() {
    var random = RandomStream(seed: 5, "loading")
    let shape = ConvolutionShape(
      bins: 9, inputChannels: 16, outputChannels: 24, kernel: 3, isFirst: false)
    let convolution = Convolution(shape)
    func expectOutput(_ w: [Float], frames: Int) {
      let x = normal(frames * 9 * 16, &random)
      let truth = ConvolutionDefinition(
        shape, frames: frames, x: x, w: w, dy: [Float](repeating: 0, count: frames * 9 * 24))
      let output = Floats(zeros: shape.output(frames: frames).count)
      convolution.forward(
        laidOut(x, channels: 16, as: shape.input(frames: frames)), into: output, frames: frames,
        scratch: Floats(zeros: convolution.scratchCount))
      expectNear(
        plainOrder(output, channels: 24, of: shape.output(frames: frames)), truth.output,
        "\(frames) frames")
    }
    let first = normal(shape.weightCount, &random)
    let second = normal(shape.weightCount, &random)
    for (w, frames) in [
      (first, 8), (first, 8), (first, 13), (second, 13), (second, 40), (first, 8),
    ] {
      convolution.prepare(frames: [frames], gradients: frames == 40)
      convolution.pack(Floats(w), workers: .single)
      expectOutput(w, frames: frames)
    }
  }

  private func run(
    _ shape: ConvolutionShape, frames: Int, x: [Float], w: [Float], dy: [Float], plain: Bool
  ) -> (output: [Float], inputGradient: [Float], weightGradient: [Float]) {
    let convolution = Convolution(shape, plain: plain)
    let (input, output) = (shape.input(frames: frames), shape.output(frames: frames))
    convolution.prepare(frames: [frames], gradients: true)
    convolution.pack(Floats(w), workers: .single)
    // Whatever kernels write beyond their buffers lands in the guards behind them.
    let scratchGuard = Floats(zeros: convolution.scratchCount + 64)
    let scratch = scratchGuard[0..<convolution.scratchCount]
    let from = laidOut(x, channels: shape.inputChannels, as: input)
    let toGuard = Floats(zeros: output.count + 64)
    let to = toGuard[0..<output.count]
    to.fill(.nan)
    convolution.forward(from, into: to, frames: frames, scratch: scratch)
    let gradient = laidOut(dy, channels: shape.outputChannels, as: output)
    let inputGuard = Floats(zeros: input.count + 64)
    let inputGradient = inputGuard[0..<input.count]
    convolution.inputGradient(gradient, into: inputGradient, frames: frames, scratch: scratch)
    convolution.beginGradients(shards: 1)
    convolution.addWeightGradient(
      input: from, outputGradient: gradient, frames: frames, shard: 0, scratch: scratch)
    let weightGradient = Floats(zeros: w.count)
    convolution.finishGradients(into: weightGradient, workers: .single)
    for guarded in [scratchGuard, toGuard, inputGuard] {
      #expect(guarded.array.suffix(64).allSatisfy { $0 == 0 }, "written beyond the end: \(shape)")
    }
    return (
      plainOrder(to, channels: shape.outputChannels, of: output),
      plainOrder(inputGradient, channels: shape.inputChannels, of: input), weightGradient.array
    )
  }

  /// Winograd's F(4×3) errs by some 1e-6 of the greatest value, direct convolution by less.
  private func expectNear(_ ours: [Float], _ theirs: [Double], _ what: String) {
    let greatest = theirs.reduce(0) { max($0, abs($1)) }
    let far = Deviation(
      ours, from: theirs.map(Float.init), absolute: 2e-5 * greatest + 1e-6, relative: 0)
    #expect(far.isWithin, "\(what): \(far)")
  }
}

/// Zero-padded correlation in double precision, straight from the definition.
struct ConvolutionDefinition {
  let shape: ConvolutionShape
  let frames: Int
  var output: [Double]
  var inputGradient: [Double]
  var weightGradient: [Double]

  /// Images are `[T, F, C]` without added channels, weights `[Cout, Cin, K, K]`.
  init(_ shape: ConvolutionShape, frames: Int, x: [Float], w: [Float], dy: [Float]) {
    self.shape = shape
    self.frames = frames
    let (bins, ins, outs, kernel) = (
      shape.bins, shape.inputChannels, shape.outputChannels, shape.kernel
    )
    output = Array(repeating: 0, count: frames * bins * outs)
    inputGradient = Array(repeating: 0, count: frames * bins * ins)
    weightGradient = Array(repeating: 0, count: w.count)
    for t in 0..<frames {
      for f in 0..<bins {
        for i in 0..<kernel {
          for j in 0..<kernel {
            let (from, bin) = (t + i - kernel / 2, f + j - kernel / 2)
            guard from >= 0 && from < frames && bin >= 0 && bin < bins else { continue }
            for o in 0..<outs {
              let at = (t * bins + f) * outs + o
              for c in 0..<ins {
                let source = (from * bins + bin) * ins + c
                let tap = ((o * ins + c) * kernel + i) * kernel + j
                output[at] += Double(w[tap]) * Double(x[source])
                inputGradient[source] += Double(w[tap]) * Double(dy[at])
                weightGradient[tap] += Double(x[source]) * Double(dy[at])
              }
            }
          }
        }
      }
    }
  }
}

/// Values of a standard normal distribution.
func normal(_ count: Int, _ random: inout RandomStream) -> [Float] {
  (0..<count).map { _ in Float(random.normal()) }
}

/// Where an element lies in an image.
func position(_ t: Int, _ f: Int, _ c: Int, in image: ImageShape) -> Int {
  image.isBlocked
    ? ((c / 16 * image.frames + t) * image.bins + f) * 16 + c % 16
    : (t * image.bins + f) * image.channels + c
}

/// `[T, F, C]` as an image's memory has it; added channels and frames are zero.
func laidOut(_ values: [Float], channels: Int, as image: ImageShape) -> Floats {
  let result = Floats(zeros: image.count)
  for (index, value) in values.enumerated() {
    let (pixel, c) = (index / channels, index % channels)
    result[position(pixel / image.bins, pixel % image.bins, c, in: image)] = value
  }
  return result
}

/// An image as `[T, F, C]` without its added channels.
func plainOrder(_ view: Floats, channels: Int, of image: ImageShape) -> [Float] {
  var result: [Float] = []
  for t in 0..<image.frames {
    for f in 0..<image.bins {
      for c in 0..<channels { result.append(view[position(t, f, c, in: image)]) }
    }
  }
  return result
}
