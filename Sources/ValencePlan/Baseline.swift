import ValenceClassic
import ValenceCore
import ValenceFeatures

/// A classic model over functionals that an experiment is compared with.
enum Baseline {
  /// Those of a plan that says nothing: no model at all, and the field's standard.
  static let standard = [ClassicOptions.Kind.majority, .svm]

  /// What listings call it; no variant can have a name with such a space.
  static func name(_ kind: ClassicOptions.Kind) -> String { "baseline \(kind.rawValue)" }

  /// The file of an experiment whose only variant is a baseline of this one: its audio, its normalization,
  /// functionals of all frame features but the spectral descriptors, and the model with its defaults.
  ///
  /// Numbers of different units mean nothing to these models without statistics, so where the experiment
  /// normalizes by none, they take those of the training side.
  static func tree(_ kind: ClassicOptions.Kind, of base: Settings, in root: PlanNode) -> PlanNode {
    var tree = root
    for key in ["features", "model", "training", "sweep"] { tree.remove(at: [key]) }
    let normalization = base.features.normalization
    let word = normalization == .none ? FeatureOptions.Normalization.train : normalization
    let settings = [
      (["features", "fusion"], FeatureOptions.Fusion.functionals.rawValue),
      (["features", "normalization"], word.rawValue),
      (["model", "classic"], kind.rawValue),
    ]
    for (path, word) in settings {
      _ = tree.set(PlanNode(word: word, at: root.place), at: path[...])
    }
    return tree
  }
}

extension VariantExpansion {
  /// The variants of baselines; none that the settings of the audio do not allow.
  func baselines(_ kinds: [ClassicOptions.Kind], of base: Settings) -> [Variant] {
    kinds.compactMap { kind in
      let tree = Baseline.tree(kind, of: base, in: root)
      var scope = PlanScope(
        tree.entries ?? [], place: SourcePlace(file: file), context: context)
      let settings = Settings(from: &scope)
      let check = SettingsCheck(settings, root: tree, file: file)
      guard scope.problems.isEmpty, check.problems(classes: nil).isEmpty else { return nil }
      return Variant(
        name: Baseline.name(kind), axes: [], settings: settings,
        identity: scope.resolved.effective.block())
    }
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
