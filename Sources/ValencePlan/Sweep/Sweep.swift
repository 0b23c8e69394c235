import ValenceCore

/// The sweep of a file: which variants there are, before their settings are read.
///
/// It has exactly one form; `exclude` takes points out of those that are made of axes.
struct Sweep {
  /// The forms of a sweep.
  enum Form: String, CaseIterable {
    /// Every combination of the axes' values.
    case grid
    /// Points with names and settings of their own.
    case variants
    /// Points drawn at random.
    case random
    /// The base, and each value of each axis alone in it.
    case oneAtATime = "one_at_a_time"
  }

  /// The most variants that a plan may have.
  static let variantLimit = 10_000

  /// The paths of the maps of axes.
  static let axisPaths = [
    ["sweep", "grid"], ["sweep", "random", "axes"], ["sweep", "one_at_a_time"],
  ]

  /// The form, if there is a sweep.
  private(set) var form: Form?
  /// The variants in order; empty without a sweep and for random draws.
  private(set) var drafts: [VariantDraft] = []
  /// The axes of a grid, or those that are varied one at a time.
  private(set) var axes: [SweepAxis] = []
  /// The space that random points are drawn from.
  private(set) var random: RandomSearch?

  init() {}

  /// Reads `sweep`; what is wrong with keys and lists is noted, values are checked with the settings.
  init(from scope: inout PlanScope) {
    let given = Form.allCases.filter { scope.has($0.rawValue) }
    form = given.first
    if let first = given.first {
      for other in given.dropFirst() {
        scope.note(
          "cannot be combined with sweep.\(first.rawValue); choose one of the two.",
          about: other.rawValue)
      }
    } else {
      scope.note("expected one of grid, variants, random and one_at_a_time.", about: "grid")
    }
    for form in Form.allCases where form != .random {
      if scope.node(form.rawValue)?.entries?.isEmpty == true {
        scope.note("has no \(form == .variants ? "variants" : "axes").", about: form.rawValue)
      }
    }
    readForms(given, from: &scope)
    if drafts.isEmpty { axes = [] }
  }

  /// Reads every form that is given, so that all problems are found; the first one counts.
  private mutating func readForms(_ given: [Form], from scope: inout PlanScope) {
    for form in Form.allCases {
      guard given.contains(form) else {
        scope.resolveNothing(form.rawValue)
        continue
      }
      let counts = form == given.first
      switch form {
      case .grid:
        let read = scope.nested("grid", placeholder: "KEY") { SweepAxis.all(from: &$0, fewest: 2) }
        let exclusions = SweepExclusion.all(from: &scope, form: form, axes: read.map(\.key))
        if counts {
          axes = read
          drafts = grid(exclusions, from: &scope)
        }
      case .variants:
        let read = scope.nested("variants", placeholder: "NAME") { Self.named(from: &$0) }
        if counts { drafts = read }
      case .random:
        let read = scope.nested("random") { RandomSearch(from: &$0) }
        let exclusions = SweepExclusion.all(from: &scope, form: form, axes: read.axes.map(\.key))
        if counts { random = read.leavingOut(exclusions, from: &scope) }
      case .oneAtATime:
        let read = scope.nested("one_at_a_time", placeholder: "KEY") {
          SweepAxis.all(from: &$0, fewest: 1, combined: false)
        }
        if counts {
          axes = read
          drafts = oneAtATime(from: &scope)
        }
      }
    }
    let isIdle = !given.contains(.grid) && !given.contains(.random)
    if isIdle { SweepExclusion.refuse(beside: given.first, from: &scope) }
  }

  /// The cartesian product of the axes without the excluded points; the last axis runs fastest.
  private func grid(_ exclusions: [SweepExclusion], from scope: inout PlanScope) -> [VariantDraft] {
    var total = 1
    for axis in axes {
      total *= axis.values.count
      if total > Self.variantLimit {
        scope.note("has more than \(Self.variantLimit) variants.", about: "grid")
        return []
      }
    }
    var points: [[SweepSetting]] = axes.isEmpty ? [] : [[]]
    for axis in axes {
      points = points.flatMap { point in axis.values.map { point + [$0] } }
    }
    for exclusion in exclusions where !points.isEmpty {
      let left = points.filter { !exclusion.matches($0) }
      if left.count == points.count {
        scope.note(
          "\(exclusion.text) leaves out no point of the grid; is a value wrong, or another entry "
            + "the same?", about: "exclude", at: exclusion.place)
      }
      points = left
    }
    if points.isEmpty, !axes.isEmpty {
      scope.note("leaves no point of the grid.", about: "exclude")
    }
    let names = Self.shortKeys(axes.map(\.key))
    let place = scope.place(of: "grid") ?? scope.place
    return points.map {
      VariantDraft(
        name: Self.name($0, names), settings: $0, place: place, key: scope.fullKey("grid"))
    }
  }

  /// The base, then every value of every axis alone.
  private func oneAtATime(from scope: inout PlanScope) -> [VariantDraft] {
    let key = scope.fullKey("one_at_a_time")
    let place = scope.place(of: "one_at_a_time") ?? scope.place
    if axes.reduce(1, { $0 + $1.values.count }) > Self.variantLimit {
      scope.note("has more than \(Self.variantLimit) variants.", about: "one_at_a_time")
      return []
    }
    let names = Self.shortKeys(axes.map(\.key))
    let single = zip(axes, names).flatMap { axis, name in
      axis.values.map { value in
        VariantDraft(
          name: Self.name([value], [name]), settings: [value], place: value.value.place,
          key: "\(key).\(axis.key)")
      }
    }
    guard !single.isEmpty else { return [] }
    return [VariantDraft(name: "base", settings: [], place: place, key: key)] + single
  }

  /// `fusion=mel channels=16-32-64`.
  static func name(_ point: [SweepSetting], _ names: [String]) -> String {
    zip(names, point).map { "\($0)=\($1.label)" }.joined(separator: " ")
  }

  /// For each key its shortest ending, in whole words, that no other key has.
  static func shortKeys(_ keys: [String]) -> [String] {
    keys.map { key in
      let path = key.split(separator: ".")
      let others = keys.filter { $0 != key }
      for count in 1...path.count {
        let ending = path.suffix(count).joined(separator: ".")
        if !others.contains(where: { $0 == ending || $0.hasSuffix("." + ending) }) { return ending }
      }
      return key
    }
  }

  private static func named(from scope: inout PlanScope) -> [VariantDraft] {
    return scope.keys.map { name in
      if name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9_.+-]*/) == nil {
        scope.note("'\(name)' may have only letters, digits and - _ . + in its name.", about: name)
      }
      let (place, key) = (scope.place(of: name) ?? scope.place, scope.fullKey(name))
      let settings = scope.nested(name, placeholder: "KEY") { inner in
        SweepAxis.keys(of: &inner).compactMap { key in
          inner.record(key, .other("a value of that key"))
          return inner.node(key).map { SweepSetting(key: key, value: $0) }
        }
      }
      return VariantDraft(name: name, settings: settings, place: place, key: key)
    }
  }
}
