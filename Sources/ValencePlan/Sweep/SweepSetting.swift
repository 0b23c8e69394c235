import ValenceCore

/// A key that a sweep sets, and one value for it.
struct SweepSetting: Sendable {
  let key: String
  let value: PlanNode
  /// The value in canonical form: `1e-3` and `0.001` are one.
  var resolved: ResolvedValue { ResolvedValue(of: value) }

  var path: [String] { key.split(separator: ".").map(String.init) }

  /// The value as tables show it: of a path its last part, which is the same wherever the file stands.
  var shown: ResolvedValue { resolved.shown(for: key) }

  /// The value as a variant's name shows it: `16-32-64` for a list.
  var label: String { shown.label }
}

extension ResolvedValue {
  /// The value as a name shows it: `16-32-64` for a list.
  var label: String {
    switch self {
    case .text(let text): text
    case .list(let values): values.isEmpty ? "none" : values.map(\.label).joined(separator: "-")
    case .map(let map): map.shown.map { "\($0.key):\($0.value.label)" }.joined(separator: ",")
    default: flow
    }
  }

  /// The value of a key, with the last part of each path in it instead of the path.
  func shown(for key: String) -> ResolvedValue {
    switch self {
    case .text(let text), .path(let text, _):
      guard Settings.pathKeys.contains(key) else { return self }
      return .text(text.split(separator: "/").last.map(String.init) ?? text)
    case .map(let map):
      var result = ResolvedMap()
      for (inner, value) in map.shown { result.add(inner, value.shown(for: "\(key).\(inner)")) }
      return .map(result)
    default: return self
    }
  }

  /// The value of a node whose type is not known yet.
  init(of node: PlanNode) {
    switch node.content {
    case .list(let elements): self = .list(elements.map(Self.init(of:)))
    case .map(let entries):
      var map = ResolvedMap()
      for entry in entries { map.add(entry.key, Self(of: entry.value)) }
      self = .map(map)
    case .scalar(let text, _):
      if let whole = node.wholeNumberText.flatMap({ Int($0) }) {
        self = .integer(whole)
      } else if let number = node.number {
        self =
          number == number.rounded() && abs(number) < 1e15
          ? .integer(Int(number)) : .number(number)
      } else {
        self = node.flag.map(ResolvedValue.flag) ?? .text(text)
      }
    }
  }
}
