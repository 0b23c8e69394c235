import CKernels

/// Attention pooling of one clip: T steps of W values, scored in A dimensions.
///
/// u = tanh(W·h + b), α = softmax over the steps of u·q, context = Σ α·h.
package struct AttentionKernel: Sendable {
  /// The clip's steps `[T, W]`.
  package let h: Floats
  /// `[T, A]`: W·h before `forward`, u after.
  package let u: Floats
  /// `[T]`: α.
  package let weights: Floats
  private let width: Int
  private let inner: Int

  /// Describes a clip of `width` values a step, scored in `inner` dimensions.
  package init(h: Floats, u: Floats, weights: Floats, width: Int, inner: Int) {
    precondition(
      h.count == weights.count * width && u.count == weights.count * inner,
      "\(weights.count) steps of \(width) and \(inner): \(h.count) and \(u.count) floats")
    (self.h, self.u, self.weights) = (h, u, weights)
    (self.width, self.inner) = (width, inner)
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

  /// What `backward` writes.
  package struct Gradients: Sendable {
    let h: Floats
    let energies: Floats
    let scores: Floats

    /// - Parameters:
    ///   - h: `[T, W]`: the part of dL/dh that comes through the weighted sum.
    ///   - energies: `[T]`: dL/d(u·q).
    ///   - scores: `[T, A]`: dL/d(W·h + b).
    package init(h: Floats, energies: Floats, scores: Floats) {
      (self.h, self.energies, self.scores) = (h, energies, scores)
    }
  }

  /// Overwrites `gradients`, given dL/dcontext.
  package func backward(query: Floats, contextGradient: Floats, into gradients: Gradients) {
    precondition(
      query.count == inner && contextGradient.count == width && gradients.h.count == h.count
        && gradients.energies.count == weights.count && gradients.scores.count == u.count,
      "gradients of \(gradients.h.count), \(gradients.energies.count), \(gradients.scores.count)")
    unsafe valence_attention_backward(
      weights.count, width, inner, u.pointer, query.pointer, h.pointer, weights.pointer,
      contextGradient.pointer, gradients.h.pointer, gradients.energies.pointer,
      gradients.scores.pointer)
  }
}
