import COpenBLAS

/// A row-major matrix in double precision, for classic models: closed forms lose too many digits in floats.
///
/// All products run on the calling thread.
package struct Matrix: Sendable, Equatable {
  package let rows: Int
  package let columns: Int
  /// Row after row.
  package private(set) var values: [Double]

  /// Zeros.
  package init(zeros rows: Int, _ columns: Int) {
    self.init(rows: rows, columns: columns, values: Array(repeating: 0, count: rows * columns))
  }

  /// Row after row; the number of values must fit.
  package init(rows: Int, columns: Int, values: [Double]) {
    precondition(
      rows >= 0 && columns >= 0 && values.count == rows * columns,
      "\(values.count) values are no [\(rows), \(columns)]")
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }

  /// Some rows of a row-major matrix of floats, in the order of `picked`.
  package init(_ picked: some Collection<Int>, of floats: [Float], columns: Int) {
    var values: [Double] = []
    values.reserveCapacity(picked.count * columns)
    for row in picked {
      for value in floats[row * columns..<(row + 1) * columns] { values.append(Double(value)) }
    }
    self.init(rows: picked.count, columns: columns, values: values)
  }

  /// One value; traps outside of the matrix.
  package subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// The values of one row.
  package func row(_ index: Int) -> ArraySlice<Double> {
    values[index * columns..<(index + 1) * columns]
  }

  /// The values in some rows and columns, in the order of both lists.
  package func picking(rows pickedRows: [Int], columns pickedColumns: [Int]) -> Matrix {
    var result: [Double] = []
    result.reserveCapacity(pickedRows.count * pickedColumns.count)
    for row in pickedRows {
      let start = row * columns
      for column in pickedColumns { result.append(values[start + column]) }
    }
    return Matrix(rows: pickedRows.count, columns: pickedColumns.count, values: result)
  }

  /// Columns as rows.
  package var transposed: Matrix {
    var result = Matrix(zeros: columns, rows)
    result.update { row, column, _ in values[column * columns + row] }
    return result
  }

  /// Replaces each value by what `change` makes of it and its row and column.
  package mutating func update(_ change: (_ row: Int, _ column: Int, _ value: Double) -> Double) {
    unsafe values.withUnsafeMutableBufferPointer { values in
      for row in 0..<rows {
        for at in row * columns..<(row + 1) * columns {
          unsafe values[at] = change(row, at - row * columns, values[at])
        }
      }
    }
  }

  /// Adds `addends` to the diagonal of a square matrix.
  package mutating func addToDiagonal(_ addends: [Double]) {
    precondition(
      rows == columns && addends.count == rows, "\(addends.count) for [\(rows), \(columns)]")
    for index in addends.indices { self[index, index] += addends[index] }
  }

  /// op(self)·op(other), where op transposes the factors in `transposing`.
  package func times(_ other: Matrix, transposing: GEMM.Factors = []) -> Matrix {
    let (turnsA, turnsB) = (transposing.contains(.left), transposing.contains(.right))
    let (m, k) = turnsA ? (columns, rows) : (rows, columns)
    let (inner, n) = turnsB ? (other.columns, other.rows) : (other.rows, other.columns)
    precondition(inner == k, "[\(m), \(k)] · [\(inner), \(n)]")
    var result = Matrix(zeros: m, n)
    if m == 0 || n == 0 || k == 0 { return result }
    _ = KernelSetup.current
    unsafe result.values.withUnsafeMutableBufferPointer { c in
      unsafe cblas_dgemm(
        CblasRowMajor, turnsA ? CblasTrans : CblasNoTrans, turnsB ? CblasTrans : CblasNoTrans,
        blasint(m), blasint(n), blasint(k), 1, values, blasint(columns), other.values,
        blasint(other.columns), 0, c.baseAddress, blasint(n))
    }
    return result
  }

  /// self·selfᵀ, the products of rows, or with `ofColumns` selfᵀ·self.
  package func gram(ofColumns: Bool = false) -> Matrix {
    let (n, k) = ofColumns ? (columns, rows) : (rows, columns)
    var result = Matrix(zeros: n, n)
    if n == 0 || k == 0 { return result }
    _ = KernelSetup.current
    unsafe result.values.withUnsafeMutableBufferPointer { c in
      unsafe cblas_dsyrk(
        CblasRowMajor, CblasLower, ofColumns ? CblasTrans : CblasNoTrans, blasint(n), blasint(k), 1,
        values, blasint(columns), 0, c.baseAddress, blasint(n))
      for row in 0..<n {
        for column in 0..<row { unsafe c[column * n + row] = c[row * n + column] }
      }
    }
    return result
  }

  /// The eigenvalues of a symmetric matrix in increasing order, with its eigenvectors as rows; nil where they
  /// cannot be found.
  package var eigen: (values: [Double], vectors: Matrix)? {
    precondition(rows == columns, "[\(rows), \(columns)]")
    if rows == 0 { return ([], self) }
    guard values.allSatisfy(\.isFinite) else { return nil }
    _ = KernelSetup.current
    var (found, vectors) = ([Double](repeating: 0, count: rows), values)
    guard unsafe valence_eigen(blasint(rows), &vectors, &found) == 0 else { return nil }
    return (found, Matrix(rows: rows, columns: columns, values: vectors))
  }

  /// The X of self·X = `right`, where self is symmetric and positive definite; nil where it is not.
  package func solvingPositive(_ right: Matrix) -> Matrix? {
    precondition(rows == columns && right.rows == rows, "[\(rows), \(columns)] and \(right.rows)")
    if rows == 0 || right.columns == 0 { return right }
    _ = KernelSetup.current
    var (factor, result) = (values, right)
    let n = blasint(rows)
    guard unsafe valence_cholesky(n, &factor) == 0 else { return nil }
    unsafe result.values.withUnsafeMutableBufferPointer { x in
      for transposing in [CblasNoTrans, CblasTrans] {
        unsafe cblas_dtrsm(
          CblasRowMajor, CblasLeft, CblasLower, transposing, CblasNonUnit, n,
          blasint(right.columns), 1, factor, n, x.baseAddress, blasint(right.columns))
      }
    }
    return result.values.allSatisfy(\.isFinite) ? result : nil
  }
}
