import ValenceCore

/// Guesses where the paths of a corpus's files name the class and the speaker.
struct PathGuess {
  /// The class, as the path names it; nil for the first folder.
  private(set) var emotion: PathField?
  /// The speaker; for class folders a field of the path below them.
  private(set) var speaker: PathField?
  /// Whether the classes are words for emotions, so that it is hardly a guess.
  private(set) var isKnown = true
  /// The speakers' names.
  var speakers: Set<String> { Set((speaker?.words ?? []).compactMap(\.self)) }

  /// Words that a class may be called by: those of the built-in label spaces.
  static let emotionWords: Set<String> = Set(
    ["meld7", "sentiment3"].compactMap(LabelSpace.builtIn).flatMap { $0.knownLabels(in: "*") })

  /// Looks at the paths of all audio files; nil where nothing looks like a class.
  init?(_ paths: [String]) {
    guard !paths.isEmpty else { return nil }
    let fields = PathFields(paths).all
    guard let found = Self.classes(fields) else { return nil }
    isKnown = Self.knownShare(found) >= Self.mostFiles
    var rest = paths
    var candidates = fields
    if found.place == .folder(0) {
      rest = paths.filter { $0.contains("/") }
      let below = rest.map {
        String($0[$0.index(after: $0.firstIndex(of: "/") ?? $0.startIndex)...])
      }
      candidates = PathFields(below).all
    } else {
      emotion = found
      rest = zip(paths, found.words).filter { $1 != nil }.map(\.0)
      candidates = PathFields(rest).all.filter { $0.place != found.place }
    }
    // Names whose classes are counted from the end have their order there.
    if case .wordFromEnd = found.place {
      candidates = candidates.filter(\.isFromEnd) + candidates.filter { !$0.isFromEnd }
    }
    speaker = Self.speakers(candidates, labels: found.words.compactMap(\.self))
  }

  /// Words of file names that nobody knows are taken for classes only where each stands for so many
  /// files; codes that run together speaker and class do not.
  private static let fewestOfUnknown = 8

  /// The one emotion that all paths name; nil where they name several or none.
  static func onlyClass(of paths: [String]) -> String? {
    onlyClass(of: PathFields(paths).all)
  }

  private static func onlyClass(of fields: [PathField]) -> String? {
    fields.first { knownShare($0) == 1 && Set($0.words).count == 1 }?.words[0]
  }

  /// The share of files that counts as most files.
  private static let mostFiles = 0.8

  // MARK: - Classes

  private static func knownShare(_ field: PathField) -> Double {
    let known = field.words.count { $0.map { emotionWords.contains($0.lowercased()) } ?? false }
    return Double(known) / Double(field.words.count)
  }

  /// The field that has emotion words in most paths; or else the first folders, or the only words that
  /// could be classes.
  private static func classes(_ fields: [PathField]) -> PathField? {
    let known = fields.filter { Set($0.words).count > 1 && knownShare($0) >= mostFiles }
    if let best = known.max(by: { knownShare($0) < knownShare($1) }) {
      return known.first { knownShare($0) == knownShare(best) }
    }
    if onlyClass(of: fields) != nil { return nil }
    let folders = fields.filter { isFolder($0) && couldBeClasses($0) }
    if let top = folders.first {
      // Folders that are called after speakers have the classes below them.
      guard couldBeSpeakers(top.words), folders.count > 1 else { return top }
      return folders[1]
    }
    let words = fields.filter { field in
      couldBeClasses(field)
        && field.words.allSatisfy { $0.map { $0.allSatisfy(\.isLetter) } ?? true }
        && Set(field.words).count * fewestOfUnknown <= field.words.count
    }
    return words.count == 1 ? words[0] : nil
  }

  private static func isFolder(_ field: PathField) -> Bool {
    if case .folder = field.place { true } else { false }
  }

  /// Two to twenty different words in most paths, each more than once.
  private static func couldBeClasses(_ field: PathField) -> Bool {
    let words = field.words.compactMap(\.self)
    let counts = Dictionary(grouping: words, by: \.self).values.map(\.count)
    return (2...20).contains(counts.count) && counts.count(where: { $0 > 1 }) * 2 > counts.count
      && Double(words.count) >= mostFiles * Double(field.words.count)
  }

  // MARK: - Speakers

  /// The field that looks most like speakers, the first of equals.
  private static func speakers(_ fields: [PathField], labels: [String]) -> PathField? {
    let ranked = fields.compactMap { field in
      rank(field, labels: labels).map { (rank: $0, field: field) }
    }
    guard let best = ranked.map(\.rank).max() else { return nil }
    return ranked.first { $0.rank == best }?.field
  }

  /// How much a field looks like speakers: a name in every path, few names for many files, most of them
  /// with several classes unless they are numbered speakers.
  private static func rank(_ field: PathField, labels: [String]) -> Int? {
    let words = field.words.compactMap(\.self)
    guard words.count == field.words.count, words.count == labels.count else { return nil }
    let groups = Dictionary(grouping: zip(words, labels), by: \.0).mapValues { Set($0.map(\.1)) }
    guard !field.lettersOnly, groups.count > 1, groups.count * 3 <= words.count,
      !groups.keys.allSatisfy({ isNoName($0.lowercased()) })
    else { return nil }
    if couldBeSpeakers(words) { return 3 }
    guard groups.values.count(where: { $0.count > 1 }) * 2 >= groups.count else { return nil }
    if isFolder(field) { return 3 }
    if groups.keys.allSatisfy({ $0.count > 1 && $0.allSatisfy(\.isLetter) }) { return 2 }
    let isCode = groups.keys.allSatisfy { $0.count >= 4 && $0.allSatisfy(\.isNumber) }
    return isCode && field.place == .word(0) ? 1 : nil
  }

  /// Whether all words are numbered speakers: `spk3`, `Actor_01`, `f2`.
  private static func couldBeSpeakers(_ words: [String?]) -> Bool {
    words.allSatisfy { word in
      guard let word = word?.lowercased() else { return true }
      let letters = word.prefix { $0.isLetter }
      let digits = word.dropFirst(letters.count).drop { "_- ".contains($0) }
      return speakerWords.contains(String(letters)) && !digits.isEmpty
        && digits.allSatisfy(\.isNumber)
    }
  }

  private static let speakerWords: Set<String> = [
    "speaker", "spkr", "spk", "actor", "actress", "subject", "subj", "sub", "participant",
    "person", "session", "ses", "sf", "sm", "s", "p", "f", "m", "w",
  ]

  /// Words that stand in file names for something else than a person.
  private static func isNoName(_ word: String) -> Bool {
    emotionWords.contains(word) || otherWords.contains(word)
  }

  private static let otherWords: Set<String> = [
    "normal", "strong", "weak", "low", "medium", "high", "xx", "lo", "md", "hi", "male", "female",
    "m", "f", "en", "de", "it", "ur", "fr", "es", "pl", "zh", "audio", "speech", "clip", "take",
    "rec", "recording", "train", "test", "dev", "valid", "validation",
  ]
}

extension PathField {
  /// Whether it is counted from the end of the name.
  fileprivate var isFromEnd: Bool {
    if case .wordFromEnd = place { true } else { false }
  }
}
