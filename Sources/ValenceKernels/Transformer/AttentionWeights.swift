import CKernels

/// The weights by which some queries of one clip and head attend to all of its keys: softmax over the keys of
/// scaled scores (Vaswani et al., 2017), with dropout.
package struct AttentionWeights: Sendable {
  /// The number that scores are multiplied by: 1 / √(width of a head).
  private let scale: Float
  private let mask: DropoutMask?

  /// - Parameter mask: the draws of dropout over the clip's weights, query after query; nil drops none.
  package init(headWidth: Int, mask: DropoutMask?) {
    scale = 1 / Float(headWidth).squareRoot()
    self.mask = mask
  }

  /// Replaces scores by weights.
  ///
  /// - Parameters:
  ///   - scores: `[queries, keys]`, those of the clip's queries from `first` on.
  ///   - logSums: `[queries]`: receives what `backward` needs.
  package func forward(_ scores: Rows, from first: Int, logSums: Floats) {
    var shape = shape(of: scores, from: first)
    precondition(logSums.count == scores.count, "\(logSums.count) sums of \(scores.count) rows")
    let kernel =
      KernelSetup.isPlainHere
      ? unsafe valence_attention_weights_plain : unsafe valence_attention_weights
    unsafe kernel(&shape, scores.pointer, logSums.pointer)
  }

  /// Replaces scores, computed once more, by weights, and dL/dweights by dL/dscores.
  ///
  /// - Parameter inner: `[queries]`: for each query the sum over keys of weight · dL/dweight.
  package func backward(
    _ scores: Rows, from first: Int, logSums: Floats, inner: Floats, gradient: Rows
  ) {
    var shape = shape(of: scores, from: first)
    precondition(
      logSums.count == scores.count && inner.count == scores.count
        && gradient.hasShape(of: scores),
      "\(logSums.count) sums, \(inner.count) products, \(gradient.count) rows of \(scores.count)")
    let kernel =
      KernelSetup.isPlainHere
      ? unsafe valence_attention_weights_backward_plain
      : unsafe valence_attention_weights_backward
    unsafe kernel(&shape, logSums.pointer, inner.pointer, scores.pointer, gradient.pointer)
  }

  private func shape(of scores: Rows, from first: Int) -> valence_attention_rows {
    precondition(scores.isContiguous && scores.width > 0, "scores of \(scores.width) keys")
    return valence_attention_rows(
      rows: scores.count, keys: scores.width, first: first, scale: scale,
      key: mask?.key ?? valence_dropout_key(first: 0, second: 0), threshold: mask?.threshold ?? 0,
      keep_scale: mask?.scale ?? 1)
  }
}

extension Rows {
  /// out[r] = Σ over columns of a[r, c] · b[r, c].
  package func rowProducts(with other: Rows, into out: Floats) {
    precondition(
      other.count == count && other.width == width && out.count == count,
      "[\(count), \(width)] times [\(other.count), \(other.width)] into \(out.count)")
    unsafe valence_row_products(
      count, width, pointer, stride, other.pointer, other.stride, out.pointer)
  }
}
