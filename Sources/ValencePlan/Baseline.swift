import ValenceClassic
import ValenceCore
import ValenceFeatures

/// A classic model over functionals that an experiment is compared with.
enum Baseline {
  /// Those of a plan that says nothing: no model at all, and the field's standard.
  static let standard = [ClassicOptions.Kind.majority, .svm]

  /// What listings call it; no variant can have a name with such a space.
  ///
  /// - Parameter normalization: what tells it from others of its kind; nil where there are none.
  static func name(
    _ kind: ClassicOptions.Kind, normalization: FeatureOptions.Normalization? = nil
  ) -> String {
    "baseline \(kind.rawValue)" + (normalization.map { " normalization=\($0.rawValue)" } ?? "")
  }

  /// The normalizations that baselines of an experiment have: those of its variants.
  ///
  /// Numbers of different units mean nothing to these models without statistics, so where a variant normalizes
  /// by none, they take those of the training side.
  static func normalizations(_ variants: [Variant]) -> [FeatureOptions.Normalization] {
    var found: [FeatureOptions.Normalization] = []
    for variant in variants {
      let own = variant.settings.features.normalization
      let word = own == .none ? FeatureOptions.Normalization.train : own
      if !found.contains(word) { found.append(word) }
    }
    return found
  }

  /// The file of an experiment whose only variant is a baseline of this one: its audio, functionals of all frame
  /// features but the spectral descriptors, and the model with its defaults.
  static func tree(
    _ kind: ClassicOptions.Kind, _ normalization: FeatureOptions.Normalization, in root: PlanNode
  ) -> PlanNode {
    var tree = root
    for key in ["features", "model", "training", "sweep"] { tree.remove(at: [key]) }
    let settings = [
      (["features", "fusion"], FeatureOptions.Fusion.functionals.rawValue),
      (["features", "normalization"], normalization.rawValue),
      (["model", "classic"], kind.rawValue),
    ]
    for (path, word) in settings {
      _ = tree.set(PlanNode(word: word, at: root.place), at: path[...])
    }
    return tree
  }
}

extension VariantExpansion {
  /// The baselines of variants, one of a kind for each normalization among these; none that the settings of the
  /// audio do not allow.
  ///
  /// A model that hears nothing of a clip is there once.
  func baselines(_ kinds: [ClassicOptions.Kind], of variants: [Variant]) -> [Variant] {
    let all = Baseline.normalizations(variants)
    return kinds.flatMap { kind in
      let isOne = all.count <= 1 || kind == .majority
      return (isOne ? Array(all.prefix(1)) : all).compactMap { normalization in
        baseline(
          Baseline.name(kind, normalization: isOne ? nil : normalization),
          Baseline.tree(kind, normalization, in: root))
      }
    }
  }

  private func baseline(_ name: String, _ tree: PlanNode) -> Variant? {
    var scope = PlanScope(
      tree.entries ?? [], place: SourcePlace(file: file), context: context)
    let settings = Settings(from: &scope)
    let check = SettingsCheck(settings, root: tree, file: file)
    guard scope.problems.isEmpty, check.problems(classes: nil).isEmpty else { return nil }
    return Variant(
      name: name, axes: [], settings: settings, identity: scope.resolved.effective.block())
  }
}

extension PlanScope {
  /// `none`, or a list of words for classic models.
  mutating func baselines(_ key: String) -> [ClassicOptions.Kind] {
    record(key, .words(["none"]))
    if let node = node(key), node.isWord("none") {
      resolve(key, .text("none"))
      return []
    }
    return choices(
      key, default: Baseline.standard, count: 1...ClassicOptions.Kind.allCases.count)
  }
}
