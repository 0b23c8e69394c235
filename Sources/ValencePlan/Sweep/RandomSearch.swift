import ValenceCore

/// Points of a space, drawn at random but the same for the same seed (Bergstra and Bengio, 2012).
///
/// Each axis draws from a stream of its own, known by the seed and the axis's key: to ask for more
/// draws, or to take an axis away, leaves the values of the others as they were.
///
/// Other draws are other variants of the same file, whose trials are then trained; the old ones stay and are
/// no longer shown. `SweepFormTests` compare draws with one another, so only the author sees that they moved.
struct RandomSearch: Sendable {
  /// How many different variants are wanted.
  private(set) var draws = 20
  /// The seed of the draws.
  private(set) var seed: UInt64 = 1
  private(set) var axes: [RandomAxis] = []
  private var exclusions: [SweepExclusion] = []

  private static let drawsRange = 1...Sweep.variantLimit

  /// Reads `sweep.random`.
  init(from scope: inout PlanScope) {
    scope.recordRequired("draws")
    if !scope.has("draws") {
      scope.note("is missing; say how many points to draw.", about: "draws")
    }
    draws = scope.integer("draws", default: draws, in: Self.drawsRange)
    seed = UInt64(scope.integer("seed", default: Int(seed), in: 0...Int.max))
    scope.recordRequired("axes")
    let isEmpty = scope.node("axes")?.entries?.isEmpty ?? !scope.has("axes")
    if isEmpty { scope.note("has no axes.", about: "axes") }
    axes = scope.nested("axes", placeholder: "KEY") { inner in
      SweepAxis.keys(of: &inner).compactMap { RandomAxis(key: $0, from: &inner) }
    }
  }

  /// The search without the excluded points; notes those that cannot be excluded.
  func leavingOut(_ exclusions: [SweepExclusion], from scope: inout PlanScope) -> RandomSearch {
    var search = self
    for exclusion in exclusions {
      for setting in exclusion.settings {
        guard let axis = axes.first(where: { $0.key == setting.key }) else { continue }
        if let why = axis.whyNever(setting.resolved) {
          scope.note(
            "\(exclusion.text) leaves out nothing: \(why)", about: "exclude", at: exclusion.place)
        }
      }
      search.exclusions.append(exclusion)
    }
    let points = axes.reduce(1.0) { $0 * ($1.valueCount.map(Double.init) ?? .infinity) }
    if !axes.isEmpty, Double(draws) > points {
      scope.note(
        "\(draws) draws are more than the \(Int(points)) different points that the axes have.",
        about: "random")
      search.axes = []
    }
    return search
  }

  /// The extreme values of each axis, each alone: if they are legal, so is every draw.
  var probes: [[SweepSetting]] { axes.flatMap { axis in axis.probes.map { [$0] } } }

  /// Points without end, excluded ones and repetitions left out.
  ///
  /// - Returns: the next point, or nil when a long search found no new one.
  func points() -> AnyIterator<[SweepSetting]> {
    var streams = axes.map { RandomStream(seed: seed, "sweep", $0.key) }
    var seen: Set<[ResolvedValue]> = []
    let patience = 1000 + 100 * draws
    return AnyIterator {
      for _ in 0..<patience {
        let point = axes.indices.map { axes[$0].setting(at: streams[$0].uniform()) }
        if exclusions.contains(where: { $0.matches(point) }) { continue }
        if seen.insert(point.map(\.resolved)).inserted { return point }
      }
      return nil
    }
  }
}
