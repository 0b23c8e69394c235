import ValenceCore
import ValenceKernels

extension ParameterLayout {
  /// Sets every parameter to its initial value, from a stream named after it.
  func initialize(_ block: Floats, seed: UInt64) {
    for entry in entries {
      switch entry.initializer {
      case .constant(let value): block[entry.range].fill(value)
      case .uniform(let bound):
        var random = RandomStream(seed: seed, "weights", entry.name)
        let values = entry.range.map { _ in Float((2 * random.uniform() - 1) * Double(bound)) }
        entry.store(values, in: block)
      }
    }
  }

  /// The parameters as a checkpoint carries them: by name, in PyTorch's order of axes.
  func arrays(of block: Floats) -> [String: Safetensors.Array] {
    Dictionary(
      uniqueKeysWithValues: entries.map {
        ($0.name, Safetensors.Array(shape: $0.shape, values: $0.values(in: block)))
      })
  }
}

extension LayoutEntry {
  /// Writes values, given in the order of `shape`, into the block.
  func store(_ values: [Float], in block: Floats) {
    precondition(values.count == range.count, "\(values.count) values for \(name) \(shape)")
    let target = block[range]
    if isInOrder { return target.copy(values) }
    var index = 0
    forEachPosition { position in
      target[index] = values[position]
      index += 1
    }
  }

  /// Reads the values from the block, in the order of `shape`.
  func values(in block: Floats) -> [Float] {
    let kept = block[range].array
    if isInOrder { return kept }
    var values = kept
    var index = 0
    forEachPosition { position in
      values[position] = kept[index]
      index += 1
    }
    return values
  }

  private var isInOrder: Bool { axes == Array(axes.indices) }

  /// Lends, for each element in the order of the block, its position in the order of `shape`.
  private func forEachPosition(_ body: (Int) -> Void) {
    var strides = shape
    var product = 1
    for axis in shape.indices.reversed() {
      strides[axis] = product
      product *= shape[axis]
    }
    var place = axes.map { _ in 0 }
    for _ in 0..<range.count {
      body(zip(axes, place).reduce(0) { $0 + strides[$1.0] * $1.1 })
      for digit in axes.indices.reversed() {
        place[digit] += 1
        if place[digit] < shape[axes[digit]] { break }
        place[digit] = 0
      }
    }
  }
}
