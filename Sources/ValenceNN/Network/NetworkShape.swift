import ValenceKernels

/// The sizes of every layer of a network, worked out from the options alone.
///
/// Convolutions pad so that they keep frames and bins ("same"); pooling drops the frames and bins
/// that do not fill its window. Nothing is allocated, so a plan can be refused before a run.
package struct NetworkShape: Hashable, Sendable {
  /// One row of the table that `valence plan` prints.
  package struct Layer: Hashable, Sendable {
    /// What a table calls the layer, for example `mel convolution 1` or `attention`.
    package let name: String
    /// What leaves the layer for one clip.
    ///
    /// `32 × 150 × 52` is channels × frames × bins, `37 × 256` frames × width, `8` a vector.
    package let output: String
    /// The trainable numbers.
    package let parameters: Int
    /// Multiply-adds of convolutions and matrix products, one clip forward.
    package let multiplyAdds: Int
    /// Floats that `backward` needs, one clip.
    package let keptFloats: Int
    /// Whether it reads the network's input, whose gradient nobody asks for.
    var isFirst = false

    /// The layer with something before its name.
    fileprivate func named(_ prefix: String) -> Layer {
      Layer(
        name: prefix + name, output: output, parameters: parameters, multiplyAdds: multiplyAdds,
        keptFloats: keptFloats, isFirst: isFirst)
    }
  }

  /// The layers, from the input to the classes.
  package let layers: [Layer]
  /// The fewest frames of a clip that leave at least one frame after all pooling.
  package let minimumFrames: Int
  /// The number of frames after all pooling, for a clip of the input's length.
  package let steps: Int
  /// The width of a frame after the convolution stacks, all branches side by side.
  package let stackedWidth: Int
  /// The width of a frame after the branches have met: what recurrent layers read.
  package let joinedWidth: Int
  /// The width of the vector that pooling over time gives the head.
  package let pooledWidth: Int
  package let classes: Int
  /// What the whole network takes.
  package var cost: NetworkCost { NetworkCost(of: layers) }

  /// Works out the sizes of the network that `model` describes.
  ///
  /// - Throws: `ShapeError` naming the key of the first layer that cannot fit its input.
  package init(model: ModelOptions, input: NetworkInput, classes: Int) throws(ShapeError) {
    let towers = input.towers
    if towers.count == 1 {
      try self.init(model: model, tower: input, classes: classes, named: "")
      return
    }
    var members: [NetworkShape] = []
    for (branch, tower) in zip(input.branches, towers) {
      members.append(
        try NetworkShape(
          model: model, tower: tower.input, classes: classes, named: branch.name + " "))
    }
    self.init(averaging: members, classes: classes)
  }

  /// The sizes of whole networks beside each other whose logits are averaged.
  private init(averaging members: [NetworkShape], classes: Int) {
    let mean = Layer(
      name: "mean of logits", output: "\(classes)", parameters: 0, multiplyAdds: 0,
      keptFloats: classes)
    layers = members.flatMap(\.layers) + [mean]
    (minimumFrames, steps, self.classes) = (members[0].minimumFrames, members[0].steps, classes)
    stackedWidth = members.reduce(0) { $0 + $1.stackedWidth }
    joinedWidth = members.reduce(0) { $0 + $1.joinedWidth }
    pooledWidth = members.reduce(0) { $0 + $1.pooledWidth }
  }

  /// Works out the sizes of the layers whose branches meet behind their stacks.
  private init(
    model: ModelOptions, tower input: NetworkInput, classes: Int, named tower: String
  ) throws(ShapeError) {
    precondition(classes > 0, "a network for \(classes) classes")
    try Self.checkBlocks(model.cnn)
    var layers: [Layer] = []
    var frames = input.frames
    var widths: [Int] = []
    for branch in input.branches {
      let named = input.branches.count > 1 ? branch.name + " " : tower
      let stack = try Self.stack(model.cnn, of: branch, frames: input.frames, named: named)
      layers += stack.layers
      frames = stack.frames
      widths.append(stack.width)
    }
    (steps, stackedWidth, self.classes) = (frames, widths.reduce(0, +), classes)
    minimumFrames = model.cnn.minimumFrames
    let isGated = input.join == .gated && widths.count > 1
    joinedWidth = isGated ? GatedJoin.width(model.cnn) : stackedWidth
    if isGated { layers.append(Self.gates(widths: widths, to: joinedWidth, steps: frames)) }
    let recurrent = Self.recurrent(model.rnn, steps: frames, width: joinedWidth)
    pooledWidth = recurrent.width
    let rest =
      recurrent.layers + [Self.pooling(model, steps: frames, width: pooledWidth)]
      + Self.head(model.head, width: pooledWidth, classes: classes)
    self.layers = layers + rest.map { $0.named(tower) }
  }

  private static func gates(widths: [Int], to width: Int, steps: Int) -> Layer {
    let (all, count) = (widths.reduce(0, +), widths.count)
    let weights = all * width + all * count * width
    return Layer(
      name: "gates", output: "\(steps) × \(width)", parameters: weights + 2 * count * width,
      multiplyAdds: weights * steps, keptFloats: steps * (2 * count + 1) * width)
  }

  private static func checkBlocks(_ cnn: CNNOptions) throws(ShapeError) {
    let (time, frequency) = (cnn.pool.time.count, cnn.pool.frequency.count)
    let counts =
      cnn.pool.isSquare ? [("", time)] : [(".time", time), (".frequency", frequency)]
    for (part, count) in counts where count != cnn.channels.count {
      throw ShapeError(
        key: "model.cnn.pool" + part,
        message: "has \(counted(count, "entry", "entries")), but model.cnn.channels "
          + "has \(cnn.channels.count); give one for each block.")
    }
    guard !cnn.kernel.isMultiple(of: 2) else {
      throw ShapeError(
        key: "model.cnn.kernel",
        message: "\(cnn.kernel) is even; use an odd kernel such as \(cnn.kernel + 1).")
    }
  }

  private static func stack(
    _ cnn: CNNOptions, of branch: NetworkInput.Branch, frames: Int, named: String
  ) throws(ShapeError) -> (layers: [Layer], frames: Int, width: Int) {
    var image = (channels: branch.channels, frames: frames, bins: branch.bins)
    var layers = [
      Layer(
        name: named + "input", output: text(image), parameters: 0, multiplyAdds: 0,
        keptFloats: image.channels * image.frames * image.bins)
    ]
    for (block, channels) in zip(1..., cnn.channels) {
      let window = PoolPass.Window(
        frames: cnn.pool.time[block - 1], bins: cnn.pool.frequency[block - 1])
      let weights = cnn.kernel * cnn.kernel * image.channels * channels
      let pixels = image.frames * image.bins
      image.channels = channels
      layers.append(
        Layer(
          name: "\(named)convolution \(block)", output: text(image),
          parameters: weights + (cnn.norm == .none ? channels : 0),
          multiplyAdds: weights * pixels, keptFloats: channels * pixels, isFirst: block == 1))
      if cnn.norm != .none {
        layers.append(
          Layer(
            name: "\(named)\(cnn.norm.rawValue) norm \(block)", output: text(image),
            parameters: 2 * channels, multiplyAdds: 0, keptFloats: 0))
      }
      let sides = [
        (image.bins, window.bins, "bin", ".frequency"),
        (image.frames, window.frames, "frame", ".time"),
      ]
      for (length, side, what, part) in sides where length < side {
        let pool =
          cnn.pool.isSquare
          ? "\(side) × \(side)" : "\(counted(side, what, what + "s")) at a time"
        throw ShapeError(
          key: "model.cnn.pool" + (cnn.pool.isSquare ? "" : part),
          message: "\(named)block \(block) pools \(pool) but its input has only "
            + "\(counted(length, what, what + "s")); use a smaller pool or fewer blocks.")
      }
      image = (channels, image.frames / window.frames, image.bins / window.bins)
      layers.append(
        Layer(
          name: "\(named)pool \(block)", output: text(image), parameters: 0, multiplyAdds: 0,
          keptFloats: channels * image.frames * image.bins))
    }
    return (layers, image.frames, image.channels * image.bins)
  }

  /// LSTM or GRU layers as PyTorch's: for each direction G·H (D + H) weights and two biases of G·H.
  private static func recurrent(_ rnn: RNNOptions?, steps: Int, width: Int)
    -> (layers: [Layer], width: Int)
  {
    guard let rnn else { return ([], width) }
    let gates = rnn.cell.kind.gates
    let directions = rnn.bidirectional ? 2 : 1
    var width = width
    var layers: [Layer] = []
    for layer in 1...rnn.layers {
      let weights = directions * gates * rnn.hidden * (width + rnn.hidden)
      width = directions * rnn.hidden
      layers.append(
        Layer(
          name: "rnn \(layer)", output: "\(steps) × \(width)",
          parameters: weights + directions * 2 * gates * rnn.hidden, multiplyAdds: weights * steps,
          // The gates, what a cell keeps beside them, and the output.
          keptFloats: steps * directions * (gates + 2) * rnn.hidden))
    }
    return (layers, width)
  }

  private static func pooling(_ model: ModelOptions, steps: Int, width: Int) -> Layer {
    let scores = model.attentionWidth
    let isAttention = model.pooling == .attention
    return Layer(
      name: isAttention ? "attention" : "\(model.pooling.rawValue) over time", output: "\(width)",
      parameters: isAttention ? width * scores + scores + scores : 0,
      multiplyAdds: isAttention ? steps * (width * scores + scores) : 0,
      keptFloats: isAttention ? steps * (scores + 1) + width : width)
  }

  private static func head(_ head: HeadOptions, width: Int, classes: Int) -> [Layer] {
    var width = width
    let names = head.hidden.indices.map { "dense \($0 + 1)" } + ["classes"]
    return zip(names, head.hidden + [classes]).map { name, outputs in
      let weights = width * outputs
      width = outputs
      return Layer(
        name: name, output: "\(outputs)", parameters: weights + outputs, multiplyAdds: weights,
        keptFloats: outputs)
    }
  }

  private static func text(_ image: (channels: Int, frames: Int, bins: Int)) -> String {
    "\(image.channels) × \(image.frames) × \(image.bins)"
  }

  private static func counted(_ count: Int, _ one: String, _ many: String) -> String {
    "\(count) \(count == 1 ? one : many)"
  }
}
