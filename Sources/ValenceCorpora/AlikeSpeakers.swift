import Foundation
import ValenceCore

/// Names of speakers that may be one person's: `anton` and `Anton`, `1` and `01` and `1.0`.
///
/// A person under two names may be on both sides of a split.
struct AlikeSpeakers {
  private let corpus: String
  /// Groups of names, each in alphabetical order.
  private let groups: [[String]]

  /// Looks through the speakers of a corpus.
  init(_ corpus: Corpus) {
    self.corpus = corpus.name
    // Mostly one speaker has many utterances in a row.
    var (names, last): (Set<String>, String?) = ([], nil)
    for utterance in corpus.utterances where utterance.speaker != last {
      last = utterance.speaker
      if let last { names.insert(last) }
    }
    groups = Dictionary(grouping: names, by: Self.essence).values.filter { $0.count > 1 }
      .map { $0.sorted() }.sorted { $0[0] < $1[0] }
  }

  /// A sentence that lists them; nil where there are none.
  var remark: String? {
    if groups.isEmpty { return nil }
    let lists = groups.map { Wording.list($0, limit: 4) }
    return "\(corpus): \(groups.count == 1 ? "the speakers" : "these speakers") "
      + "\(lists.prefix(4).joined(separator: "; "))\(lists.count > 4 ? "; …" : "") are counted as "
      + "different people, though their names are nearly the same; a person under two names may be both "
      + "trained on and tested."
  }

  /// A name without case, accents, spaces, marks and leading zeros.
  private static func essence(_ name: String) -> String {
    let signs = name.decomposedStringWithCanonicalMapping.lowercased().filter {
      $0.isLetter || $0.isNumber || $0 == "."
    }.unicodeScalars.filter { $0.properties.generalCategory != .nonspacingMark }
    let plain = String(String.UnicodeScalarView(signs))
    if plain.utf8.allSatisfy({ $0 < 0x3A }), let number = Double(plain), number.isFinite {
      return "\(number)"
    }
    let letters = Array(plain.filter { $0 != "." })
    return String(
      letters.indices.filter { place in
        // A zero in front of a number: s01 is s1.
        let isFirst = place == 0 || !letters[place - 1].isNumber
        let isLeading = letters[..<place].reversed().prefix { $0.isNumber }.allSatisfy { $0 == "0" }
        let hasMore = place + 1 < letters.count && letters[place + 1].isNumber
        return letters[place] != "0" || !(isFirst || isLeading) || !hasMore
      }.map { letters[$0] })
  }
}
