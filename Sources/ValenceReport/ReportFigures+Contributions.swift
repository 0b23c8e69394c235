import ValenceCore
import ValenceEvaluation
import ValenceFigures
import ValenceStore

/// What each group of features adds.
extension ReportFigures {
  /// A figure for each family of variants, and for each row of the generalization map where models are tested
  /// on other corpora.
  func contributions() -> [Figure] {
    let rows: [(name: String, holds: (ContributionEffects.Place) -> Bool)] =
      spec.testsAcross
      ? spec.rows.map { row in
        let pairs = zip(row.trainings, spec.test)
        return (row.name, { place in pairs.contains { $0 == (place.train, place.test) } })
      } : [("", { _ in true })]
    return contributed.families.flatMap { family in
      rows.compactMap { row -> Figure? in
        let places = family.places.filter(row.holds)
        let name = contributed.families.count > 1 ? family.contributions.name : ""
        let parts = [name, rows.count > 1 ? row.name : ""].filter { !$0.isEmpty }
        return places.isEmpty ? nil : figure(of: family, places, parts)
      }
    }
  }

  /// - Parameter parts: what tells the figure from others of its kind.
  private func figure(
    of family: ContributionEffects.Family, _ places: [ContributionEffects.Place],
    _ parts: [String]
  ) -> Figure {
    let facts = family.contributions
    let sets = facts.sets
    let variants = facts.groups.map(\.alone) + sets.map(\.variant)
    var shown: [ResultCells.Key] = []
    let series = places.map { place -> ContributionsFigure.Series in
      func key(_ variant: String) -> ResultCells.Key {
        ResultCells.Key(variant: variant, train: place.train, test: place.test)
      }
      let keys = facts.names.map(key).filter { cells.cells[$0] != nil }
      shown += keys
      return ContributionsFigure.Series(
        name: spec.cellName(place.train, place.test), tested: tested(keys),
        scores: variants.map { $0.flatMap { value(key($0)) } })
    }
    func panel(
      _ title: String, _ verb: String,
      _ differences: (ContributionEffects.Place) -> [PairedDifference?]
    ) -> ContributionsFigure.Panel {
      .init(
        title: title, verb: verb,
        effects: places.map { differences($0).map { $0.map(Self.effect) } })
    }
    let panels =
      (facts.hasAdded ? [panel(facts.addedTitle, "gained", \.added)] : [])
      + (facts.hasLost ? [panel(facts.lostTitle, "lost", \.lost)] : [])
    let intervals = places.flatMap { $0.added + $0.lost }.compactMap { $0?.interval }
    var figure = ContributionsFigure(
      name: (["contributions"] + parts).joined(separator: "-"),
      title: ([spec.title] + parts).joined(separator: " · "),
      rows: (facts.groups.map(\.name), sets.map(\.name)), results: (series, panels),
      intervals: (
        interval(shown), ResultWording.kind(of: intervals, "interval of the difference")
      ))
    figure.blanks = facts.blanks
    figure.metric = spec.headline.title
    figure.notes =
      remarks(shown) + approximate(facts, places) + asSentences(cells.attributedNotes(of: shown))
    return figure.figure(options)
  }

  /// The remark on differences whose intervals may be too narrow.
  private func approximate(
    _ facts: Contributions, _ places: [ContributionEffects.Place]
  ) -> [String] {
    let names = places.flatMap { place in
      zip(facts.groups, zip(place.added, place.lost)).flatMap { group, found -> [String] in
        let cell = spec.cellName(place.train, place.test)
        return [("added", found.0), ("left out", found.1)].filter {
          $0.1?.interval?.isApproximate == true
        }.map { "\(group.name) \($0.0) on \(cell)" }
      }
    }
    return names.isEmpty
      ? [] : ["Approximate (\(Wording.list(names))): \(ResultWording.approximate)."]
  }
}

extension Contributions {
  /// The sets of several groups whose own score is shown below those of the groups.
  var sets: [(name: String, variant: String)] {
    (base.map { $0.count > 1 ? [($0.name, $0.variant)] : [] } ?? []) + [("all", all)]
  }

  /// By panel, that of the scores first: the rows that no variant is for.
  fileprivate var blanks: [Set<Int>] {
    func missing(_ variant: KeyPath<Group, String?>) -> Set<Int> {
      Set(groups.indices.filter { groups[$0][keyPath: variant] == nil })
    }
    return [missing(\.alone)] + (hasAdded ? [missing(\.added)] : [])
      + (hasLost ? [missing(\.without)] : [])
  }
}
