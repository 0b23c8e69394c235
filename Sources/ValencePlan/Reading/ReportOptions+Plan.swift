import ValenceFigures
package import ValenceReport

extension ReportOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    headline = scope.choice("headline", default: headline)
    compare = scope.comparisons("compare", default: compare)
    ensemble = scope.flag("ensemble", default: ensemble)
    figures = scope.choices("figures", default: figures, count: 0...FigureKind.allCases.count)
    figureOptions.formats = scope.choices(
      "formats", default: figureOptions.formats, count: 1...FigureOptions.Format.allCases.count)
    figureOptions.column = scope.choice("column", default: figureOptions.column)
  }
}

extension PlanScope {
  /// `base`, or a list of pairs of variants; `PlanCheck` looks for them among the sweep's.
  fileprivate mutating func comparisons(
    _ key: String, default value: DeclaredComparisons
  ) -> DeclaredComparisons {
    var value = value
    record(key, .other("a list of pairs of variants"))
    record(key, .words(["base"]), default: .text("base"))
    if let node = node(key), !node.isWord("base") {
      let pairs = node.elements.map { $0.compactMap { pair($0, about: key) } }
      if let pairs, let elements = node.elements, !elements.isEmpty {
        if pairs.count == elements.count, areDifferent(pairs, about: key) { value = .pairs(pairs) }
      } else {
        note(
          "expected base or a list of pairs of variants ([[a, b], [a, c]]), found "
            + "\(node.elements == nil ? node.found : "an empty list").", about: key)
      }
    }
    switch value {
    case .base: resolve(key, .text("base"))
    case .pairs(let pairs):
      resolve(key, .list(pairs.map { .list([.text($0.first), .text($0.second)]) }))
    }
    return value
  }

  private mutating func pair(_ node: PlanNode, about key: String) -> ComparedPair? {
    let names = node.elements?.compactMap(\.text) ?? []
    guard names.count == 2, node.elements?.count == 2 else {
      let found = node.elements.map { "a list of \($0.count)" } ?? node.found
      note(
        "expected a pair of variants such as [a, b], found \(found).", about: key, at: node.place)
      return nil
    }
    guard names[0] != names[1] else {
      note("'\(names[0])' is compared with itself.", about: key, at: node.place)
      return nil
    }
    return ComparedPair(names[0], names[1])
  }

  private mutating func areDifferent(_ pairs: [ComparedPair], about key: String) -> Bool {
    var seen: Set<Set<String>> = []
    for pair in pairs where !seen.insert([pair.first, pair.second]).inserted {
      note("'\(pair.first)' and '\(pair.second)' are compared twice.", about: key)
      return false
    }
    return true
  }
}
