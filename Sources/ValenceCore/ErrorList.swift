/// Everything that was found wrong at once, so that a user can mend all of it before the next try.
package struct ErrorList<Element: Error & CustomStringConvertible>: Error, CustomStringConvertible {
  package let all: [Element]

  package init(_ all: [Element]) { self.all = all }

  /// One line an error.
  package var description: String { all.map(\.description).joined(separator: "\n") }
}
