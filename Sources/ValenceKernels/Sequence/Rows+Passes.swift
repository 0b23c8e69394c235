import CKernels

/// Passes over the rows and columns of matrices.
extension Rows {
  /// out[c] = scale · Σ over rows of x[r, c], added in Double; each row counts `weights[r]` times.
  ///
  /// - Parameters:
  ///   - weights: `[rows]`; nil counts every row once.
  ///   - out: `[columns]`.
  package func columnSums(weights: Floats? = nil, scale: Double = 1, into out: Floats) {
    precondition(
      out.count == width && (weights?.count ?? count) == count,
      "\(count) rows of \(width), \(weights?.count ?? count) weights, into \(out.count) sums")
    unsafe valence_column_sums(
      count, width, pointer, stride, weights?.pointer, scale, out.pointer)
  }

  /// x[r, c] = scale · row[c].
  package func fill(repeating row: Floats, scale: Double) {
    precondition(row.count == width && isContiguous, "\(row.count) values for rows of \(width)")
    unsafe valence_repeat_row(count, width, row.pointer, Float(scale), pointer)
  }

  /// Writes the transposed matrix, `[columns, rows]`.
  package func transpose(into out: Rows) {
    precondition(
      out.count == width && out.width == count && isContiguous && out.isContiguous,
      "[\(count), \(width)] transposed into [\(out.count), \(out.width)]")
    unsafe valence_transpose(count, width, pointer, out.pointer)
  }

  /// Adds a bias to every row; with `relu`, negative results become 0.
  package func addBias(_ bias: Floats, relu: Bool = false) {
    precondition(bias.count == width && isContiguous, "\(bias.count) biases for rows of \(width)")
    unsafe valence_bias(count, width, pointer, bias.pointer, relu ? 1 : 0)
  }

  /// Takes this gradient back through ReLU and the dropout that followed it.
  ///
  /// gradient = result > 0 ? scale · gradient : 0, where `result` is what dropout left.
  package func reluBackward(result: Rows, scale: Double) {
    let (gradient, result) = (floats, result.floats)
    precondition(gradient.count == result.count, "\(gradient.count) for \(result.count)")
    unsafe valence_relu_backward(result.count, result.pointer, Float(scale), gradient.pointer)
  }

  /// Overwrites `out` with the exact GELU of these values.
  package func gelu(into out: Rows) {
    let (x, y) = (floats, out.floats)
    precondition(x.count == y.count, "\(x.count) values into \(y.count)")
    let kernel =
      KernelSetup.isPlainHere ? unsafe valence_gelu_forward_plain : unsafe valence_gelu_forward
    unsafe kernel(x.count, x.pointer, y.pointer)
  }

  /// Takes this gradient back through GELU, whose argument was `argument`.
  package func geluBackward(argument: Rows) {
    let (gradient, x) = (floats, argument.floats)
    precondition(gradient.count == x.count, "\(gradient.count) for \(x.count)")
    let kernel =
      KernelSetup.isPlainHere
      ? unsafe valence_gelu_backward_plain : unsafe valence_gelu_backward
    unsafe kernel(x.count, x.pointer, gradient.pointer)
  }

  /// out[c] = the maximum of column c, of at least one row; a NaN wins.
  package func columnMaxima(into out: Floats) {
    precondition(
      out.count == width && count > 0 && isContiguous, "\(count) rows of \(width) in \(out.count)")
    unsafe valence_max_forward(count, width, pointer, out.pointer)
  }

  /// The gradient of `columnMaxima`: all of it goes to the first greatest row of each column.
  package func columnMaximaBackward(maxima: Floats, gradient: Floats, into out: Rows) {
    precondition(
      maxima.count == width && gradient.count == width && out.count == count && out.width == width
        && isContiguous && out.isContiguous,
      "\(maxima.count) maxima of [\(count), \(width)] into [\(out.count), \(out.width)]")
    unsafe valence_max_backward(
      count, width, pointer, maxima.pointer, gradient.pointer, out.pointer)
  }
}
