/// A regular expression that finds a word, such as a speaker's name, in files' paths.
struct PathPattern {
  private let expression: Regex<AnyRegexOutput>
  private let group: String

  /// Takes a pattern with a group that is named as its key in the experiment file.
  init(_ pattern: String, group: String) throws(CorpusErrors) {
    do {
      expression = try Regex(pattern)
    } catch {
      throw CorpusErrors([.badPattern(key: group, pattern: pattern, reason: "\(error)")])
    }
    guard expression.contains(captureNamed: group) else {
      throw CorpusErrors([.patternWithoutGroup(key: group, pattern: pattern)])
    }
    self.group = group
  }

  /// What the group holds where the pattern first matches; nil where it does not or holds nothing.
  func word(in path: String) -> String? {
    let word = path.firstMatch(of: expression)?[group]?.substring
    return word.flatMap { $0.isEmpty ? nil : String($0) }
  }
}
