/// A classic model: one vector a clip, one fit, no epochs, no seeds.
package struct ClassicOptions: Hashable, Sendable {
  /// What is fitted.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The classes' frequencies in training, whatever the clip.
    case majority
    /// Ridge regression on ±1, one class against the rest (Hoerl and Kennard, 1970).
    case ridge
    /// The same over a Gaussian kernel.
    case kernelRidge = "kernel_ridge"
    /// A linear support vector machine with squared hinge loss, one class against the rest.
    case svm
    /// Logistic regression, one class against the rest.
    case logistic
    /// Linear discriminant analysis with a covariance shrunk to a multiple of the identity.
    case lda
  }

  /// How strongly a model is held back.
  package enum Strength: Hashable, Sendable {
    /// The one with the best UAR on inner folds of the training clips, whose speakers are apart.
    case nested
    /// A number that is known beforehand.
    case fixed(Double)
  }

  /// What a clip of a class counts in training.
  package enum ClassWeights: String, Hashable, Sendable, CaseIterable {
    /// All classes together the same.
    case balanced
    /// All clips the same.
    case none
  }

  /// What the Gaussian kernel looks at.
  package enum Kernels: String, Hashable, Sendable, CaseIterable {
    /// The whole vector.
    case one
    /// Each group of features by itself; the mean of the groups' kernels counts.
    case group
  }

  /// Whether the kind can let some clips count more than others of their class: liblinear cannot.
  package var weighsClips: Bool {
    switch kind {
    case .ridge, .kernelRidge, .lda: true
    case .majority, .svm, .logistic: false
    }
  }

  /// What is fitted.
  package var kind = Kind.svm
  /// The penalty on the squared weights, for all but `majority` and `lda`.
  ///
  /// It is a multiple of the training vectors' mean squared length, so that a number means the same for 100
  /// features and for 6,000: scikit-learn's `alpha` of a ridge regression is the penalty times that length
  /// (about the number of features where they are standardized), and `C` of a support vector machine or
  /// logistic regression is one over it. Of `kernelRidge` it is a multiple of the kernel's mean diagonal.
  package var penalty = Strength.nested
  /// How far the covariance of `lda` is moved to a multiple of the identity: 1 is all the way.
  package var shrinkage = Strength.nested
  /// What a clip of a class counts; no effect on `majority`.
  package var classWeights = ClassWeights.balanced
  /// The γ of `kernelRidge`: the kernel of vectors of d numbers is exp(−γ/d · |a − b|² / 2).
  package var gamma = 1.0
  /// What the kernel of `kernelRidge` looks at.
  package var kernels = Kernels.one

  /// The defaults of a kind.
  package init(_ kind: Kind = .svm) { self.kind = kind }

  package static let penalties = 1e-4...1e4
  package static let shrinkages = 1e-5...1.0
  package static let gammas = 1e-3...1e3

  /// What holds this kind back; nil for `majority`.
  package var strength: Strength? {
    switch kind {
    case .majority: nil
    case .lda: shrinkage
    case .ridge, .kernelRidge, .svm, .logistic: penalty
    }
  }

  /// The strengths that nested choice tries, the strongest first: a rule that was set without a look at any
  /// data, and is not to be trimmed to what some data choose.
  ///
  /// Penalties of every half decade from 10² to 10⁻⁴. Of a thousand standardized numbers these are C from 10⁻⁵
  /// to 10, which linear models of functionals usually try. To shrink a covariance by p/(1 + p) is to add the
  /// penalty p, so shrinkages are those of the same penalties.
  package static func grid(_ kind: Kind) -> [Double] {
    switch kind {
    case .majority: []
    case .lda: penaltyGrid.map { $0 / (1 + $0) }
    case .ridge, .kernelRidge, .svm, .logistic: penaltyGrid
    }
  }

  private static let penaltyGrid = [
    100, 30, 10, 3, 1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001,
  ]

  /// The number that is out of its range, in words; nil if all are within.
  var fault: String? {
    func outside(_ name: String, _ value: Double, _ range: ClosedRange<Double>) -> String? {
      range.contains(value)
        ? nil : "the \(name) is \(value); use \(range.lowerBound)…\(range.upperBound)."
    }
    if case .fixed(let value)? = strength {
      let found =
        kind == .lda
        ? outside("shrinkage", value, Self.shrinkages) : outside("penalty", value, Self.penalties)
      if let found { return found }
    }
    return kind == .kernelRidge ? outside("gamma", gamma, Self.gammas) : nil
  }
}
