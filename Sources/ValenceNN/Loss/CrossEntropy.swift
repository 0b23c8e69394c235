import ValenceKernels

/// Softmax cross entropy with class weights and label smoothing.
///
/// With p the softmax of a clip's logits, w the weights, ε the smoothing and D = Σ w[y], it is
/// Σ ((1 − ε)·w[y]·(−log p[y]) + ε/K·Σₖ w[k]·(−log p[k])) / D over the clips: the mean weighted by
/// the targets' weights. Source: torch.nn.CrossEntropyLoss(weight, label_smoothing) of PyTorch 2.
public struct CrossEntropy: Sendable {
  /// How much each class counts, `[K]`; all positive.
  public let weights: [Double]
  /// ε: the share of the target that is spread over all classes.
  public let labelSmoothing: Double
  private let floats: Floats

  /// Weighs classes as given.
  public init(weights: [Double], labelSmoothing: Double = 0) {
    precondition(
      !weights.isEmpty && weights.allSatisfy { $0 > 0 && $0.isFinite }, "class weights \(weights)")
    precondition(labelSmoothing >= 0 && labelSmoothing < 1, "smoothing \(labelSmoothing)")
    (self.weights, self.labelSmoothing) = (weights, labelSmoothing)
    floats = Floats(weights.map(Float.init))
  }

  /// Weighs the classes as the options say, given how many training utterances each has.
  ///
  /// `balanced` is N / (K · count) with K the classes that have utterances, as in scikit-learn; a
  /// class without any, which no target can name, weighs 1.
  public init(_ options: LossOptions, counts: [Int]) {
    let total = Double(counts.reduce(0, +))
    let present = Double(counts.filter { $0 > 0 }.count)
    let weights =
      switch options.classWeights {
      case .none: counts.map { _ in 1.0 }
      case .balanced: counts.map { $0 == 0 ? 1 : total / (present * Double($0)) }
      }
    self.init(weights: weights, labelSmoothing: options.labelSmoothing)
  }

  /// The mean loss of clips with the given logits, `[B, K]`, and targets, `[B]`.
  public func mean(logits: [Float], targets: [Int]) -> Double {
    mean(
      logits: Floats(logits), targets: targets, gradient: Floats(zeros: logits.count))
  }

  /// The mean loss of clips that may be mixed; its gradient overwrites `gradient`, `[B, K]`.
  ///
  /// For mixed clips it is λ times the loss of their own classes and 1 − λ times that of their
  /// partners' (Zhang et al., 2018), each a mean as above.
  /// - Parameter room: `[B, K]`, for the gradient of the partners' classes.
  func mean(logits: Floats, targets: BatchTargets, gradient: Floats, room: Floats) -> Double {
    let own = mean(logits: logits, targets: targets.classes, gradient: gradient)
    guard let mixup = targets.mixup else { return own }
    let partners = mixup.partners.map { targets.classes[$0] }
    let other = mean(logits: logits, targets: partners, gradient: room)
    Rows.mix(room, into: gradient, share: mixup.share)
    return mixup.share * own + (1 - mixup.share) * other
  }

  /// The mean loss; its gradient overwrites `gradient`, `[B, K]`.
  func mean(logits: Floats, targets: [Int], gradient: Floats) -> Double {
    SoftmaxCrossEntropy.mean(
      logits: logits, targets: targets, weights: floats, smoothing: labelSmoothing,
      gradient: gradient)
  }
}
