/// How a plain scalar that is a number is written; YAML 1.2, section 10.3.2, decimal forms only.
///
/// Scanned by hand, as a sweep asks for it millions of times and `Regex` takes microseconds.
enum NumberForm {
  /// `[-+]? (0 | [1-9][0-9]*)`
  case whole
  /// `[-+]? ( . [0-9]+ | (0 | [1-9][0-9]*) ( . [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
  case fraction

  /// The form of `text`, or nil if it is no number.
  init?(of text: String) {
    var rest = text.utf8[...]
    Self.skip("-+", in: &rest)
    let whole = Self.digits(in: &rest)
    if whole.count > 1, whole.first == UInt8(ascii: "0") { return nil }
    if rest.isEmpty, !whole.isEmpty {
      self = .whole
      return
    }
    if Self.skip(".", in: &rest), Self.digits(in: &rest).isEmpty, whole.isEmpty { return nil }
    if whole.isEmpty, text.utf8.count == rest.count { return nil }
    if Self.skip("eE", in: &rest) {
      Self.skip("-+", in: &rest)
      if Self.digits(in: &rest).isEmpty { return nil }
    }
    guard rest.isEmpty else { return nil }
    self = .fraction
  }

  @discardableResult
  private static func skip(_ any: String, in rest: inout Substring.UTF8View) -> Bool {
    guard let first = rest.first, any.utf8.contains(first) else { return false }
    rest.removeFirst()
    return true
  }

  private static func digits(in rest: inout Substring.UTF8View) -> Substring.UTF8View {
    let end = rest.firstIndex { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    defer { rest = rest[(end ?? rest.endIndex)...] }
    return rest[..<(end ?? rest.endIndex)]
  }
}
