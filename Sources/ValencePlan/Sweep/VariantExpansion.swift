import ValenceCore
import ValenceNN

/// A variant before its settings are read.
struct VariantDraft: Sendable {
  let name: String
  let settings: [SweepSetting]
  /// Where a problem with the variant as a whole stands.
  let place: SourcePlace
  /// The key of that place.
  let key: String
}

/// Reads the settings of every variant: the file with the variant's values put over it.
struct VariantExpansion {
  private let root: PlanNode
  private let file: String
  private let context: PlanContext
  private(set) var problems: [Problem] = []

  init(root: PlanNode, file: String, context: PlanContext) {
    self.root = root
    self.file = file
    self.context = context
  }

  /// The variants of a sweep, or the only one where there is none.
  ///
  /// What does not fit together within one variant's settings is noted with the variants' names.
  mutating func variants(of sweep: Sweep, classes: Int?) -> [Variant] {
    let single = VariantDraft(
      name: "base", settings: [], place: SourcePlace(file: file), key: "sweep")
    let drafts = sweep.drafts.isEmpty ? [single] : sweep.drafts
    var misfits: [(problem: Problem, variants: [String])] = []
    var positions: [Problem: Int] = [:]
    let variants = drafts.compactMap { draft -> Variant? in
      guard let (variant, tree) = variant(draft) else { return nil }
      let check = SettingsCheck(variant.settings, root: tree, file: file)
      for problem in check.problems(classes: classes) {
        if let position = positions[problem] {
          misfits[position].variants.append(draft.name)
        } else {
          positions[problem] = misfits.count
          misfits.append((problem, [draft.name]))
        }
      }
      return variant
    }
    problems += misfits.map {
      sweep.drafts.isEmpty ? $0.problem : Self.naming($0.variants, in: $0.problem)
    }
    if problems.isEmpty { noteTwins(variants, drafts, sweep) }
    return variants
  }

  private mutating func variant(_ draft: VariantDraft) -> (Variant, tree: PlanNode)? {
    var tree = root
    for setting in draft.settings {
      if let blocked = tree.set(setting.value, at: setting.path[...]) {
        problems.append(root.blocked(blocked, key: setting.key, at: setting.value.place))
        return nil
      }
    }
    var scope = PlanScope(
      tree.entries ?? [], place: SourcePlace(file: file), context: context)
    let settings = Settings(from: &scope)
    problems += scope.problems
    guard scope.problems.isEmpty else { return nil }
    let axes = draft.settings.map { Variant.Axis(key: $0.key, value: $0.resolved.flow) }
    let variant = Variant(
      name: draft.name, axes: axes, settings: settings,
      identity: scope.resolved.effective.block())
    return (variant, tree)
  }

  private static func naming(_ names: [String], in problem: Problem) -> Problem {
    let more = names.count > 1 ? " and \(names.count - 1) more" : ""
    let message = problem.message.hasSuffix(".") ? problem.message.dropLast() : problem.message[...]
    return Problem(
      "\(message) (variant \(names[0])\(more)).", at: problem.place, key: problem.key)
  }

  /// Notes axes without effect and variants that are the same trial under two names.
  private mutating func noteTwins(
    _ variants: [Variant], _ drafts: [VariantDraft], _ sweep: Sweep
  ) {
    var stride = variants.count
    var isIdle = false
    for axis in sweep.grid {
      let block = stride
      stride /= axis.values.count
      let step = stride
      let hasEffect = variants.indices.contains { index in
        let first = index - index % block + index % step
        return variants[index].identity != variants[first].identity
      }
      if !hasEffect, let place = root.place(of: ["sweep", "grid", axis.key]) {
        problems.append(
          Problem("this axis changes nothing.", at: place, key: "sweep.grid.\(axis.key)"))
        isIdle = true
      }
    }
    guard !isIdle else { return }
    var names: [String: String] = [:]
    for (variant, draft) in zip(variants, drafts) {
      if let twin = names[variant.identity] {
        problems.append(
          Problem(
            "'\(variant.name)' has the same settings as '\(twin)'; leave one out.",
            at: draft.place, key: draft.key))
        if !sweep.grid.isEmpty { return }
      }
      names[variant.identity] = names[variant.identity] ?? variant.name
    }
  }
}
