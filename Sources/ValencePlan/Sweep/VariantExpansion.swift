import ValenceClassic
import ValenceCore
import ValenceNN

/// A variant before its settings are read.
struct VariantDraft: Sendable {
  let name: String
  let settings: [SweepSetting]
  /// The place of problems with the variant as a whole.
  let place: SourcePlace
  /// The key of that place.
  let key: String
}

/// Reads the settings of every variant: the file with the variant's values put over it.
///
/// The whole file is read again for each variant, by the same readers as the base. A variant is then
/// exactly the experiment that one would get by editing the file, so no second rule for defaults,
/// ranges and effects can differ from the first.
struct VariantExpansion {
  let root: PlanNode
  let file: String
  let context: PlanContext
  private(set) var problems: [Problem] = []

  init(root: PlanNode, file: String, context: PlanContext) {
    self.root = root
    self.file = file
    self.context = context
  }

  /// A draft with its settings, and the file with its values in it.
  private typealias Expanded = (draft: VariantDraft, variant: Variant, tree: PlanNode)

  /// The variants of a sweep, or the only one where there is none.
  ///
  /// Misfits within a variant's settings are noted with the names of the variants that have them.
  mutating func variants(of sweep: Sweep, classes: Int?) -> [Variant] {
    let single = VariantDraft(
      name: "base", settings: [], place: SourcePlace(file: file), key: "sweep")
    let isSingle = sweep.drafts.isEmpty && sweep.random == nil
    let drafts = isSingle ? [single] : sweep.drafts
    let expanded =
      if let search = sweep.random { drawn(search) } else {
        drafts.compactMap { self.expanded($0) }
      }
    var misfits: [(problem: Problem, variants: [String])] = []
    var positions: [Problem: Int] = [:]
    for (draft, variant, tree) in expanded {
      let check = SettingsCheck(variant.settings, root: tree, file: file)
      let start = StartCheck(variant, root: tree, file: file)
      for problem in check.problems(classes: classes) + start.problems() {
        if let position = positions[problem] {
          misfits[position].variants.append(draft.name)
        } else {
          positions[problem] = misfits.count
          misfits.append((problem, [draft.name]))
        }
      }
    }
    problems += misfits.map {
      isSingle ? $0.problem : Self.naming($0.variants, in: $0.problem)
    }
    if problems.isEmpty { noteTwins(expanded, sweep) }
    return withOthers(expanded)
  }

  /// Variants, each that is scored on the speakers that it adapts to before itself scored on the others.
  private mutating func withOthers(_ expanded: [Expanded]) -> [Variant] {
    let known = Set(expanded.map(\.variant.identity))
    let key = "model.classic.self_training.score"
    return expanded.flatMap { draft, variant, _ -> [Variant] in
      guard variant.settings.classic?.selfTraining?.score == .all else { return [variant] }
      let others = PlanNode(word: SelfTrainingOptions.Scored.others.rawValue, at: draft.place)
      let settings = draft.settings + [SweepSetting(key: key, value: others)]
      let name = Variant.nameOfOthers(variant.name)
      let other = self.expanded(
        VariantDraft(name: name, settings: settings, place: draft.place, key: draft.key))
      return [variant] + [other?.variant].compactMap(\.self).filter { !known.contains($0.identity) }
    }
  }

  /// As many different variants as a random search asks for.
  ///
  /// The extreme values of each axis are read first: a value out of range is reported once, at its axis,
  /// instead of in some draws only. Points that differ only in settings without effect are one variant,
  /// so the search goes on.
  private mutating func drawn(_ search: RandomSearch) -> [Expanded] {
    let place = root.place(of: ["sweep", "random"]) ?? SourcePlace(file: file)
    let names = Sweep.shortKeys(search.axes.map(\.key))
    func draft(_ point: [SweepSetting]) -> VariantDraft {
      VariantDraft(
        name: Sweep.name(point, names), settings: point, place: place, key: "sweep.random")
    }
    for probe in search.probes { _ = expanded(draft(probe)) }
    guard problems.isEmpty, !search.axes.isEmpty else { return [] }
    var found: [Expanded] = []
    var identities: Set<String> = []
    var repeated = 0
    for point in search.points() {
      guard let next = expanded(draft(point)) else { return [] }
      if identities.insert(next.variant.identity).inserted {
        found.append(next)
        repeated = 0
      } else {
        repeated += 1
      }
      if found.count == search.draws || repeated > 1000 { break }
    }
    if found.count < search.draws {
      problems.append(
        Problem(
          "only \(found.count) different points were found where \(search.draws) are asked for; ask "
            + "for fewer draws, or widen the axes.", at: place, key: "sweep.random.draws"))
    } else {
      for axis in search.axes where !hasEffect(axis, in: found) {
        problems.append(
          Problem(
            "this axis changes nothing.", at: axis.place, key: "sweep.random.axes.\(axis.key)"))
      }
    }
    return found
  }

  /// Whether another value of the axis would make some variant a different trial.
  ///
  /// Drawn points rarely differ in one axis alone, so each is compared with itself at the axis's ends.
  private mutating func hasEffect(_ axis: RandomAxis, in found: [Expanded]) -> Bool {
    found.contains { draft, variant, _ in
      axis.probes.contains { probe in
        let changed = draft.settings.map { $0.key == axis.key ? probe : $0 }
        let other = expanded(
          VariantDraft(name: draft.name, settings: changed, place: draft.place, key: draft.key))
        return other.map { $0.variant.identity != variant.identity } ?? true
      }
    }
  }

  private mutating func expanded(_ draft: VariantDraft) -> Expanded? {
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
    let axes = draft.settings.map { Variant.Axis(key: $0.key, value: $0.shown.flow) }
    let variant = Variant(
      name: draft.name, axes: axes, settings: settings,
      identity: scope.resolved.effective.block())
    return (draft, variant, tree)
  }

  private static func naming(_ names: [String], in problem: Problem) -> Problem {
    let more = names.count > 1 ? " and \(names.count - 1) more" : ""
    let message = problem.message.hasSuffix(".") ? problem.message.dropLast() : problem.message[...]
    return Problem(
      "\(message) (variant \(names[0])\(more)).", at: problem.place, key: problem.key)
  }

  /// Notes axes without effect and variants that are the same trial under two names.
  private mutating func noteTwins(_ expanded: [Expanded], _ sweep: Sweep) {
    let idle = sweep.axes.filter { !hasEffect($0.key, in: expanded) }
    for axis in idle {
      let form = sweep.form?.rawValue ?? ""
      problems.append(
        Problem("this axis changes nothing.", at: axis.place, key: "sweep.\(form).\(axis.key)"))
    }
    guard idle.isEmpty else { return }
    let remedy = sweep.form == .grid ? "leave one out by sweep.exclude." : "leave one out."
    var names: [String: String] = [:]
    for (draft, variant, _) in expanded {
      if let twin = names[variant.identity] {
        problems.append(
          Problem(
            "'\(variant.name)' has the same settings as '\(twin)'; \(remedy)",
            at: draft.place, key: draft.key))
        if sweep.form == .grid { return }
      }
      names[variant.identity] = names[variant.identity] ?? variant.name
    }
  }

  /// Whether this key changes the identity of any variant; true if no two variants differ in it alone.
  private func hasEffect(_ key: String, in expanded: [Expanded]) -> Bool {
    var identities: [[String]: String] = [:]
    var isCompared = false
    for (draft, variant, _) in expanded {
      let others = draft.settings.filter { $0.key != key }.map { "\($0.key)=\($0.resolved.flow)" }
      let isMoved = draft.settings.count > others.count
      if let other = identities[others] {
        isCompared = isCompared || isMoved
        if other != variant.identity { return true }
      } else {
        identities[others] = variant.identity
      }
    }
    return !isCompared
  }
}
