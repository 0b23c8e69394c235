import CKernels

/// Passes over the rows and columns of row-major matrices.
package enum Rows {
  /// out[c] = scale · Σ over rows of x[r, c], added in Double; each row counts `weights[r]` times.
  ///
  /// - Parameters:
  ///   - weights: `[rows]`; nil counts every row once.
  ///   - out: as long as there are columns.
  package static func sums(
    _ x: Floats, rows: Int, weights: Floats? = nil, scale: Double = 1, into out: Floats
  ) {
    precondition(
      x.count == rows * out.count && (weights?.count ?? rows) == rows,
      "\(rows) rows of \(out.count) in \(x.count) floats")
    unsafe valence_column_sums(
      rows, out.count, x.pointer, out.count, weights?.pointer, scale, out.pointer)
  }

  /// out[r, c] = scale · row[c], for as many rows as fill `out`.
  package static func spread(_ row: Floats, scale: Double, over out: Floats) {
    precondition(out.count % row.count == 0, "rows of \(row.count) in \(out.count) floats")
    unsafe valence_repeat_row(
      out.count / row.count, row.count, row.pointer, Float(scale), out.pointer)
  }

  /// out `[columns, rows]` = x `[rows, columns]` transposed.
  package static func transpose(_ x: Floats, rows: Int, columns: Int, into out: Floats) {
    precondition(
      x.count == rows * columns && out.count == x.count,
      "[\(rows), \(columns)]: \(x.count) and \(out.count) floats")
    unsafe valence_transpose(rows, columns, x.pointer, out.pointer)
  }

  /// out = a + b, all of one length.
  package static func add(_ a: Floats, _ b: Floats, into out: Floats) {
    precondition(
      a.count == b.count && a.count == out.count, "\(a.count) + \(b.count) into \(out.count)")
    unsafe valence_add(a.count, a.pointer, b.pointer, out.pointer)
  }

  /// a = share · a + (1 − share) · b, both of one length.
  package static func mix(_ b: Floats, into a: Floats, share: Double) {
    precondition(a.count == b.count, "\(b.count) into \(a.count)")
    unsafe valence_mix(a.count, Float(share), Float(1 - share), b.pointer, a.pointer)
  }

  /// Adds a bias to every row of x; with `relu`, negative results become 0.
  package static func addBias(_ bias: Floats, to x: Floats, relu: Bool = false) {
    precondition(x.count % bias.count == 0, "rows of \(bias.count) in \(x.count) floats")
    unsafe valence_bias(x.count / bias.count, bias.count, x.pointer, bias.pointer, relu ? 1 : 0)
  }

  /// Takes a gradient back through ReLU and the dropout that followed it.
  ///
  /// gradient = result > 0 ? scale · gradient : 0, where `result` is what dropout left.
  package static func reluBackward(_ gradient: Floats, result: Floats, scale: Double) {
    precondition(gradient.count == result.count, "\(gradient.count) for \(result.count)")
    unsafe valence_relu_backward(result.count, result.pointer, Float(scale), gradient.pointer)
  }

  /// out[c] = the maximum over the rows of x `[rows, columns]`, at least one row; a NaN wins.
  package static func maxima(_ x: Floats, into out: Floats) {
    precondition(
      x.count >= out.count && x.count % out.count == 0, "rows of \(out.count) in \(x.count) floats")
    unsafe valence_max_forward(x.count / out.count, out.count, x.pointer, out.pointer)
  }

  /// The gradient of `maxima`: all of it goes to the first greatest row of each column.
  package static func maximaBackward(
    _ x: Floats, maxima: Floats, gradient: Floats, into out: Floats
  ) {
    precondition(
      x.count == out.count && maxima.count == gradient.count && x.count % maxima.count == 0,
      "rows of \(maxima.count) in \(x.count) and \(out.count) floats")
    unsafe valence_max_backward(
      x.count / maxima.count, maxima.count, x.pointer, maxima.pointer, gradient.pointer,
      out.pointer)
  }
}
