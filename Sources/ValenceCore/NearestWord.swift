import Foundation

/// Finds the valid word that a mistyped one was probably meant to be.
package struct NearestWord: Sendable {
  /// The words that are valid, in the order in which a message lists them.
  package let words: [String]

  /// Makes a finder for `words`.
  package init(among words: [String]) { self.words = words }

  /// The nearest valid word, if one is near: at most a third of the typed word's letters away, at
  /// least one; of equals the one with more letters of its start in common, then the first.
  package func nearest(to typed: String) -> String? {
    let limit = max(1, typed.count / 3)
    // Words of very different lengths are never near; to compare them with a page of text takes seconds.
    let candidates = words.filter { abs($0.count - typed.count) <= limit }
    let ranked = candidates.map { word in
      (
        distance: Self.distance(typed, word), word: word,
        unlike: -typed.lowercased().commonPrefix(with: word.lowercased()).count
      )
    }
    guard let best = ranked.min(by: { ($0.distance, $0.unlike) < ($1.distance, $1.unlike) }) else {
      return nil
    }
    return best.distance <= limit ? best.word : nil
  }

  /// The end of a message about `typed`: `did you mean NEAREST?`, or else the first eight valid words.
  package func hint(for typed: String) -> String {
    if let word = nearest(to: typed) { return "did you mean \(word)?" }
    let shown = words.prefix(8).joined(separator: ", ")
    return words.count > 8 ? "valid are \(shown), …" : "valid are \(shown)"
  }

  /// The number of single-letter insertions, deletions, substitutions and swaps of neighbors between
  /// two words (Damerau, 1964), ignoring case.
  package static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a.lowercased())
    let b = Array(b.lowercased())
    var table = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count { table[i][0] = i }
    for j in 0...b.count { table[0][j] = j }
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    for i in 1...a.count {
      for j in 1...b.count {
        var best = table[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        best = min(best, table[i - 1][j] + 1, table[i][j - 1] + 1)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          best = min(best, table[i - 2][j - 2] + 1)
        }
        table[i][j] = best
      }
    }
    return table[a.count][b.count]
  }
}
