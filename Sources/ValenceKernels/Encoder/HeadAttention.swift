import CKernels

/// Attention of all frames of one clip to all (Vaswani et al., 2017): softmax(q·kᵀ + bias)·v by head.
///
/// Queries are scaled beforehand. Scores exist for some rows of queries at a time, so that they stay in
/// cache whatever the length of the clip.
package struct HeadAttention: Sendable {
  /// The numbers of frames, heads, and values of a head.
  package let frames: Int
  package let heads: Int
  package let width: Int
  private let keys: Floats
  private let values: Floats
  private let bias: RelativeBias?

  /// A bias by the distance from query to key, weighed anew by each head and query.
  package struct RelativeBias: Sendable {
    /// `[heads, 2 · frames − 1]`: that of the distance `key − query` at `frames − 1 + distance`.
    package let values: Floats
    /// `[heads, frames]`.
    package let gates: Floats

    package init(values: Floats, gates: Floats) { (self.values, self.gates) = (values, gates) }
  }

  private static let rowsAtOnce = 28

  /// A head's values are columns of whole panels.
  package static func paddedWidth(_ width: Int) -> Int {
    (width + PackedMatrix.panel - 1) / PackedMatrix.panel * PackedMatrix.panel
  }

  /// How many floats keys, or values, take.
  package static func count(frames: Int, heads: Int, width: Int) -> (keys: Int, values: Int) {
    (
      heads * PackedMatrix.count(rows: width, columns: frames),
      heads * PackedMatrix.count(rows: frames, columns: width)
    )
  }

  /// How many floats of working memory `write` needs.
  package static func scratchCount(frames: Int) -> Int {
    rowsAtOnce * (scoreStride(frames) + 1)
  }

  // One line more than whole lines: rows whose distance is a power of two would share few places of the cache.
  private static func scoreStride(_ frames: Int) -> Int { (frames + 15) / 16 * 16 + 16 }

  /// Attention over memory for keys and values that `setKeys` and the product of the values fill.
  ///
  /// - Parameters:
  ///   - shape: the numbers of frames, heads, and values of a head.
  package init(
    shape: (frames: Int, heads: Int, width: Int), keys: Floats, values: Floats,
    bias: RelativeBias?
  ) {
    (frames, heads, width) = shape
    let counts = Self.count(frames: frames, heads: heads, width: width)
    precondition(
      keys.count >= counts.keys && values.count >= counts.values, "memory for \(shape)")
    if let bias {
      precondition(
        bias.values.count >= heads * (2 * frames - 1) && bias.gates.count >= heads * frames,
        "\(bias.values.count) biases and \(bias.gates.count) gates for \(shape)")
    }
    (self.keys, self.values, self.bias) = (keys, values, bias)
  }

  /// All heads' values `[frames, heads · paddedWidth]`, for the product that makes them.
  package var allValues: PackedMatrix {
    PackedMatrix(packed: values, depth: frames, columns: heads * Self.paddedWidth(width))
  }

  /// Takes the keys of the frames from `first` on, `[rows, heads · width]`.
  package func setKeys(from first: Int, _ rows: Rows) {
    for head in 0..<heads {
      keys(of: head).setColumns(
        from: first, rows.columns(head * width..<(head + 1) * width))
    }
  }

  private func keys(of head: Int) -> PackedMatrix {
    let count = PackedMatrix.count(rows: width, columns: frames)
    return PackedMatrix(
      packed: keys[head * count..<(head + 1) * count], depth: width, columns: frames)
  }

  private func values(of head: Int) -> PackedMatrix {
    let count = PackedMatrix.count(rows: frames, columns: width)
    return PackedMatrix(
      packed: values[head * count..<(head + 1) * count], depth: frames, columns: width)
  }

  /// Writes what the frames `first` and on attend to, `[rows, heads · width]`.
  ///
  /// - Parameters:
  ///   - queries: those of the same frames.
  ///   - scratch: `scratchCount` floats.
  package func write(_ queries: Rows, from first: Int, scratch: Floats, into out: Rows) {
    precondition(
      queries.count == out.count && first >= 0 && first + out.count <= frames
        && out.width == heads * width && queries.width == out.width
        && scratch.count >= Self.scratchCount(frames: frames),
      "\(queries.count) queries from \(first) of \(frames) on into \(out.count) rows")
    let stride = Self.scoreStride(frames)
    let sums = scratch.dropFirst(Self.rowsAtOnce * stride)
    for head in 0..<heads {
      let columns = head * width..<(head + 1) * width
      let (keys, values) = (keys(of: head), values(of: head))
      var start = 0
      while start < out.count {
        let rows = start..<min(out.count, start + Self.rowsAtOnce)
        let scores = Rows(scratch, count: rows.count, width: frames, stride: stride)
        keys.multiply(Windows(queries[rows].columns(columns)), into: scores)
        exponentials(scores, head: head, from: first + start, sums)
        let target = out[rows].columns(columns)
        values.multiply(Windows(scores), into: target)
        unsafe valence_divide_rows(
          target.count, width, target.stride, sums.pointer, target.pointer)
        start = rows.upperBound
      }
    }
  }

  private func exponentials(_ scores: Rows, head: Int, from first: Int, _ sums: Floats) {
    var shape = valence_score_rows(
      rows: scores.count, keys: frames, stride: scores.stride)
    let distances = bias?.values.dropFirst(head * (2 * frames - 1) + frames - 1 - first)
    let gates = bias?.gates.dropFirst(head * frames + first)
    let (bias, weights) = unsafe (distances?.pointer, gates?.pointer)
    if KernelSetup.isPlainHere {
      unsafe valence_exponentials_plain(&shape, bias, weights, scores.pointer, sums.pointer)
    } else {
      unsafe valence_exponentials(&shape, bias, weights, scores.pointer, sums.pointer)
    }
  }
}

/// WavLM's gates: how much the relative bias counts for each head and query (Chen et al., 2022).
package struct PositionGates: Sendable {
  private let weights: Floats
  private let biases: Floats
  private let constants: Floats

  /// - Parameters:
  ///   - weights: `[2, width]`, for all heads.
  ///   - biases: `[2]`.
  ///   - constants: `[heads]`.
  package init(weights: Floats, biases: Floats, constants: Floats) {
    precondition(
      weights.count.isMultiple(of: 2) && biases.count == 2, "\(weights.count) weights")
    (self.weights, self.biases, self.constants) = (weights, biases, constants)
  }

  /// Writes the gates of the frames `first` and on into `gates`, `[heads, frames]`.
  package func write(_ x: Rows, from first: Int, into gates: Rows) {
    let (heads, width) = (constants.count, weights.count / 2)
    precondition(
      x.width == heads * width && gates.count == heads && first >= 0
        && first + x.count <= gates.width,
      "gates of \(x.count) frames from \(first) on in [\(gates.count), \(gates.width)]")
    var shape = valence_gate_rows(
      rows: x.count, heads: heads, width: width, x_stride: x.stride, gate_stride: gates.stride)
    let target = gates.columns(first..<first + x.count)
    if KernelSetup.isPlainHere {
      unsafe valence_position_gates_plain(
        &shape, x.pointer, weights.pointer, biases.pointer, constants.pointer, target.pointer)
    } else {
      unsafe valence_position_gates(
        &shape, x.pointer, weights.pointer, biases.pointer, constants.pointer, target.pointer)
    }
  }
}
