import ValenceKernels

extension Network {
  /// The prefixes of the names of the last layers' arrays: one, or one for each network whose logits are
  /// averaged.
  private var lastLayers: [String] { shape.towers.map { $0.prefix + "out." } }

  /// The ranges of `parameters` that training moves: all of it, or the last layers where the body is frozen.
  package var trainable: [Range<Int>] {
    guard isBodyFrozen else { return [0..<parameters.count] }
    return lastLayers.map { prefix in
      let ranges = layout.entries.filter { $0.name.hasPrefix(prefix) }.map(\.range)
      let (first, last) = (ranges.map(\.lowerBound).min() ?? 0, ranges.map(\.upperBound).max() ?? 0)
      return first..<last
    }
  }

  /// How many numbers training moves.
  package var trainedCount: Int {
    isBodyFrozen ? shape.lastLayerParameters : layout.parameterCount
  }

  /// Takes over the body of a trained network, running statistics included, and of its last layer the weights
  /// of some classes; the weights of the other classes stay as they are.
  ///
  /// - Parameters:
  ///   - body: a network of the same layers, but for the number of classes.
  ///   - classes: for each class of this network the same class of `body`, or nil where that has none.
  package func start(from body: Network, classes: [Int?]) {
    precondition(classes.count == shape.classes, "\(classes.count) of \(shape.classes) classes")
    let theirs = Dictionary(uniqueKeysWithValues: body.layout.entries.map { ($0.name, $0) })
    for entry in layout.entries {
      guard let their = theirs[entry.name] else {
        preconditionFailure("the body has no \(entry.name)")
      }
      guard lastLayers.contains(where: entry.name.hasPrefix) else {
        precondition(their.shape == entry.shape, "\(entry.name): \(their.shape), \(entry.shape)")
        parameters[entry.range].copy(body.parameters[their.range])
        continue
      }
      let old = their.values(in: body.parameters)
      var new = entry.values(in: parameters)
      // A row of the weights, or a number of the biases, for each class.
      let width = new.count / shape.classes
      precondition(old.count == width * body.shape.classes, "\(entry.name): \(their.shape)")
      for (row, other) in classes.enumerated() {
        guard let other else { continue }
        for column in 0..<width { new[row * width + column] = old[other * width + column] }
      }
      entry.store(new, in: parameters)
    }
    let statistics = statisticsLayout.entries.map(\.name)
    precondition(statistics == body.statisticsLayout.entries.map(\.name), "\(statistics)")
    self.statistics.copy(body.statistics)
  }
}

extension NetworkShape {
  /// The numbers of the last layer, or of those of all networks whose logits are averaged.
  package var lastLayerParameters: Int {
    towers.reduce(0) { count, tower in
      let shape = tower.shape
      let width = shape.model.head.hidden.last ?? shape.pooledWidth + shape.vectorWidth
      return count + (width + 1) * shape.classes
    }
  }
}
