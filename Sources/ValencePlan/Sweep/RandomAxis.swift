import Foundation
import ValenceCore

/// A key that random draws vary, and the distribution of its values.
struct RandomAxis: Sendable {
  /// The distribution of the values.
  enum Distribution: Sendable {
    /// Numbers between two, all equally probable.
    case uniform(Double, Double)
    /// Positive numbers between two, whose logarithms are all equally probable.
    case logUniform(Double, Double)
    /// Whole numbers between two, both included.
    case integer(Int, Int)
    /// Values of a list, all equally probable.
    case choice([SweepSetting])
  }

  let key: String
  /// The place of the axis in the file.
  let place: SourcePlace
  let distribution: Distribution

  private static let words = ["log_uniform", "uniform", "integer", "choice"]

  /// Reads the axis under `key`, such as `{uniform: [0, 0.5]}`; nil after a note.
  init?(key: String, from scope: inout PlanScope) {
    self.key = key
    place = scope.place(of: key) ?? scope.place
    guard let node = scope.node(key) else { return nil }
    let all = Self.words.joined(separator: ", ")
    scope.record(key, .oneOf(Self.words))
    guard let entries = node.entries else {
      scope.note(
        "expected one of \(all), as in {uniform: [0, 0.5]}, found \(node.found).", about: key)
      return nil
    }
    guard let entry = entries.first, entries.count == 1 else {
      scope.note("expected exactly one of \(all), found \(entries.count) keys.", about: key)
      return nil
    }
    let word = scope.word(
      PlanNode(content: .scalar(entry.key, isQuoted: true), place: entry.place),
      among: Self.words, about: key, at: entry.place)
    switch word {
    case "choice":
      let values = SweepAxis.values(of: entry.value, key: key, fewest: 2, about: key, in: &scope)
      guard let values else { return nil }
      distribution = .choice(values)
    case "integer":
      guard let ends = Self.ends(entry, about: key, .wholeNumbers, in: &scope) else { return nil }
      distribution = .integer(ends.0, ends.1)
    case "uniform":
      guard let ends = Self.ends(entry, about: key, .numbers, in: &scope) else { return nil }
      distribution = .uniform(ends.0, ends.1)
    case "log_uniform":
      guard let ends = Self.ends(entry, about: key, .numbers, in: &scope) else { return nil }
      guard ends.0 > 0 else {
        scope.note(
          "log_uniform needs ends above 0, found \(ResolvedValue.number(ends.0).flow); use uniform.",
          about: key, at: entry.place)
        return nil
      }
      distribution = .logUniform(ends.0, ends.1)
    default: return nil
    }
  }

  /// The two ends of a range, the lower one first.
  private static func ends<Number: Comparable>(
    _ entry: PlanNode.Entry, about key: String, _ ends: RangeEnds<Number>, in scope: inout PlanScope
  ) -> (Number, Number)? {
    let read = entry.value.elements?.compactMap(ends.number) ?? []
    guard read.count == 2, entry.value.elements?.count == 2 else {
      let found = entry.value.elements == nil ? entry.value.found : entry.value.flow
      scope.note(
        "\(entry.key) needs two \(ends.name), as in [1, 4], found \(found).", about: key,
        at: entry.place)
      return nil
    }
    guard read.allSatisfy(ends.isBounded) else {
      scope.note(
        "\(entry.key) needs ends between -1e15 and 1e15, found \(entry.value.flow).", about: key,
        at: entry.place)
      return nil
    }
    guard read[0] < read[1] else {
      scope.note(
        "\(entry.key) needs the lower end first, found \(entry.value.flow).", about: key,
        at: entry.place)
      return nil
    }
    return (read[0], read[1])
  }

  /// How many values there are; nil for numbers with a fraction.
  var valueCount: Int? {
    switch distribution {
    case .uniform, .logUniform: nil
    case .integer(let low, let high):
      width(low, high)
    case .choice(let values): values.count
    }
  }

  private func width(_ low: Int, _ high: Int) -> Int? {
    let (width, overflows) = high.subtractingReportingOverflow(low)
    return overflows || width == Int.max ? nil : width + 1
  }

  /// The values at the ends, or all of a list.
  var probes: [SweepSetting] {
    if case .choice(let values) = distribution { return values }
    return [setting(at: 0), setting(at: 1)]
  }

  /// Why a value is never drawn on purpose, in one clause; nil if it is one of those drawn.
  func whyNever(_ value: ResolvedValue) -> String? {
    switch distribution {
    case .uniform, .logUniform:
      return
        "\(key) is drawn from a continuous range, so an exact value is practically never drawn; "
        + "exclude by another key."
    case .integer(let low, let high):
      if case .integer(let number) = value, (low...high).contains(number) { return nil }
      return "\(key) is never \(value.flow), only \(low)…\(high)."
    case .choice(let values):
      if values.contains(where: { $0.resolved == value }) { return nil }
      let all = values.map(\.resolved.flow).joined(separator: ", ")
      return "\(key) is never \(value.flow), only one of \(all)."
    }
  }

  /// The value at a share, from 0 to 1, of the distribution.
  ///
  /// Numbers are rounded so that a variant's name can be read: to three significant digits, or to a
  /// hundredth of the order of magnitude of a uniform range's width. The rounded number is the one that
  /// is trained, so that a variant can be repeated from its name; it is clamped, as rounding may leave
  /// the range. Any change here draws other points for the same seed.
  func setting(at share: Double) -> SweepSetting {
    switch distribution {
    case .choice(let values):
      return values[min(Int(share * Double(values.count)), values.count - 1)]
    case .integer(let low, let high):
      let width = Double(high) - Double(low) + 1
      let number = Double(low) + (share * width).rounded(.down)
      return setting("\(number >= Double(high) ? high : max(low, Int(number)))")
    case .uniform(let low, let high):
      let step = max(pow(10, floor(log10(high - low)) - 2), 1e-300)
      let decimals = max(0, Int(-log10(step).rounded()))
      let exact = low + share * (high - low)
      let rounded = step < 1 ? exact : (exact / step).rounded() * step
      return number(String(format: "%.\(decimals)f", rounded), low, high)
    case .logUniform(let low, let high):
      let exact = exp(log(low) + share * (log(high) - log(low)))
      return number(String(format: "%.2e", exact), low, high)
    }
  }

  private func number(_ text: String, _ low: Double, _ high: Double) -> SweepSetting {
    let value = min(max(Double(text) ?? low, low), high)
    return setting(ResolvedValue.number(value).flow)
  }

  private func setting(_ text: String) -> SweepSetting {
    SweepSetting(
      key: key, value: PlanNode(content: .scalar(text, isQuoted: false), place: place))
  }
}

/// The kind of numbers that a range may have as its ends.
private struct RangeEnds<Number: Comparable> {
  /// In the plural, for messages.
  let name: String
  let number: (PlanNode) -> Number?
  let isBounded: (Number) -> Bool
}

extension RangeEnds<Int> {
  static var wholeNumbers: Self {
    Self(name: "whole numbers", number: \.wholeNumber, isBounded: { _ in true })
  }
}

extension RangeEnds<Double> {
  /// Beyond 1e15 the width of a range may overflow, and `%f` would spell out hundreds of digits.
  static var numbers: Self {
    Self(name: "numbers", number: \.number, isBounded: { abs($0) <= 1e15 })
  }
}

extension PlanNode {
  fileprivate var wholeNumber: Int? { wholeNumberText.flatMap { Int($0) } }

  fileprivate var flow: String { ResolvedValue(of: self).flow }
}
