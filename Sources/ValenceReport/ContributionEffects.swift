import ValenceCore
import ValenceEvaluation
import ValenceFigures

/// What each group of features adds: its variants compared with those of the base and of all groups, on the same
/// utterances.
struct ContributionEffects {
  /// The results of a training and a test corpus.
  struct Place {
    let train: String
    let test: String
    /// By group: what it adds to the base, and what leaving it out of all costs; nil where a cell is missing or
    /// has other utterances.
    let added: [PairedDifference?]
    let lost: [PairedDifference?]
  }

  /// Variants that differ in their groups of features alone.
  struct Family {
    let contributions: Contributions
    let places: [Place]
  }

  let families: [Family]
  private let spec: ReportSpec
  private let headlines: [ResultCells.Key: Estimate]
  /// The p-values of all differences, corrected, in the order of the table.
  private let adjusted: [Double?]

  /// Compares the existing cells.
  ///
  /// - Throws: `EvaluationError` from scoring.
  init(_ cells: ResultCells, headlines: [ResultCells.Key: Estimate]) throws {
    (spec, self.headlines) = (cells.spec, headlines)
    var tests = ComparisonFamily()
    families = try (cells.spec.contributions ?? []).map { contributions in
      let pairs = cells.spec.train.flatMap { train in cells.spec.test.map { (train, $0) } }
      return Family(
        contributions: contributions,
        places: try pairs.compactMap { train, test in
          try Self.place(contributions, (train, test), cells, &tests)
        })
    }.filter { !$0.places.isEmpty }
    adjusted = tests.adjusted
  }

  /// Nil where no variant has results.
  private static func place(
    _ contributions: Contributions, _ pair: (train: String, test: String), _ cells: ResultCells,
    _ tests: inout ComparisonFamily
  ) throws -> Place? {
    func difference(_ more: String?, _ less: String?) throws -> PairedDifference? {
      guard let more, let less, let first = cells[more, pair.train, pair.test],
        let second = cells[less, pair.train, pair.test]
      else { return nil }
      do {
        let found = try PairedDifference.ofSettingsOrNetworks(
          first, second, by: cells.spec.headline)
        tests.add(
          found, first: "\(more)\n\(pair.train)", second: "\(less)\n\(pair.train)",
          group: pair.test)
        return found
      } catch EvaluationError.unpaired {
        return nil
      }
    }
    guard contributions.names.contains(where: { cells[$0, pair.train, pair.test] != nil })
    else { return nil }
    // The order of the table's columns, in which its p-values are corrected.
    var (added, lost): ([PairedDifference?], [PairedDifference?]) = ([], [])
    for group in contributions.groups {
      added.append(try difference(group.added, contributions.base?.variant))
      lost.append(try difference(contributions.all, group.without))
    }
    return Place(train: pair.train, test: pair.test, added: added, lost: lost)
  }

  /// The differences of some families, in the order of the table.
  private func differences(_ families: [Family]) -> [PairedDifference] {
    families.flatMap { family in
      family.places.flatMap { zip($0.added, $0.lost).flatMap { [$0, $1] } }
    }.compactMap(\.self)
  }
}

extension Contributions {
  /// The variants that groups have to do with, each once.
  var names: [String] {
    ([all] + [base?.variant].compactMap(\.self)
      + groups.flatMap { [$0.alone, $0.added, $0.without].compactMap(\.self) })
      .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// Of which panels there are variants.
  var hasAlone: Bool { groups.contains { $0.alone != nil } }
  var hasAdded: Bool { groups.contains { $0.added != nil } }
  var hasLost: Bool { groups.contains { $0.without != nil } }

  /// `Added to mel + mfcc`, for columns and panels.
  var addedTitle: String { "Added to \(base?.name ?? "")" }
  /// The other one, likewise.
  var lostTitle: String { "Left out of all" }
}

// MARK: - Table

extension ContributionEffects {
  /// A table for each family, with a row for each group and cell; nil without families.
  ///
  /// Markdown, escaped.
  var markdown: String? {
    guard !families.isEmpty else { return nil }
    var corrected = adjusted[...]
    let tables = families.map { family -> String in
      let name = family.contributions.name
      let head = families.count > 1 && !name.isEmpty ? "### \(escaped(name))\n\n" : ""
      return head + table(family, &corrected).markdown
    }
    return tables.joined(separator: "\n") + "\n" + explanation
  }

  /// - Parameter corrected: the p-values of this table and those after it; its own are taken out.
  private func table(_ family: Family, _ corrected: inout ArraySlice<Double?>) -> ReportTable {
    let facts = family.contributions
    let metric = spec.headline.title
    var columns: [ReportTable.Column] = [
      .init("train → test"), .init("features"), .init("\(metric) alone", .right),
      .init("95 % interval", .right),
    ]
    let titles =
      (facts.hasAdded ? [("gained", facts.addedTitle)] : [])
      + (facts.hasLost ? [("lost", facts.lostTitle)] : [])
    for (verb, title) in titles {
      columns += [
        .init("\(verb), \(title.prefix(1).lowercased())\(title.dropFirst())", .right),
        .init("95 % interval", .right), .init("adjusted p", .right),
      ]
    }
    var rows: [[String]] = []
    for place in family.places {
      let cell = spec.cellName(place.train, place.test)
      for (index, group) in facts.groups.enumerated() {
        var row = [cell, group.name] + score(of: group.alone, place)
        // Both are taken, as both were tested.
        let texts = [place.added[index], place.lost[index]].map { text($0, &corrected) }
        if facts.hasAdded { row += texts[0] }
        if facts.hasLost { row += texts[1] }
        rows.append(row)
      }
      let blank = Array(repeating: "", count: columns.count - 4)
      rows += facts.sets.map { [cell, $0.name] + score(of: $0.variant, place) + blank }
    }
    return ReportTable(columns: columns, rows: rows)
  }

  private func score(of variant: String?, _ place: Place) -> [String] {
    guard let variant,
      let found = headlines[.init(variant: variant, train: place.train, test: place.test)]
    else { return ["–", "–"] }
    return [
      NumberText.percent(found.mean), found.interval.map(ResultTables.interval) ?? "–",
    ]
  }

  private func text(
    _ difference: PairedDifference?, _ corrected: inout ArraySlice<Double?>
  ) -> [String] {
    guard let difference else { return ["–", "–", "–"] }
    let interval = difference.interval
    return [
      NumberText.points(difference.difference),
      DifferenceText.interval(
        low: interval?.low, high: interval?.high,
        isApproximate: interval?.isApproximate == true),
      DifferenceText.probability(corrected.popFirst() ?? nil),
    ]
  }

  private var explanation: String {
    let found = differences(families)
    var sentences = [
      "Alone: the score of the group by itself. Gained and lost: the percentage points that a variant with "
        + "the group has over the one without it, on the same utterances."
    ]
    let tested = found.filter { $0.p != nil }
    for claim in PairedDifference.Claim.allCases where tested.contains(where: { $0.claim == claim })
    {
      let own = Set(tested.filter { $0.claim == claim }.map(\.unit))
      sentences.append(
        DifferenceText.method(claim, units: own, haveSeeds: !spec.networks.isEmpty))
    }
    if !tested.isEmpty { sentences.append(DifferenceText.correction(tests: tested.count)) }
    var gaps: [String] = []
    for gap in found.compactMap({ $0.gap?.description }) where !gaps.contains(gap) {
      gaps.append(gap)
    }
    if !gaps.isEmpty { sentences.append("Without interval and p: " + gaps.joined(separator: " ")) }
    return sentences.joined(separator: " ")
  }
}
