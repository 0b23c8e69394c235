/// A position in the paths of a corpus's files that may name a class or a speaker: a folder of the path, or
/// a word of the file's name.
struct PathField {
  /// Where it is.
  enum Place: Equatable {
    /// The folder at that depth, from 0.
    case folder(Int)
    /// The word at that place of the name, from 0.
    case word(Int)
    /// The same, counted from the end of the name.
    case wordFromEnd(Int)
  }

  let place: Place
  /// Whether the number that the word ends in is left off.
  var lettersOnly = false
  /// The word at that position of each path; nil if a path has no such position.
  let words: [String?]
  /// The regular expression that finds the word, with `GROUP` for the name of its group.
  fileprivate let expression: String

  /// The regular expression with a group of that name.
  func pattern(_ group: String) -> String {
    expression.replacing("GROUP", with: group)
  }

  /// The position in words.
  var description: String {
    func ordinal(_ number: Int) -> String {
      let words = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"]
      return words.indices.contains(number) ? words[number] : "\(number + 1)th"
    }
    return switch place {
    case .folder(let depth): "the \(ordinal(depth)) folder of the path"
    case .word(let number): "the \(ordinal(number)) word of the file name"
    case .wordFromEnd(0): "the last word of the file name"
    case .wordFromEnd(let number): "the file name's \(ordinal(number)) word from the end"
    }
  }
}

/// The paths of a corpus's files, cut into folders and words.
struct PathFields {
  /// Every field: folders from the top, then words from the beginning, then from the end.
  let all: [PathField]

  /// The separators of the words of a name.
  private static let separators: [Character] = ["_", " ", ".", "-"]
  /// Names of more words are no codes.
  private static let wordLimit = 8
  private static let folderLimit = 4

  init(_ paths: [String]) {
    let folders = paths.map { $0.split(separator: "/").dropLast().map(String.init) }
    let stems = paths.map(CorpusFolder.stem)
    let used = Self.separators.filter { mark in stems.contains { $0.contains(mark) } }
    let names = stems.map { $0.split { used.contains($0) }.map(String.init) }
    let shape = Shape(separators: used, isFlat: folders.allSatisfy(\.isEmpty))
    var fields: [PathField] = []
    for depth in 0..<min(Self.folderLimit, folders.map(\.count).max() ?? 0) {
      let words = folders.map { $0.indices.contains(depth) ? $0[depth] : nil }
      fields.append(
        PathField(place: .folder(depth), words: words, expression: shape.folder(depth)))
    }
    let longest = min(Self.wordLimit, names.map(\.count).max() ?? 0)
    let isRegular = Set(names.map(\.count)).count == 1
    for number in 0..<longest {
      let words = names.map { $0.indices.contains(number) ? $0[number] : nil }
      fields += Self.fields(.word(number), words) { shape.word(number, lettersOnly: $0) }
    }
    // In names of one length they are the same words as from the beginning.
    for number in 0..<longest where !isRegular {
      let words = names.map { $0.count > number ? $0[$0.count - 1 - number] : nil }
      fields += Self.fields(.wordFromEnd(number), words) {
        shape.wordFromEnd(number, lettersOnly: $0)
      }
    }
    all = fields
  }

  /// A word as it is and, where that is something else, without the number that it ends in.
  private static func fields(
    _ place: PathField.Place, _ words: [String?], _ expression: (Bool) -> String
  ) -> [PathField] {
    let letters = words.map { $0.flatMap(withoutNumber) }
    let whole = PathField(place: place, words: words, expression: expression(false))
    if letters == words { return [whole] }
    return [
      whole,
      PathField(place: place, lettersOnly: true, words: letters, expression: expression(true)),
    ]
  }

  /// `angry` of `angry07`; nil where the word has no other digits at its end, or nothing before them.
  private static func withoutNumber(_ word: String) -> String? {
    let letters = word.prefix { !isDigit($0) }
    let digits = word.dropFirst(letters.count)
    return letters.isEmpty || !digits.allSatisfy(isDigit) ? nil : String(letters)
  }

  private static func isDigit(_ character: Character) -> Bool {
    ("0"..."9").contains(character)
  }

  /// Regular expressions for names of one kind, without backslashes, so that they can be read in YAML.
  private struct Shape {
    let letter: String
    let letterButDigit: String
    let separator: String
    /// Whether there are no folders, so that a name begins where its path begins.
    let isFlat: Bool

    init(separators: [Character], isFlat: Bool) {
      // A hyphen is literal at the end only.
      let marks = String(separators.filter { $0 != "." && $0 != "-" })
      let hyphen = separators.contains("-") ? "-" : ""
      letter = "[^/.\(marks)\(hyphen)]"
      letterButDigit = "[^/.0-9\(marks)\(hyphen)]"
      let all = marks + (separators.contains(".") ? "." : "") + hyphen
      separator = all.count == 1 && all != "." ? all : "[\(all)]"
      self.isFlat = isFlat
    }

    func folder(_ depth: Int) -> String {
      let above = depth == 0 ? "" : depth == 1 ? "[^/]+/" : "(?:[^/]+/){\(depth)}"
      return "^\(above)(?<GROUP>[^/]+)/"
    }

    func word(_ number: Int, lettersOnly: Bool) -> String {
      let before =
        number == 0
        ? "" : number == 1 ? "\(letter)+\(separator)+" : "(?:\(letter)+\(separator)+){\(number)}"
      let start = (isFlat ? "^" : "(?:^|/)") + before
      let end = isFlat ? "" : "[^/]*$"
      return lettersOnly
        ? "\(start)(?<GROUP>\(letterButDigit)+)\(end)" : "\(start)(?<GROUP>\(letter)+)\(end)"
    }

    func wordFromEnd(_ number: Int, lettersOnly: Bool) -> String {
      let after =
        number == 0
        ? "" : number == 1 ? "\(separator)+\(letter)+" : "(?:\(separator)+\(letter)+){\(number)}"
      return lettersOnly
        ? "(?<GROUP>\(letterButDigit)+)[0-9]*\(after)[.][^./]+$"
        : "(?<GROUP>\(letter)+)\(after)[.][^./]+$"
    }
  }
}
