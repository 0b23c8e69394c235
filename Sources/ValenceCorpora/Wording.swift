/// A number with its noun: `1 file`, `2 files`.
func counted(_ count: Int, _ one: String, _ many: String) -> String {
  "\(count) \(count == 1 ? one : many)"
}

/// A part of a whole with its verb: `1 of 5 speakers is`, `2 of 5 speakers are`.
func part(_ count: Int, of total: Int, _ noun: String, _ one: String, _ many: String) -> String {
  "\(count) of \(counted(total, noun, noun + "s")) \(count == 1 ? one : many)"
}

/// Up to `limit` words, then how many more there are: `a, b and 3 more`.
func listed(_ words: [String], limit: Int = 4) -> String {
  if words.count > limit {
    return words.prefix(limit).joined(separator: ", ") + " and \(words.count - limit) more"
  }
  guard let last = words.last, words.count > 1 else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " and " + last
}

/// Up to four words joined by `or`.
func listedOr(_ words: [String]) -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "" }
  if words.count > 4 { return words.prefix(4).joined(separator: ", ") + ", …" }
  return words.dropLast().joined(separator: ", ") + " or " + last
}
