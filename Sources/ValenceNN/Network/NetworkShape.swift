/// A network's options, the sizes of all its layers and its cost.
///
/// Each layer works out its own shape from the options; nothing is allocated, so a plan can be refused
/// before a run.
package struct NetworkShape: Hashable, Sendable {
  /// The options of the layers.
  package let model: ModelOptions
  /// The input of the network for one clip.
  package let input: NetworkInput
  /// The number of classes, K.
  package let classes: Int
  /// The layers, from the input to the classes.
  package let layers: [LayerShape]
  /// The number of frames after all pooling, for a clip of the input's length.
  package let steps: Int
  /// The width of a frame after the branches' own layers, all branches side by side.
  package let stackedWidth: Int
  /// The width of a frame after the branches have met: what recurrent layers read.
  package let joinedWidth: Int
  /// The width of the vector that pooling over time makes.
  package let pooledWidth: Int
  /// The width of the vectors of the whole clip that the pooled one is joined with, before the head.
  package let vectorWidth: Int
  /// The whole networks whose logits are averaged; empty where branches meet earlier.
  private let members: [NetworkShape]

  /// The cost of the whole network.
  package var cost: NetworkCost { NetworkCost(of: layers) }
  /// The fewest frames of a clip that leave at least one frame after all pooling.
  package var minimumFrames: Int { input.minimumFrames(model.cnn) }
  /// The networks whose logits are averaged, or the only one, with the prefix of their parameters' names.
  var towers: [(prefix: String, shape: NetworkShape)] {
    zip(input.towers, members.isEmpty ? [self] : members).map { ($0.prefix, $1) }
  }

  /// Works out the sizes of the network that `model` describes.
  ///
  /// - Throws: `ShapeError` naming the option of the first layer that cannot fit its input.
  package init(model: ModelOptions, input: NetworkInput, classes: Int) throws(ShapeError) {
    let towers = input.towers
    if towers.count == 1 {
      try self.init(model: model, tower: input, classes: classes, prefix: "")
      return
    }
    var members: [NetworkShape] = []
    for (branch, tower) in zip(input.branches, towers) {
      members.append(
        try NetworkShape(
          model: branch.form == .vector ? model.ofVector : model, tower: tower.input,
          classes: classes, prefix: branch.name + " "))
    }
    self.init(averaging: members, input: input)
  }

  /// Whole networks beside each other whose logits are averaged.
  private init(averaging members: [NetworkShape], input: NetworkInput) {
    let first = members[0]
    var mean = LayerShape("mean of logits", .vector(width: first.classes))
    mean.keptFloats = first.classes
    layers = members.flatMap(\.layers) + [mean]
    (model, self.input, classes, steps) = (first.model, input, first.classes, first.steps)
    stackedWidth = members.reduce(0) { $0 + $1.stackedWidth }
    joinedWidth = members.reduce(0) { $0 + $1.joinedWidth }
    pooledWidth = members.reduce(0) { $0 + $1.pooledWidth }
    vectorWidth = 0
    self.members = members
  }

  /// The layers of a network whose branches meet behind their stacks.
  private init(
    model: ModelOptions, tower input: NetworkInput, classes: Int, prefix: String
  ) throws(ShapeError) {
    precondition(classes > 0, "a network for \(classes) classes")
    (self.model, self.input, self.classes, members) = (model, input, classes, [])
    var stacks: [LayerShape] = []
    var vectors: [LayerShape] = []
    var (widths, steps, vectorWidth) = ([Int](), [Int](), 0)
    for branch in input.branches {
      let layers = try Self.layers(
        of: branch, frames: branch.frames(of: input.frames), model: model,
        prefix: input.branches.count > 1 ? branch.name + " " : prefix)
      let size = layers[layers.count - 1].size
      if input.isBesideFrames(branch) {
        vectors += layers
        vectorWidth += size.width
      } else {
        stacks += layers
        widths.append(size.width)
        steps.append(size.steps)
      }
    }
    precondition(Set(steps).count == 1, "branches of \(steps) steps")
    self.steps = steps[0]
    self.vectorWidth = vectorWidth
    stackedWidth = widths.reduce(0, +)
    var rest: [LayerShape] = []
    if input.join == .gated, widths.count > 1 {
      let width = GatedJoin.width(model, input.branches.filter { !input.isBesideFrames($0) })
      rest.append(GatedJoin.shape(of: widths, to: width, steps: self.steps))
    }
    joinedWidth = rest.last?.size.width ?? stackedWidth
    if let rnn = model.rnn {
      rest += RecurrentStack.shapes(of: rnn, steps: self.steps, width: joinedWidth)
    }
    if let transformer = model.transformer {
      rest += try TransformerStack.shapes(
        of: transformer, steps: self.steps, width: rest.last?.size.width ?? stackedWidth)
    }
    pooledWidth = rest.last?.size.width ?? stackedWidth
    rest.append(TimePooling.shape(of: model, steps: self.steps, width: pooledWidth))
    var head = Head.shapes(of: model.head, width: pooledWidth + vectorWidth, classes: classes)
    if !vectors.isEmpty {
      var joined = LayerShape("side by side", .vector(width: pooledWidth + vectorWidth))
      joined.keptFloats = joined.size.width
      head.insert(joined, at: 0)
    }
    layers = stacks + rest.map { $0.named(prefix) } + vectors + head.map { $0.named(prefix) }
  }

  /// A branch's own layers, for so many frames of its own.
  private static func layers(
    of branch: NetworkInput.Branch, frames: Int, model: ModelOptions, prefix: String
  ) throws(ShapeError) -> [LayerShape] {
    guard let averaging = branch.form.averaging else {
      let image = ImageSize(channels: branch.channels, frames: frames, bins: branch.bins)
      return try ConvolutionStack.shapes(of: model.cnn, input: image, prefix: prefix)
    }
    return FrameProjection.shapes(
      of: model.projection, input: branch, frames: frames, averaging: averaging
    ).map { $0.named(prefix) }
  }
}

extension ModelOptions {
  /// Of a network for one vector of a clip: what reads time steps has nothing to read.
  fileprivate var ofVector: ModelOptions {
    var model = self
    (model.rnn, model.transformer, model.pooling) = (nil, nil, .mean)
    return model
  }
}
