/// A matrix whose rows are zero outside of one run each: mel triangles, or whole rows of a DCT.
package struct BandMatrix: Sendable {
  /// One row: `weights` from column `first` on, zeros elsewhere.
  package struct Row: Sendable {
    /// The column of the first weight.
    package let first: Int
    /// The weights of adjoining columns.
    package let weights: [Float]

    package init(first: Int, weights: [Float]) {
      self.first = first
      self.weights = weights
    }
  }

  package let columns: Int
  package var rows: Int { starts.count }

  private let starts: [Int]
  private let lengths: [Int]
  private let weights: Floats

  /// Packs rows, each of which must be within `columns`.
  package init(rows: [Row], columns: Int) {
    for row in rows {
      precondition(
        row.first >= 0 && row.first + row.weights.count <= columns,
        "\(row.weights.count) weights from \(row.first) on do not fit \(columns) columns")
    }
    self.columns = columns
    starts = rows.map(\.first)
    lengths = rows.map(\.weights.count)
    weights = Floats(rows.flatMap(\.weights))
  }

  /// Multiplies each of `count` vectors with the matrix: output[t, r] = Σ matrix[r, c]·input[t, c].
  ///
  /// Each sum runs over four interleaved partial sums, the remainder last, so its bits do not depend
  /// on the processor's width.
  ///
  /// - Parameters:
  ///   - input: `[count, columns]`.
  ///   - output: `[count, rows]`; must not overlap `input`.
  package func multiply(_ input: Floats, count: Int, into output: Floats) {
    precondition(
      input.count >= count * columns && output.count >= count * rows,
      "\(count) products of [\(rows), \(columns)] in \(input.count), \(output.count) floats")
    for index in 0..<count {
      let vector = unsafe input.pointer + index * columns
      let target = unsafe output.pointer + index * rows
      var weight = unsafe UnsafePointer(weights.pointer)
      for row in 0..<rows {
        let length = lengths[row]
        unsafe target[row] = Self.dot(vector + starts[row], weight, count: length)
        unsafe weight += length
      }
    }
  }

  @inline(__always)
  private static func dot(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int
  ) -> Float {
    var sums = SIMD4<Float>.zero
    var at = 0
    // Wrapping additions: bands are short, and checks for overflow would be a tenth of the loop.
    while at &+ 4 <= count {
      let left = unsafe UnsafeRawPointer(a + at).loadUnaligned(as: SIMD4<Float>.self)
      let right = unsafe UnsafeRawPointer(b + at).loadUnaligned(as: SIMD4<Float>.self)
      sums += left * right
      at &+= 4
    }
    var sum = (sums.x + sums.y) + (sums.z + sums.w)
    while at < count {
      unsafe sum += a[at] * b[at]
      at &+= 1
    }
    return sum
  }
}
