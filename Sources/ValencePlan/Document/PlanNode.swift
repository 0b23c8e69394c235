import ValenceCore

/// A value of the experiment file with its place.
struct PlanNode: Sendable {
  /// A key and its value; the place is the key's own.
  struct Entry: Sendable {
    var key: String
    var place: SourcePlace
    var value: PlanNode
  }

  enum Content: Sendable {
    case map([Entry])
    case list([PlanNode])
    /// Text as written; `isQuoted` tells `"3"` from `3`.
    case scalar(String, isQuoted: Bool)
  }

  var content: Content
  var place: SourcePlace

  /// The keys and values, if this is a map.
  var entries: [Entry]? {
    if case .map(let entries) = content { entries } else { nil }
  }

  /// The elements, if this is a list.
  var elements: [PlanNode]? {
    if case .list(let elements) = content { elements } else { nil }
  }

  /// The text of a plain or quoted scalar; nil for `null`, an empty value, a list or a map.
  var text: String? {
    guard case .scalar(let text, let isQuoted) = content else { return nil }
    return isQuoted || !["", "~", "null", "Null", "NULL"].contains(text) ? text : nil
  }

  /// The text of a plain scalar: the only form that numbers and `true` or `false` have.
  private var plain: String? {
    if case .scalar(_, isQuoted: false) = content { text } else { nil }
  }

  /// Whether this is the plain word `word`.
  func isWord(_ word: String) -> Bool { plain == word }

  /// The digits of a whole number as the YAML 1.2 core schema has them; they may not fit an `Int`.
  ///
  /// A leading zero is refused: YAML 1.1 would read it as octal.
  var wholeNumberText: String? { plain.flatMap { NumberForm(of: $0) == .whole ? $0 : nil } }

  /// A number as the YAML 1.2 core schema has it (`1e-3` is one), infinities and NaN excepted.
  var number: Double? { plain.flatMap { NumberForm(of: $0) == nil ? nil : Double($0) } }

  /// `true` or `false`, and nothing else.
  var flag: Bool? { plain.flatMap { ["true": true, "false": false][$0] } }

  /// The value as a message names it, for example `text 'abc'` or `a list`.
  var found: String {
    switch content {
    case .map: "a map"
    case .list: "a list"
    case .scalar(let text, _):
      if self.text == nil {
        "nothing"
      } else if number != nil {
        "the number \(Self.shortened(text))"
      } else if flag != nil {
        text
      } else {
        "text '\(Self.shortened(text))'"
      }
    }
  }

  /// A text as messages show it.
  static func shortened(_ text: String) -> String {
    text.count > 200 ? text.prefix(200) + "…" : text
  }

  /// The value at a path of keys below this map.
  func value(at path: some Collection<String>) -> PlanNode? {
    guard let key = path.first else { return self }
    return entries?.first { $0.key == key }?.value.value(at: path.dropFirst())
  }

  /// The place of the deepest key of a path that the file has.
  func place(of path: some Collection<String>) -> SourcePlace? {
    guard let key = path.first, let entry = entries?.first(where: { $0.key == key }) else {
      return nil
    }
    return entry.value.place(of: path.dropFirst()) ?? entry.place
  }

  /// Puts a value at a path of keys, making the maps on the way; an old value is replaced.
  ///
  /// - Returns: the part of the path that has a value without keys, which nothing can be put below.
  mutating func set(_ value: PlanNode, at path: ArraySlice<String>) -> [String]? {
    guard let key = path.first else {
      self = value
      return nil
    }
    guard var entries else { return [] }
    let index = entries.firstIndex { $0.key == key } ?? entries.endIndex
    if index == entries.endIndex {
      let empty = PlanNode(content: .map([]), place: value.place)
      entries.append(Entry(key: key, place: value.place, value: empty))
    }
    if path.count == 1 { entries[index].place = value.place }
    if let blocked = entries[index].value.set(value, at: path.dropFirst()) {
      return [key] + blocked
    }
    content = .map(entries)
    return nil
  }

  /// Takes out the key at the end of a path, if it is there.
  mutating func remove(at path: some Collection<String>) {
    guard let key = path.first, var entries,
      let index = entries.firstIndex(where: { $0.key == key })
    else { return }
    if path.count == 1 {
      entries.remove(at: index)
    } else {
      entries[index].value.remove(at: path.dropFirst())
    }
    content = .map(entries)
  }
}
