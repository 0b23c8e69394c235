import ValenceCore

/// The initial value of a parameter or statistic.
package enum Initializer: Hashable, Sendable {
  /// Every element is this number.
  case constant(Float)
  case uniform(bound: Float)
}

/// One named array of a flat block: a parameter or a running statistic.
package struct LayoutEntry: Hashable, Sendable {
  /// For example `convolutions.0.weight`.
  package let name: String
  /// The shape in PyTorch's order of axes, as a checkpoint carries it.
  package let shape: [Int]
  /// Its floats in the block.
  package let range: Range<Int>
  /// The initial value.
  package let initializer: Initializer
  /// The order in which the block keeps the axes of `shape`: `[1, 0]` keeps a matrix transposed.
  package let axes: [Int]
}

/// The ranges of named arrays in a flat block.
///
/// Names and shapes are those of PyTorch's modules, so a checkpoint can be read there.
package struct ParameterLayout: Sendable {
  /// The parameters, in the order of the block.
  package private(set) var entries: [LayoutEntry] = []
  /// The number of floats in the block, padding included.
  package private(set) var count = 0

  package init() {}

  /// Adds a parameter; each starts on a 64-byte boundary.
  ///
  /// - Parameter axes: the order in which the block keeps the axes of `shape`; nil keeps them as
  ///   they are.
  /// - Returns: the array's range in the block.
  package mutating func add(
    _ name: String, shape: [Int], initializer: Initializer, axes: [Int]? = nil
  ) -> Range<Int> {
    precondition(!entries.contains { $0.name == name }, "two parameters are called \(name)")
    let range = count..<(count + shape.reduce(1, *))
    let axes = axes ?? Array(shape.indices)
    entries.append(
      LayoutEntry(name: name, shape: shape, range: range, initializer: initializer, axes: axes))
    count = (range.upperBound + 15) / 16 * 16
    return range
  }

  /// The number of trainable numbers, without padding.
  package var parameterCount: Int { entries.reduce(0) { $0 + $1.range.count } }
}
