/// Counts and lists in sentences, the same everywhere.
package enum Wording {
  /// A count with its noun: `1 file`, `2 files`.
  ///
  /// - Parameter plural: the noun after other counts than 1; nil appends an s.
  package static func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
  }

  /// A part of a whole with its verb: `1 of 5 speakers is`, `2 of 5 speakers are`.
  package static func part(
    _ count: Int, of total: Int, _ noun: String, _ one: String = "is", _ many: String = "are"
  ) -> String {
    "\(count) of \(counted(total, noun)) \(count == 1 ? one : many)"
  }

  /// Names in a sentence: `a`, `a and b`, `a, b and c`; of more than `limit` the first, then how many are
  /// left: `a, b and 3 more`.
  package static func list(_ names: [String], limit: Int = .max) -> String {
    if names.count > limit {
      return names.prefix(limit).joined(separator: ", ") + " and \(names.count - limit) more"
    }
    return joined(names, "and")
  }

  /// Names to choose from: `a`, `a or b`, `a, b or c`; of more than four the first ones, then `…`.
  package static func choice(_ names: [String]) -> String {
    names.count > 4 ? names.prefix(4).joined(separator: ", ") + ", …" : joined(names, "or")
  }

  private static func joined(_ names: [String], _ word: String) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " \(word) " + last
  }
}
