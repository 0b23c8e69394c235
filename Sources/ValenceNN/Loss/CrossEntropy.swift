import ValenceKernels

/// Softmax cross entropy with class weights and label smoothing, or focal loss with both.
///
/// With p the softmax of a clip's logits, w the weights, ε the smoothing and D = Σ w[y], it is
/// Σ ((1 − ε)·w[y]·(−log p[y]) + ε/K·Σₖ w[k]·(−log p[k])) / D over the clips: the mean weighted by
/// the targets' weights. Source: torch.nn.CrossEntropyLoss(weight, label_smoothing) of PyTorch 2.
///
/// Focal loss (Lin et al., 2017) has (1 − p[k])^γ·(−log p[k]) in the place of each −log p[k]; the
/// weights are its α. Of smoothed targets every class is so modulated by its own p, as Keras'
/// CategoricalFocalCrossentropy does; the divisor stays D, so γ = 0 is cross entropy.
package struct CrossEntropy: Sendable {
  /// How much each class counts, `[K]`; all positive.
  package let weights: [Double]
  /// ε: the share of the target that is spread over all classes.
  package let labelSmoothing: Double
  /// γ of focal loss; 0 for cross entropy.
  package let gamma: Double
  private let kernel: SoftmaxCrossEntropy

  /// Weighs classes as given.
  package init(weights: [Double], labelSmoothing: Double = 0, gamma: Double = 0) {
    precondition(
      !weights.isEmpty && weights.allSatisfy { $0 > 0 && $0.isFinite }, "class weights \(weights)")
    precondition(labelSmoothing >= 0 && labelSmoothing < 1, "smoothing \(labelSmoothing)")
    precondition(gamma >= 0 && gamma.isFinite, "a focal loss with gamma \(gamma)")
    (self.weights, self.labelSmoothing, self.gamma) = (weights, labelSmoothing, gamma)
    kernel = SoftmaxCrossEntropy(
      weights: Floats(weights.map(Float.init)), smoothing: labelSmoothing, gamma: gamma)
  }

  /// Weighs the classes as the options say, given how many training utterances each has, or their weights'
  /// sum.
  ///
  /// `balanced` is N / (K · count) with K the classes that have utterances, as in scikit-learn; a
  /// class without any, which no target can name, weighs 1.
  package init(_ options: LossOptions, counts: [Double]) {
    let total = counts.reduce(0, +)
    let present = Double(counts.filter { $0 > 0 }.count)
    let weights =
      switch options.classWeights {
      case .none: counts.map { _ in 1.0 }
      case .balanced: counts.map { $0 == 0 ? 1 : total / (present * $0) }
      }
    self.init(
      weights: weights, labelSmoothing: options.labelSmoothing,
      gamma: options.name == .focal ? options.gamma : 0)
  }

  /// The mean loss of clips with the given logits, `[B, K]`, and targets, `[B]`.
  package func mean(logits: [Float], targets: [Int]) -> Double {
    mean(
      logits: Floats(logits), targets: targets, gradient: Floats(zeros: logits.count))
  }

  /// The mean loss of clips that may be mixed; its gradient overwrites `gradient`, `[B, K]`.
  ///
  /// For mixed clips it is λ times the loss of their own classes and 1 − λ times that of their
  /// partners' (Zhang et al., 2018), each a mean as above. Where clips have weights v, it is
  /// Σ v·w[y]·l / Σ v·w[y] with l the loss of a clip alone; a partner's class counts as the partner does.
  /// - Parameter room: `[B, K]`, for the gradient of the partners' classes.
  func mean(logits: Floats, targets: BatchTargets, gradient: Floats, room: Floats) -> Double {
    let own = mean(logits, targets.classes, targets.weights, gradient)
    guard let mixup = targets.mixup else { return own }
    let partners = mixup.partners
    let other = mean(
      logits, partners.map { targets.classes[$0] },
      targets.weights.map { weights in partners.map { weights[$0] } }, room)
    gradient.mix(room, share: mixup.share)
    return mixup.share * own + (1 - mixup.share) * other
  }

  /// The mean loss of clips that may count unequally; its gradient overwrites `gradient`.
  private func mean(
    _ logits: Floats, _ targets: [Int], _ shares: [Double]?, _ gradient: Floats
  ) -> Double {
    guard let shares else { return mean(logits: logits, targets: targets, gradient: gradient) }
    let divisor = zip(targets, shares).reduce(0) { $0 + weights[$1.0] * $1.1 }
    var sum = 0.0
    for (clip, target) in targets.enumerated() {
      let row = clip * weights.count..<(clip + 1) * weights.count
      let share = weights[target] * shares[clip] / divisor
      sum += share * mean(logits: logits[row], targets: [target], gradient: gradient[row])
      for index in row { gradient[index] *= Float(share) }
    }
    return sum
  }

  /// The mean loss; its gradient overwrites `gradient`, `[B, K]`.
  func mean(logits: Floats, targets: [Int], gradient: Floats) -> Double {
    kernel.mean(logits: logits, targets: targets, gradient: gradient)
  }
}
