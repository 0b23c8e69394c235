import ValenceKernels

/// The arrays of an encoder by name, as layers ask for them.
struct Weights {
  let config: EncoderConfig
  private let folder: EncoderFolder
  private let arrays: [String: EncoderArray]

  init(_ folder: EncoderFolder) {
    (self.folder, config) = (folder, folder.config)
    arrays = Dictionary(
      config.arrays.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The values of an array.
  func values(_ name: String) throws(EncoderError) -> [Float] {
    guard let array = arrays[name] else {
      preconditionFailure("\(name) is none of the arrays of \(config.shape)")
    }
    return try folder.values(of: array)
  }

  /// The values of an array that some encoders lack.
  func valuesIfUsed(_ name: String) throws(EncoderError) -> [Float]? {
    arrays[name] == nil ? nil : try values(name)
  }

  /// Scale and shift of a norm.
  func norm(_ name: String) throws(EncoderError) -> RowNorm {
    try norm(name, epsilon: config.epsilon)
  }

  /// The same with an epsilon of its own.
  func norm(_ name: String, epsilon: Float) throws(EncoderError) -> RowNorm {
    RowNorm(
      (scale: Floats(try values("\(name).weight")), shift: Floats(try values("\(name).bias"))),
      epsilon: epsilon)
  }

  /// A dense layer.
  func dense(_ name: String) throws(EncoderError) -> Dense {
    let weight = try values("\(name).weight")
    let bias = try values("\(name).bias")
    return Dense(
      weight: weight, bias: bias, inputs: weight.count / bias.count, outputs: bias.count)
  }
}

/// A dense layer, y = W·x + b.
struct Dense: Sendable {
  let weight: PackedMatrix
  let bias: Floats

  /// - Parameters:
  ///   - weight: `[outputs, inputs]`.
  init(weight: [Float], bias: [Float], inputs: Int, outputs: Int) {
    self.weight = PackedMatrix(Floats(weight), .dense(inputs: inputs, outputs: outputs))
    self.bias = Floats(bias)
  }

  func apply(_ x: Rows, finish: PackedMatrix.Finish = [], into out: Rows) {
    weight.multiply(Windows(x), bias: bias, finish: finish, into: out)
  }
}
