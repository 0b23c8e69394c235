import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceNN

/// A stack built for one of the fixture's cases.
private struct Case {
  let stack: ConvolutionStack
  let input: Floats
  let batch: BatchShape
  let parameterLayout: ParameterLayout
  let statisticLayout: ParameterLayout
  let parameters: Floats
  let statistics: Floats
  let arrays: [String: Safetensors.Array]

  init(_ name: String, dropout: Double = 0, prefix: String = "", padding: Int = 0) throws {
    arrays = try Fixture(.module).arrays("convolution/\(name).safetensors")
    var options = CNNOptions()
    options.dropout = dropout
    switch name {
    case "small": (options.channels, options.kernel, options.pool) = ([8, 20], 3, [2, 2])
    case "wide_kernel":
      (options.channels, options.kernel, options.pool) = ([16, 33, 5], 5, [3, 1, 2])
    default: (options.channels, options.kernel, options.pool) = ([16, 32, 48], 3, [2, 2, 2])
    }
    let lengths = [
      "small": [21, 13, 4, 9], "wide_kernel": [40, 25, 33, 12, 38, 7], "winograd": [70, 64, 33, 8],
    ]
    let x = try #require(arrays["x"])
    batch = BatchShape(frames: try #require(lengths[name]))
    var state = StateLayout()
    stack = state.scoped(prefix) { state in
      ConvolutionStack(
        options, input: .init(name: "mel", channels: x.shape[3], bins: x.shape[2]),
        frames: x.shape[1] + padding, clips: x.shape[0], state: &state)
    }
    let (parameters, statistics) = (state.parameters, state.statistics)
    let (size, padded) = (
      x.values.count / x.shape[0], (x.shape[1] + padding) * x.shape[2] * x.shape[3]
    )
    input = Floats(zeros: x.shape[0] * padded)
    for clip in 0..<x.shape[0] {
      input[clip * padded..<(clip + 1) * padded].copy(x.values[clip * size..<(clip + 1) * size])
    }
    parameterLayout = parameters
    statisticLayout = statistics
    self.parameters = Floats(zeros: parameters.count)
    self.statistics = Floats(zeros: statistics.count)
    for entry in parameters.entries {
      let name = entry.name.dropFirst(prefix.count)
      self.parameters[entry.range].copy(try #require(arrays["parameter.\(name)"]).values)
    }
    for entry in statistics.entries {
      let name = entry.name.dropFirst(prefix.count)
      self.statistics[entry.range].copy(try #require(arrays["before.\(name)"]).values)
    }
  }

  var rows: Int { batch.frames.map(stack.steps(frames:)).reduce(0, +) }

  func forward(
    _ mode: Mode, threads: Int = 1, seed: UInt64 = 0, stride: Int? = nil, column: Int = 0
  ) -> Floats {
    let stride = stride ?? stack.outputWidth
    let output = Floats(zeros: rows * stride)
    output.fill(-7)
    stack.forward(
      input, batch: batch, into: columns(output, stride, column),
      pass: pass(mode, gradients: Floats(zeros: 0), threads: threads, seed: seed))
    return output
  }

  func pass(_ mode: Mode, gradients: Floats, threads: Int, seed: UInt64 = 0) -> Pass {
    Pass(
      mode: mode, parameters: parameters, gradients: gradients, statistics: statistics, seed: seed,
      workers: Workers(threads: threads))
  }

  /// The stack's columns of rows that are `stride` apart.
  private func columns(_ rows: Floats, _ stride: Int, _ column: Int) -> Rows {
    Rows(rows, width: stride).columns(column..<column + stack.outputWidth)
  }

  func backward(_ gradient: Floats, threads: Int = 1, stride: Int? = nil, column: Int = 0) -> Floats
  {
    let gradients = Floats(zeros: parameterLayout.count)
    stack.backward(
      columns(gradient, stride ?? stack.outputWidth, column), batch: batch,
      pass: pass(.training, gradients: gradients, threads: threads))
    return gradients
  }

  /// How far values are from an array of the fixture, by the tolerance that its README states.
  func deviation(_ ours: [Float], from name: String) throws -> Deviation {
    let theirs = try #require(arrays[name]).values
    let greatest = theirs.reduce(0) { max($0, abs($1)) }
    return Deviation(ours, from: theirs, absolute: 1e-5 * Double(greatest), relative: 1e-5)
  }
}

@Suite("Convolution stack")
struct ConvolutionStackTests {
  static let names = ["small", "wide_kernel", "winograd"]

  @Test("training output, running statistics and all gradients equal PyTorch's", arguments: names)
  func trainsAsPyTorch(name: String) throws {
    let it = try Case(name)
    let output = it.forward(.training)
    let far = try it.deviation(output.array, from: "output")
    #expect(far.isWithin, "output: \(far)")
    for entry in it.statisticLayout.entries {
      let far = try it.deviation(it.statistics[entry.range].array, from: "after.\(entry.name)")
      #expect(far.isWithin, "\(entry.name): \(far)")
    }
    let gradients = it.backward(Floats(try #require(it.arrays["output_gradient"]).values))
    for entry in it.parameterLayout.entries {
      let far = try it.deviation(gradients[entry.range].array, from: "gradient.\(entry.name)")
      #expect(far.isWithin, "\(entry.name): \(far)")
    }
  }

  @Test("inference uses the running statistics as PyTorch does", arguments: names)
  func infersAsPyTorch(name: String) throws {
    let it = try Case(name)
    for entry in it.statisticLayout.entries {
      it.statistics[entry.range].copy(try #require(it.arrays["after.\(entry.name)"]).values)
    }
    let before = it.statistics.array
    let far = try it.deviation(it.forward(.inference).array, from: "inferred")
    #expect(far.isWithin, "\(far)")
    #expect(it.statistics.array == before)
  }

  @Test("a clip that is alone comes out in the bits that it has beside others", arguments: names)
  func aloneChangesNothing(name: String) throws {
    let it = try Case(name)
    let width = it.stack.outputWidth
    let together = it.forward(.inference)
    let clips = it.batch.frames.count
    let size = it.input.count / clips
    var row = 0
    for (clip, frames) in it.batch.frames.enumerated() {
      let alone = Floats(zeros: it.stack.steps(frames: frames) * width)
      it.stack.forward(
        it.input[clip * size..<(clip + 1) * size], batch: BatchShape(frames: [frames]),
        into: Rows(alone, width: width),
        pass: it.pass(.inference, gradients: Floats(zeros: 0), threads: 2))
      let beside = together[row * width..<row * width + alone.count]
      #expect(alone.array.map(\.bitPattern) == beside.array.map(\.bitPattern), "clip \(clip)")
      row += it.stack.steps(frames: frames)
    }
  }

  @Test("the number of threads changes no bit", arguments: names)
  func threadsChangeNothing(name: String) throws {
    var seen: [[[UInt32]]] = []
    for threads in [1, 2, 4] {
      let it = try Case(name, dropout: 0.3)
      let output = it.forward(.training, threads: threads, seed: 5)
      let gradients = it.backward(output, threads: threads)
      let inferred = it.forward(.inference, threads: threads)
      seen.append(
        [output, gradients, it.statistics, inferred].map { $0.array.map(\.bitPattern) })
    }
    #expect(seen[0] == seen[1])
    #expect(seen[0] == seen[2])
  }

  @Test("a second step with the same numbers repeats the first bit for bit")
  func repeatsItself() throws {
    let it = try Case("winograd", dropout: 0.1)
    let first = it.forward(.training, seed: 3)
    let gradients = it.backward(first)
    let again = it.forward(.training, seed: 3)
    #expect(again.array == first.array)
    #expect(it.backward(again).array == gradients.array)
    #expect(it.forward(.training, seed: 4).array != first.array)
  }

  @Test("branches share a matrix without touching each other's columns")
  func writesItsColumnsOnly() throws {
    let it = try Case("small")
    let width = it.stack.outputWidth
    let alone = it.forward(.training)
    let shared = it.forward(.training, stride: width + 5, column: 3)
    let gradient = Floats(zeros: shared.count)
    for row in 0..<it.rows {
      let start = row * (width + 5)
      #expect(
        shared[start + 3..<start + 3 + width].array == alone[row * width..<(row + 1) * width].array)
      for column in Array(0..<3) + Array(width + 3..<width + 5) {
        #expect(shared[start + column] == -7)
        gradient[start + column] = .nan
      }
      gradient[start + 3..<start + 3 + width].copy(alone[row * width..<(row + 1) * width])
    }
    let fromShared = it.backward(gradient, stride: width + 5, column: 3)
    _ = it.forward(.training)
    #expect(fromShared.array == it.backward(alone).array)
  }

  @Test(
    "a clip alone comes out as beside others, and in the same bits for any number of threads",
    arguments: names)
  func clipsAreIndependent(name: String) throws {
    let it = try Case(name)
    let together = it.forward(.inference).array
    var row = 0
    let size = it.input.count / it.batch.clips
    for (clip, frames) in it.batch.frames.enumerated() {
      let rows = it.stack.steps(frames: frames)
      let range = row * it.stack.outputWidth..<(row + rows) * it.stack.outputWidth
      row += rows
      let alone = [1, 2, 4].map { threads in
        it.stack.inferred(
          it.input[clip * size..<(clip + 1) * size], frames: [frames],
          pass: it.pass(.inference, gradients: Floats(zeros: 0), threads: threads))
      }
      #expect(alone.allSatisfy { $0 == alone[0] })
      let far = Deviation(alone[0], from: Array(together[range]), absolute: 1e-5, relative: 1e-5)
      #expect(far.isWithin, "\(far)")
    }
  }

  @Test("a clip of the reference network's size comes out alone as beside another")
  func referenceAlone() {
    var state = StateLayout()
    let stack = ConvolutionStack(
      CNNOptions(), input: .init(name: "concat", channels: 1, bins: 104), frames: 300, clips: 2,
      state: &state)
    let weights = Floats(zeros: state.parameters.count)
    let running = Floats(zeros: state.statistics.count)
    state.parameters.initialize(weights, seed: 1)
    state.statistics.initialize(running, seed: 1)
    let input = Floats(hashed("alone", 2 * 300 * 104))
    func inferred(clips: Int, threads: Int) -> [Float] {
      stack.inferred(
        input, frames: Array(repeating: 300, count: clips),
        pass: Pass(
          mode: .inference, parameters: weights, gradients: Floats(zeros: 0), statistics: running,
          seed: 0, workers: Workers(threads: threads)))
    }
    let together = inferred(clips: 2, threads: 1).prefix(37 * stack.outputWidth)
    let alone = [1, 2, 4].map { inferred(clips: 1, threads: $0) }
    #expect(alone.allSatisfy { $0 == alone[0] })
    let far = Deviation(alone[0], from: Array(together), absolute: 1e-5, relative: 1e-5)
    #expect(far.isWithin && together.contains { $0 != 0 }, "\(far)")
  }

  @Test("more padding changes neither outputs nor gradients", arguments: names)
  func paddingChangesNothing(name: String) throws {
    let (tight, loose) = (try Case(name), try Case(name, padding: 37))
    let (output, padded) = (tight.forward(.training), loose.forward(.training))
    let (ours, theirs) = (loose.backward(padded), tight.backward(output))
    // Not the same bits: clips are rounded up to other lengths, which cuts sums elsewhere.
    #expect(Deviation(padded.array, from: output.array, absolute: 1e-5, relative: 1e-5).isWithin)
    for entry in tight.parameterLayout.entries {
      let expected = theirs[entry.range].array
      let greatest = Double(expected.reduce(0) { max($0, abs($1)) })
      let far = Deviation(
        ours[entry.range].array, from: expected, absolute: 1e-5 * greatest, relative: 1e-5)
      #expect(far.isWithin, "\(entry.name): \(far)")
    }
  }

  @Test("dropout drops its share, scales what it keeps and passes the same gradients")
  func dropoutScales() throws {
    // One block: what is dropped in one block cannot hide in the sums of the next.
    var options = CNNOptions()
    (options.channels, options.pool, options.dropout) = ([16], [1], 0.4)
    func output(share: Double) -> (Floats, Floats) {
      var state = StateLayout()
      options.dropout = share
      let stack = ConvolutionStack(
        options, input: .init(name: "mel", channels: 1, bins: 40), frames: 50, clips: 2,
        state: &state)
      let parameters = state.parameters
      var random = RandomStream(seed: 1, "dropout test")
      let weights = Floats((0..<parameters.count).map { _ in Float(random.uniform()) })
      weights[parameters.entries[2].range].fill(3)
      let input = Floats((0..<2 * 50 * 40).map { _ in Float(random.normal()) })
      let batch = BatchShape(frames: [50, 50])
      let output = Floats(zeros: 100 * stack.outputWidth)
      let gradients = Floats(zeros: parameters.count)
      let pass = Pass(
        mode: .training, parameters: weights, gradients: gradients,
        statistics: Floats(zeros: state.statistics.count), seed: 9, workers: .single)
      stack.forward(input, batch: batch, into: Rows(output, width: stack.outputWidth), pass: pass)
      let gradient = Floats(zeros: output.count)
      gradient.fill(1)
      stack.backward(Rows(gradient, width: stack.outputWidth), batch: batch, pass: pass)
      return (output, gradients[parameters.entries[2].range])
    }
    let (whole, _) = output(share: 0)
    let (thinned, betaGradient) = output(share: 0.4)
    let (before, after) = (whole.array, thinned.array)
    var (kept, positive) = (0, 0)
    for (x, y) in zip(before, after) where x > 0 {
      positive += 1
      if y != 0 { kept += 1 }
      #expect(y == 0 || abs(y - x / 0.6) <= 1e-5 * x, "\(x) became \(y)")
    }
    // Three standard deviations of the share kept among some 60,000 values.
    #expect(abs(Double(kept) / Double(positive) - 0.6) < 0.007)
    let expected = Double(kept) / 0.6
    #expect(abs(betaGradient.array.reduce(0.0) { $0 + Double($1) } - expected) < 1e-4 * expected)
  }

  @Test("names, shapes and starting values are those of PyTorch's modules")
  func namesAndShapes() throws {
    let it = try Case("wide_kernel", prefix: "mel.")
    #expect(
      it.parameterLayout.entries.map(\.name) == [
        "mel.convolutions.0.weight", "mel.norms.0.weight", "mel.norms.0.bias",
        "mel.convolutions.1.weight", "mel.norms.1.weight", "mel.norms.1.bias",
        "mel.convolutions.2.weight", "mel.norms.2.weight", "mel.norms.2.bias",
      ])
    #expect(it.parameterLayout.entries[3].shape == [33, 16, 5, 5])
    #expect(it.parameterLayout.entries[3].initializer == .uniform(bound: 1 / 20))
    #expect(it.parameterLayout.entries[4].initializer == .constant(1))
    #expect(it.parameterLayout.entries[5].initializer == .constant(0))
    #expect(
      it.statisticLayout.entries.map(\.name).suffix(2) == [
        "mel.norms.2.running_mean", "mel.norms.2.running_var",
      ])
    #expect(it.stack.outputWidth == 5 * (17 / 3 / 1 / 2))
    #expect(it.stack.steps(frames: 40) == 6)
  }
}

extension ConvolutionStack {
  /// The rows of a batch in inference.
  fileprivate func inferred(_ input: Floats, frames: [Int], pass: Pass) -> [Float] {
    let output = Rows(zeros: frames.map(steps(frames:)).reduce(0, +), width: outputWidth)
    forward(input, batch: BatchShape(frames: frames), into: output, pass: pass)
    return output.floats.array
  }
}
