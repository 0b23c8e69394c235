/// A place in a user's file.
package struct SourcePlace: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The file as the user named it; or `command line` for an override.
  package let file: String
  /// The line, from 1; nil where a line makes no sense.
  package let line: Int?

  /// Names a line of a file.
  package init(file: String, line: Int? = nil) {
    self.file = file
    self.line = line
  }

  /// `FILE:LINE`, or `FILE` alone.
  package var description: String { line.map { "\(file):\($0)" } ?? file }

  /// By file, then by line.
  package static func < (a: SourcePlace, b: SourcePlace) -> Bool {
    (a.file, a.line ?? 0) < (b.file, b.line ?? 0)
  }
}

/// Something in a user's plan or data that must be mended before a run, in one sentence.
package struct Problem: Hashable, Sendable, CustomStringConvertible {
  /// Its place, if a file and line is known.
  package let place: SourcePlace?
  /// The full key, for example `features.hop_ms`; nil where no key is at fault.
  package let key: String?
  /// Other keys that matter: where to look for a place if the file does not have `key`.
  package let others: [String]
  /// The fault and what would be right; ends with a full stop or question mark.
  package let message: String

  package init(
    _ message: String, at place: SourcePlace? = nil, key: String? = nil, others: [String] = []
  ) {
    self.message = message
    self.place = place
    self.key = key
    self.others = others
  }

  /// `FILE:LINE: KEY: message`, leaving out what is not known.
  package var description: String {
    [place?.description, key, message].compactMap { $0 }.joined(separator: ": ")
  }
}

/// The problems of one plan, found together.
package struct Problems: Error, Sendable, CustomStringConvertible {
  /// All problems, in the order of the file.
  package let all: [Problem]

  /// Collects problems, ordered by place; those without a place come last.
  package init(_ problems: [Problem]) {
    all = problems.enumerated().sorted { a, b in
      switch (a.element.place, b.element.place) {
      case (let x?, let y?) where x != y: x < y
      case (.some, nil): true
      case (nil, .some): false
      default: a.offset < b.offset
      }
    }.map(\.element)
  }

  /// One line a problem.
  package var description: String { all.map(\.description).joined(separator: "\n") }
}
