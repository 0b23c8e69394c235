package import ValenceCore
import ValenceKernels

extension ClassicModel {
  /// The model as arrays to be stored; doubles are sums of floats, so nothing is lost.
  ///
  /// `weights`, `offsets` and their `_low` parts score; a Gaussian kernel adds `vectors` and the sizes of
  /// `groups`. A row of `calibration`, of `strength` and of `inner`, which has strengths and their UARs in
  /// turn, is a number as three floats. `converged` is 1 or 0. A model that was fitted to one of several kinds
  /// of vectors has its number as `alternative`, and those of `inner` as `inner_alternatives`.
  package var arrays: [String: Safetensors.Array] {
    var arrays: [String: Safetensors.Array] = [:]
    let weights = decision.weights
    for (name, shape, values) in [
      ("weights", [weights.rows, weights.columns], weights.values),
      ("offsets", [decision.offsets.count], decision.offsets),
    ] {
      let pairs = values.map(FloatPair.init)
      arrays[name] = .init(shape: shape, values: pairs.map(\.high))
      arrays["\(name)_low"] = .init(shape: shape, values: pairs.map(\.low))
    }
    if let kernel = decision.kernel {
      arrays["vectors"] = .init(shape: [weights.columns, dimensions], values: kernel.vectors)
      arrays["groups"] = .init(
        shape: [kernel.groups.count],
        values: kernel.groups.map { Float($0.count) })
    }
    arrays["calibration"] = Self.whole([calibration])
    if let strength { arrays["strength"] = Self.whole([strength]) }
    arrays["inner"] = Self.whole(innerScores.flatMap { [$0.strength, $0.uar] })
    if let alternative {
      arrays["alternative"] = .init(shape: [1], values: [Float(alternative)])
      arrays["inner_alternatives"] = .init(
        shape: [innerScores.count], values: innerScores.map { Float($0.alternative) })
    }
    arrays["converged"] = .init(shape: [1], values: [hasConverged ? 1 : 0])
    return arrays
  }

  private static func whole(_ values: [Double]) -> Safetensors.Array {
    let floats = values.flatMap { value in
      let pair = FloatPair(value)
      return [pair.high, pair.low, Float(value - pair.value)]
    }
    return .init(shape: [values.count, 3], values: floats)
  }

  /// Reads a model back, to the same bits.
  package init(
    arrays: [String: Safetensors.Array], options: ClassicOptions, classCount: Int, dimensions: Int
  ) throws(ClassicError) {
    if let fault = options.fault { throw .option(fault) }
    let stored = StoredModel(arrays)
    let kernel: GaussianKernel? =
      options.kind == .kernelRidge ? try stored.kernel(options, dimensions: dimensions) : nil
    let columns = kernel.map { $0.vectors.count / dimensions } ?? dimensions
    let decision = Decision(
      weights: Matrix(
        rows: classCount, columns: columns,
        values: try stored.doubles("weights", [classCount, columns])),
      offsets: try stored.doubles("offsets", [classCount]), kernel: kernel,
      hasConverged: try stored.floats("converged", [1]) == [1])
    let calibration = try stored.whole("calibration", [1, 3])[0]
    guard calibration > 0 else { throw .damaged("calibration is \(calibration), not above 0.") }
    let strength = options.strength == nil ? nil : try stored.whole("strength", [1, 3])[0]
    let alternative = try Self.alternative(in: arrays)
    self.init(
      options: options, dimensions: dimensions,
      chosen: .init(
        strength: strength, alternative: alternative,
        innerScores: try stored.innerScores(haveAlternatives: alternative != nil)),
      calibration: calibration, decision: decision)
  }

  /// Which of several kinds of vectors a stored model was fitted to; nil where there was one.
  package static func alternative(
    in arrays: [String: Safetensors.Array]
  ) throws(ClassicError) -> Int? {
    guard arrays["alternative"] != nil else { return nil }
    return try StoredModel(arrays).numbers("alternative", [1])[0]
  }
}

/// Arrays that may be anything.
private struct StoredModel {
  let arrays: [String: Safetensors.Array]

  init(_ arrays: [String: Safetensors.Array]) { self.arrays = arrays }

  /// The values of an array of that shape, all finite; an extent of nil may be any.
  func floats(_ name: String, _ shape: [Int?]) throws(ClassicError) -> [Float] {
    guard let array = arrays[name] else { throw .damaged("there is no array '\(name)'.") }
    let fits = zip(array.shape, shape).allSatisfy { $1 == nil || $0 == $1 }
    guard array.shape.count == shape.count, fits else {
      let wanted = shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
      throw .damaged("'\(name)' has the shape \(array.shape) where [\(wanted)] should be.")
    }
    guard array.values.allSatisfy(\.isFinite) else {
      throw .damaged("'\(name)' holds a value that is not finite.")
    }
    return array.values
  }

  /// The doubles whose halves are two arrays.
  func doubles(_ name: String, _ shape: [Int?]) throws(ClassicError) -> [Double] {
    let (high, low) = (try floats(name, shape), try floats("\(name)_low", shape))
    return zip(high, low).map { FloatPair(high: $0, low: $1).value }
  }

  /// The doubles whose three parts stand side by side.
  func whole(_ name: String, _ shape: [Int?]) throws(ClassicError) -> [Double] {
    let floats = try floats(name, shape)
    return stride(from: 0, to: floats.count, by: 3).map {
      FloatPair(high: floats[$0], low: floats[$0 + 1]).value + Double(floats[$0 + 2])
    }
  }

  /// Whole numbers from 0.
  func numbers(_ name: String, _ shape: [Int?]) throws(ClassicError) -> [Int] {
    let floats = try floats(name, shape)
    guard floats.allSatisfy({ $0 >= 0 && $0 < 1e6 && $0 == $0.rounded() }) else {
      throw .damaged("'\(name)' holds what is no number of a kind of vectors.")
    }
    return floats.map { Int($0) }
  }

  func innerScores(
    haveAlternatives: Bool
  ) throws(ClassicError) -> [ClassicModel.InnerScore] {
    let inner = try whole("inner", [nil, 3])
    guard inner.count.isMultiple(of: 2) else {
      throw .damaged("'inner' ends within a strength and its score.")
    }
    let count = inner.count / 2
    let alternatives =
      haveAlternatives
      ? try numbers("inner_alternatives", [count]) : Array(repeating: 0, count: count)
    return (0..<count).map {
      .init(alternative: alternatives[$0], strength: inner[2 * $0], uar: inner[2 * $0 + 1])
    }
  }

  func kernel(_ options: ClassicOptions, dimensions: Int) throws(ClassicError) -> GaussianKernel {
    let vectors = try floats("vectors", [nil, dimensions])
    let sizes = try floats("groups", [nil])
    var groups: [Range<Int>] = []
    for size in sizes {
      let start = groups.last?.upperBound ?? 0
      guard size >= 1, size == size.rounded(), size <= Float(dimensions - start) else { break }
      groups.append(start..<start + Int(size))
    }
    guard !vectors.isEmpty, groups.count == sizes.count, groups.last?.upperBound == dimensions
    else {
      throw .damaged("its feature groups are not those of \(dimensions) numbers.")
    }
    return GaussianKernel(vectors, dimensions: dimensions, groups: groups, gamma: options.gamma)
  }
}
