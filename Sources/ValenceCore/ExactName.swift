/// A path, a file's name or an utterance's id as a key: two are equal if their bytes are.
///
/// `String` takes names that differ in Unicode normalization only (`é` as one character or as `e` with an
/// accent) for equal; for a file system, and so for a corpus, they are two files.
package struct ExactName: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The name.
  package let text: String

  /// The name.
  package var description: String { text }

  /// The key of a name.
  package init(_ text: String) { self.text = text }

  /// Whether the bytes are equal.
  package static func == (a: ExactName, b: ExactName) -> Bool {
    a.text == b.text && a.text.utf8.elementsEqual(b.text.utf8)
  }

  /// Equal bytes have equal hashes; so have the few names that differ in normalization only.
  package func hash(into hasher: inout Hasher) { hasher.combine(text) }

  /// The order of texts; of those that differ in normalization only, the order of their bytes.
  package static func < (a: ExactName, b: ExactName) -> Bool {
    if a.text != b.text { return a.text < b.text }
    return a.text.utf8.lexicographicallyPrecedes(b.text.utf8)
  }
}
