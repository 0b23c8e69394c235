import ValenceKernels

/// The feed-forward network of a transformer layer: W₂·GELU(W₁·x + b₁) + b₂, with two thirds of the layer's
/// multiplications.
///
/// Its products are those by halves (Strassen, 1969) where the sizes fit. Queries and keys have whole products: there
/// the first layer's states would be three times as far from those in double precision. Here they are not (`Engine.md`).
struct FeedForward: Sendable {
  private let up: Layer
  private let down: Layer
  private let width: Int

  private enum Layer: Sendable {
    case whole(Dense)
    case inHalves(StrassenMatrix, bias: Floats)
  }

  /// The most weights of a matrix that are packed in halves, seven floats for four.
  ///
  /// Those of base and small models are; a large one would take 1.8 GB instead of 1.2.
  private static let mostInHalves = 768 * 3072

  /// - Parameters:
  ///   - up: the name of the first layer.
  ///   - down: the name of the second.
  init(_ weights: Weights, up: String, down: String) throws(EncoderError) {
    let first = try weights.values("\(up).bias")
    width = first.count
    self.up = try Self.layer(weights, up, bias: first)
    self.down = try Self.layer(weights, down, bias: try weights.values("\(down).bias"))
  }

  private static func layer(
    _ weights: Weights, _ name: String, bias: [Float]
  ) throws(EncoderError) -> Layer {
    let values = try weights.values("\(name).weight")
    let (inputs, outputs) = (values.count / bias.count, bias.count)
    guard values.count <= mostInHalves, StrassenMatrix.fits(depth: inputs, columns: outputs) else {
      return .whole(Dense(weight: values, bias: bias, inputs: inputs, outputs: outputs))
    }
    return .inHalves(
      StrassenMatrix(Floats(values), depth: inputs, columns: outputs), bias: Floats(bias))
  }

  /// Adds what the network gives for `x` to `states`; both may be the same rows.
  ///
  /// Rows may be cut into blocks behind an even number of them.
  func add(_ x: Rows, to states: Rows, pool: FloatPool) {
    pool.lend(rows: x.count, width: width) { hidden in
      Self.apply(up, x, finish: .gelu, into: hidden, pool)
      Self.apply(down, hidden, finish: .add, into: states, pool)
    }
  }

  private static func apply(
    _ layer: Layer, _ x: Rows, finish: PackedMatrix.Finish, into out: Rows, _ pool: FloatPool
  ) {
    switch layer {
    case .whole(let dense): dense.apply(x, finish: finish, into: out)
    case .inHalves(let weight, let bias):
      weight.multiply(x, bias: bias, finish: finish, into: out, pool: pool)
    }
  }
}
