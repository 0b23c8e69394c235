import CKernels

/// Softmax cross entropy of a batch and its gradient.
///
/// With p the softmax, w the weights, ε the smoothing and D = Σ w[y], it is
/// Σ ((1 − ε)·w[y]·(−log p[y]) + ε/K·Σₖ w[k]·(−log p[k])) / D, in Double.
/// Source: torch.nn.CrossEntropyLoss(weight, label_smoothing) of PyTorch 2. With γ > 0 it is focal
/// loss (Lin et al., 2017): −log p[k] counts (1 − p[k])^γ times.
package struct SoftmaxCrossEntropy: Sendable {
  /// `[K]`.
  private let weights: Floats
  private let smoothing: Double
  private let gamma: Double

  /// - Parameters:
  ///   - weights: w, `[K]`.
  ///   - smoothing: ε.
  ///   - gamma: γ.
  package init(weights: Floats, smoothing: Double, gamma: Double) {
    (self.weights, self.smoothing, self.gamma) = (weights, smoothing, gamma)
  }

  /// The mean loss, weighted by the targets' class weights; its gradient overwrites `gradient`.
  ///
  /// - Parameters:
  ///   - logits: `[B, K]`.
  ///   - targets: `[B]`, each in 0 ..< K.
  ///   - gradient: `[B, K]`.
  package func mean(logits: Floats, targets: [Int], gradient: Floats) -> Double {
    let classes = weights.count
    precondition(
      logits.count == targets.count * classes && gradient.count == logits.count,
      "\(targets.count) targets of \(classes) classes for \(logits.count) logits")
    precondition(
      targets.allSatisfy { $0 >= 0 && $0 < classes }, "targets \(targets) of \(classes) classes")
    return unsafe targets.withUnsafeBufferPointer { targets in
      if gamma > 0 {
        return unsafe valence_focal_loss(
          targets.count, classes, logits.pointer, targets.baseAddress, weights.pointer, smoothing,
          gamma, gradient.pointer)
      }
      return unsafe valence_cross_entropy(
        targets.count, classes, logits.pointer, targets.baseAddress, weights.pointer, smoothing,
        gradient.pointer)
    }
  }
}
