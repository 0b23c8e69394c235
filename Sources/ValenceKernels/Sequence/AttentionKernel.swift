import CKernels

/// Attention pooling of one clip: T steps of W values, scored in A dimensions.
///
/// u = tanh(W·h + b), α = softmax over the steps of u·q, context = Σ α·h.
package struct AttentionKernel: Sendable {
  /// The clip's steps `[T, W]`.
  package let h: Rows
  /// `[T, A]`: W·h before `forward`, u after.
  package let u: Rows
  /// `[T]`: α.
  package let weights: Floats
  private var width: Int { h.width }
  private var inner: Int { u.width }

  /// Describes a clip.
  package init(h: Rows, u: Rows, weights: Floats) {
    precondition(
      h.count == weights.count && u.count == weights.count && h.isContiguous && u.isContiguous,
      "\(weights.count) weights for \(h.count) and \(u.count) steps")
    (self.h, self.u, self.weights) = (h, u, weights)
  }

  /// Fills `u`, `weights` and the context `[W]`.
  package func forward(bias: Floats, query: Floats, context: Floats) {
    precondition(
      bias.count == inner && query.count == inner && context.count == width,
      "bias \(bias.count), query \(query.count), context \(context.count)")
    unsafe valence_attention_forward(
      weights.count, width, inner, u.pointer, bias.pointer, query.pointer, h.pointer,
      weights.pointer, context.pointer)
  }

  /// The gradients that `backward` writes.
  package struct Gradients: Sendable {
    let h: Rows
    let energies: Floats
    let scores: Rows

    /// - Parameters:
    ///   - h: `[T, W]`: the part of dL/dh that comes through the weighted sum.
    ///   - energies: `[T]`: dL/d(u·q).
    ///   - scores: `[T, A]`: dL/d(W·h + b).
    package init(h: Rows, energies: Floats, scores: Rows) {
      (self.h, self.energies, self.scores) = (h, energies, scores)
    }
  }

  /// Overwrites `gradients`, given dL/dcontext.
  package func backward(query: Floats, contextGradient: Floats, into gradients: Gradients) {
    precondition(
      query.count == inner && contextGradient.count == width
        && gradients.h.floats.count == h.floats.count
        && gradients.energies.count == weights.count
        && gradients.scores.floats.count == u.floats.count,
      "gradients of \(gradients.h.count), \(gradients.energies.count), \(gradients.scores.count)")
    unsafe valence_attention_backward(
      weights.count, width, inner, u.pointer, query.pointer, h.pointer, weights.pointer,
      contextGradient.pointer, gradients.h.pointer, gradients.energies.pointer,
      gradients.scores.pointer)
  }
}
