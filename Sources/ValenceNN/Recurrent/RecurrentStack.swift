import ValenceKernels

/// Stacked LSTM or GRU layers in one or both directions, over clips packed without padding.
///
/// Input `[rows, I]`, output `[rows, D·H]` with D directions, the forward one first. Dropout acts on
/// the outputs of all layers but the last. No work is done on padding, as there is none.
///
/// Source: Hochreiter and Schmidhuber (1997) with Gers et al. (2000), or Cho et al. (2014); formulas,
/// names and initial values of the parameters are those of torch.nn.LSTM and torch.nn.GRU.
final class RecurrentStack {
  let cell: RNNOptions.Cell
  /// D·H.
  let outputWidth: Int
  private let dropout: Double
  private let directions: [RecurrentOrder.Direction]
  private let layers: [RecurrentLayer]
  private let workspaces: [RecurrentCells.Workspace]
  /// `[rows, D·H]`: the gradient of a lower layer's output.
  private let innerGradient: Rows
  private var orders: [[RecurrentOrder]] = []

  /// Adds the layers' parameters to the layout and makes room for `rows` rows of `clips` clips.
  init(
    _ options: RNNOptions, inputWidth: Int, rows: Int, clips: Int, state: inout StateLayout
  ) {
    directions = options.bidirectional ? [.forward, .reverse] : [.forward]
    let outputWidth = directions.count * options.hidden
    self.outputWidth = outputWidth
    (cell, dropout) = (options.cell, options.dropout)
    var layers: [RecurrentLayer] = []
    for index in 0..<options.layers {
      let sizes = RecurrentLayer.Sizes(
        cell: options.cell, index: index,
        inputWidth: index == 0 ? inputWidth : outputWidth, hidden: options.hidden,
        directions: directions.count)
      layers.append(RecurrentLayer(sizes, rows: rows, state: &state))
    }
    self.layers = layers
    let count = directions.count
    let ofGroup = (1...clips).map { clips in
      let groups = Self.groups(clips: clips, directions: count)
      return (clips + groups - 1) / groups
    }
    workspaces = (0..<Self.groups(clips: clips, directions: count) * count).map { _ in
      RecurrentCells.Workspace(
        options.cell.kind, clips: ofGroup.max() ?? 1, hidden: options.hidden)
    }
    innerGradient = Rows(zeros: layers.count > 1 ? rows : 0, width: outputWidth)
  }

  /// The layers over sequences of `width` values a step.
  static func shapes(of options: RNNOptions, steps: Int, width: Int) -> [LayerShape] {
    let directions = options.bidirectional ? 2 : 1
    let outputWidth = directions * options.hidden
    return (0..<options.layers).map { index in
      let sizes = RecurrentLayer.Sizes(
        cell: options.cell, index: index, inputWidth: index == 0 ? width : outputWidth,
        hidden: options.hidden, directions: directions)
      return RecurrentLayer.shape(sizes, steps: steps)
    }
  }

  /// The number of groups in which the clips go through the steps.
  ///
  /// A step's product of fewer than four clips reads the weights more than it uses them: on an AVX-512
  /// processor 1, 2, 4 and 32 clips ran at 55, 86, 108 and 114 GFLOP/s.
  private static func groups(clips: Int, directions: Int) -> Int {
    max(1, min(clips / 4, RecurrentLayer.partCount / directions))
  }

  /// The output of the last layer, `[rows, D·H]`.
  func output(rows: Int) -> Rows { layers[layers.count - 1].output.prefix(rows) }

  /// Runs all layers on `input`, `[rows, I]`.
  func forward(_ input: Rows, packing: PackedRows, pass: Pass) {
    orders = makeOrders(packing)
    var input = input
    for (index, layer) in layers.enumerated() {
      layer.forward(input, orders: orders, workspaces: workspaces, pass: pass)
      input = layer.output.prefix(packing.rows)
      if index < layers.count - 1 { drop(input, layer: index, packing: packing, pass: pass) }
    }
  }

  /// Fills the gradients of all layers and dL/dinput, after a `forward` of the same input.
  ///
  /// - Parameter outputGradient: `[rows, D·H]`.
  func backward(
    _ outputGradient: Rows, input: Rows, inputGradient: Rows, packing: PackedRows, pass: Pass
  ) {
    var gradient = outputGradient
    for (index, layer) in layers.enumerated().reversed() {
      let below = index == 0 ? input : layers[index - 1].output.prefix(packing.rows)
      // A layer has read all of its output's gradient before it writes its input's.
      let belowGradient = index == 0 ? inputGradient : innerGradient.prefix(packing.rows)
      layer.backwardSteps(gradient, orders: orders, workspaces: workspaces, pass: pass)
      layer.backwardProducts(below, inputGradient: belowGradient, pass: pass)
      gradient = belowGradient
      if index > 0 { drop(gradient, layer: index - 1, packing: packing, pass: pass) }
    }
  }

  /// For each direction the orders of its groups; neighbors in length go to different groups.
  private func makeOrders(_ packing: PackedRows) -> [[RecurrentOrder]] {
    let groups = Self.groups(clips: packing.clips, directions: directions.count)
    let sorted = (0..<packing.clips).map(packing.rows(of:)).enumerated().sorted {
      ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
    }.map(\.element)
    return directions.map { direction in
      (0..<groups).map { group in
        let clips = stride(from: group, to: sorted.count, by: groups).map { sorted[$0] }
        return RecurrentOrder(clips: clips, direction: direction)
      }
    }
  }

  private func drop(_ values: Rows, layer: Int, packing: PackedRows, pass: Pass) {
    let dropout = pass.dropout(dropout, layer: UInt64(layer))
    if dropout.share == 0 { return }
    pass.workers.forEach(parts: packing.clips) { clip in
      dropout.apply(to: values[packing.rows(of: clip)].floats, clip: clip)
    }
  }
}
