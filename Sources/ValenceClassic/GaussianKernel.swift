import Foundation
import ValenceKernels

/// exp(−γ/d · |a − b|² / 2) with training vectors, or its mean over groups of their numbers.
struct GaussianKernel: Sendable, Equatable {
  /// The training vectors, row after row, and the numbers of each.
  let vectors: [Float]
  let dimensions: Int
  /// Which numbers a kernel looks at; the mean over all of these counts.
  let groups: [Range<Int>]
  let gamma: Double
  /// For each group, the vectors' numbers in it.
  private let parts: [Matrix]
  /// For each group, the vectors' squared lengths.
  private let lengths: [[Double]]

  init(_ vectors: [Float], dimensions: Int, groups: [Range<Int>], gamma: Double) {
    (self.vectors, self.dimensions, self.groups, self.gamma) = (vectors, dimensions, groups, gamma)
    let count = dimensions == 0 ? 0 : vectors.count / dimensions
    let all = Matrix(0..<count, of: vectors, columns: dimensions)
    parts = groups.map { Self.columns($0, of: all) }
    lengths = parts.map(Self.squares)
  }

  /// The kernels of rows with the training vectors, `[rows, vectors]`.
  func values(of rows: Matrix) -> Matrix {
    sum { index, group in
      let part = Self.columns(group, of: rows)
      return (part.times(parts[index], transposing: .right), Self.squares(part))
    }
  }

  /// The kernels of the training vectors with each other.
  var ofTraining: Matrix { sum { index, _ in (parts[index].gram(), lengths[index]) } }

  private func sum(
    _ products: (_ index: Int, _ group: Range<Int>) -> (Matrix, squares: [Double])
  ) -> Matrix {
    var total: Matrix?
    for (index, group) in groups.enumerated() {
      var (kernel, squares) = products(index, group)
      let (factor, others) = (-gamma / Double(group.count) / 2, lengths[index])
      let share = 1 / Double(groups.count)
      let before = total
      kernel.update { row, column, product in
        let distance = max(squares[row] + others[column] - 2 * product, 0)
        return (before?[row, column] ?? 0) + share * exp(factor * distance)
      }
      total = kernel
    }
    return total ?? Matrix(zeros: 0, 0)
  }

  private static func columns(_ range: Range<Int>, of matrix: Matrix) -> Matrix {
    if range.count == matrix.columns { return matrix }
    return matrix.picking(rows: Array(0..<matrix.rows), columns: Array(range))
  }

  private static func squares(_ matrix: Matrix) -> [Double] {
    (0..<matrix.rows).map { row in matrix.row(row).reduce(0) { $0 + $1 * $1 } }
  }
}
