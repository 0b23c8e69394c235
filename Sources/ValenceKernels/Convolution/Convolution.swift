import CKernels

/// The convolution of a layer behind the first, over clips of several lengths, forward and backward.
///
/// Winograd's algorithm takes any length; oneDNN generates code for each length when `prepare` first sees it.
/// Weights are kept in every order that the code of some length needs. `prepare`, `pack`, `beginGradients`
/// and `finishGradients` are called by one thread; between them, any number of threads may run clips.
package final class Convolution {
  /// The sizes of the convolution.
  package let shape: ConvolutionShape
  private let plain: Bool
  private var tables: [PrimitiveTable]
  private let padded: Floats
  /// The weights that were packed last; nil once something is prepared that has none yet.
  private var packed: Floats?
  private var gradients: [Floats] = []
  /// The part of the scratch for a clip's gradient of the weights, behind the primitives' own part.
  private var temporaryWeights = 0..<0

  /// The primitives of one direction, and the orders of weights that they need.
  private struct PrimitiveTable {
    var primitives: [Int: (primitive: ConvolutionPrimitive, order: Int)] = [:]
    var orders: [(example: ConvolutionPrimitive, weights: Range<Int>)] = []
    var weightCount = 0
    var packed = Floats(zeros: 0)

    /// - Returns: whether it is the first to need its order of weights.
    mutating func add(_ primitive: ConvolutionPrimitive) -> Bool {
      let known = orders.firstIndex { $0.example.sharesWeights(with: primitive) }
      primitives[primitive.frames] = (primitive, known ?? orders.count)
      if known != nil { return false }
      orders.append((primitive, weightCount..<weightCount + primitive.weightCount))
      weightCount += ImageShape.padded(primitive.weightCount)
      packed = Floats(zeros: weightCount)
      return true
    }

    func entry(frames: Int) -> (primitive: ConvolutionPrimitive, weights: Range<Int>) {
      guard let entry = primitives[frames] else {
        preconditionFailure("no code was prepared for \(frames) frames")
      }
      return (entry.primitive, orders[entry.order].weights)
    }
  }

  /// Describes the layer; nothing is generated yet.
  package convenience init(_ shape: ConvolutionShape) { self.init(shape, plain: false) }

  /// - Parameter plain: whether to take plain C even where oneDNN has fast code, as tests do.
  init(_ shape: ConvolutionShape, plain: Bool) {
    precondition(!shape.isFirst, "\(shape) is a first layer")
    self.shape = shape
    self.plain = plain
    tables = ConvolutionDirection.allCases.map { _ in PrimitiveTable() }
    padded = Floats(zeros: shape.paddedWeightCount)
  }

  /// Prepares for clips of these lengths; takes milliseconds for each new length that needs code.
  ///
  /// - Parameter gradients: whether to prepare the backward pass too.
  package func prepare(frames: some Sequence<Int>, gradients: Bool) {
    let directions = gradients ? ConvolutionDirection.allCases : [.output]
    var isNew = false
    for frames in frames {
      for direction in directions where tables[direction.rawValue].primitives[frames] == nil {
        let primitive = ConvolutionPrimitive(
          shape, frames: frames, direction: direction, plain: plain)
        if tables[direction.rawValue].add(primitive) { packed = nil }
        isNew = true
      }
    }
    if isNew { measureScratch() }
  }

  /// Packs the weights `[Cout, Cin, K, K]` for all lengths that are prepared.
  ///
  /// Does nothing if the same bits are packed already: inference asks before each batch, and packing takes
  /// a tenth of a lone clip's forward pass.
  package func pack(_ weights: Floats, workers: Workers) {
    precondition(weights.count == shape.weightCount, "\(weights.count) weights for \(shape)")
    if let packed, packed.hasBits(of: weights) { return }
    let copy = packed ?? Floats(zeros: weights.count)
    copy.copy(weights)
    packed = copy
    var sizes = shape.cWeightShape
    unsafe valence_weights_pad(&sizes, weights.pointer, padded.pointer)
    let orders = tables[..<ConvolutionDirection.weightGradient.rawValue].flatMap { table in
      table.orders.map { ($0.example, table.packed[$0.weights]) }
    }
    workers.forEach(parts: orders.count) { orders[$0].0.pack(padded, into: orders[$0].1) }
  }

  /// The floats of working memory that each thread needs for what is prepared.
  package var scratchCount: Int { temporaryWeights.upperBound }

  private func measureScratch() {
    let primitives = tables.flatMap { $0.primitives.values }
    let start = ImageShape.padded(primitives.map(\.primitive.scratchCount).max() ?? 0)
    let weights = tables[ConvolutionDirection.weightGradient.rawValue].orders
    temporaryWeights = start..<start + (weights.map(\.weights.count).max() ?? 0)
  }

  /// Convolves a clip, or fills one part of its output; `frames` must be prepared and the weights packed.
  package func forward(
    _ input: Floats, into output: Floats, frames: Int, scratch: Floats, part: Part = .whole
  ) {
    let table = tables[ConvolutionDirection.output.rawValue]
    let (primitive, weights) = table.entry(frames: frames)
    primitive.run(
      input: input, weights: table.packed[weights], output: output, scratch: scratch, part: part)
  }

  /// The gradient of a clip's input from that of its output.
  package func inputGradient(
    _ outputGradient: Floats, into inputGradient: Floats, frames: Int, scratch: Floats
  ) {
    let table = tables[ConvolutionDirection.inputGradient.rawValue]
    let (primitive, weights) = table.entry(frames: frames)
    primitive.run(
      input: inputGradient, weights: table.packed[weights], output: outputGradient,
      scratch: scratch)
  }

  /// Sets the sums of the weights' gradient to zero, one sum per shard.
  package func beginGradients(shards: Int) {
    let count = tables[ConvolutionDirection.weightGradient.rawValue].weightCount
    if gradients.count < shards || gradients.contains(where: { $0.count != count }) {
      gradients = (0..<shards).map { _ in Floats(zeros: count) }
    }
    for gradient in gradients { gradient.fill(0) }
  }

  /// Adds a clip's part of the weights' gradient to its shard's sum.
  package func addWeightGradient(
    input: Floats, outputGradient: Floats, frames: Int, shard: Int, scratch: Floats
  ) {
    let table = tables[ConvolutionDirection.weightGradient.rawValue]
    let (primitive, weights) = table.entry(frames: frames)
    let sum = gradients[shard][weights]
    if primitive.addsGradient {
      primitive.run(input: input, weights: sum, output: outputGradient, scratch: scratch)
      return
    }
    let start = temporaryWeights.lowerBound
    let part = scratch[start..<start + primitive.weightCount]
    primitive.run(input: input, weights: part, output: outputGradient, scratch: scratch[0..<start])
    unsafe valence_accumulate(part.count, part.pointer, sum.pointer)
  }

  /// Sums the shards in their order and writes the gradient `[Cout, Cin, K, K]`.
  package func finishGradients(into gradient: Floats, workers: Workers) {
    precondition(gradient.count == shape.weightCount, "\(gradient.count) gradients for \(shape)")
    guard let total = gradients.first else { return }
    let parts = 8  // elements are summed each by itself, so any number gives the same bits
    workers.forEach(parts: parts) { index in
      let range = Part(index, of: parts).range(of: total.count)
      for part in gradients.dropFirst() {
        unsafe valence_accumulate(range.count, part[range].pointer, total[range].pointer)
      }
    }
    // The lengths' orders differ at most in how they are kept, so they are summed once unpacked.
    let sum = Floats(zeros: shape.paddedWeightCount)
    for order in tables[ConvolutionDirection.weightGradient.rawValue].orders {
      order.example.unpack(total[order.weights], into: padded)
      unsafe valence_accumulate(sum.count, padded.pointer, sum.pointer)
    }
    var sizes = shape.cWeightShape
    unsafe valence_weights_unpad(&sizes, sum.pointer, gradient.pointer)
  }
}
