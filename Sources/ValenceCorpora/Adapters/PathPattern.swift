import Foundation
import Synchronization

/// A regular expression that finds a word, such as a speaker's name, in files' paths.
struct PathPattern {
  private let pattern: String
  private let group: String

  /// More is no pattern for names, and the parser of patterns needs stack for what is nested.
  private static let longest = 1000
  /// How long one path may take, and all of them beside `pathS` for each.
  static let patienceS = 5.0
  private static let pathS = 0.005

  /// Takes a pattern with a group that is named as its key in the experiment file.
  init(_ pattern: String, group: String) throws(CorpusErrors) {
    guard pattern.count <= Self.longest else {
      throw CorpusErrors([
        .badPattern(
          key: group, pattern: pattern.prefix(40) + "…",
          reason: "it has more than \(Self.longest) characters")
      ])
    }
    let expression: Regex<AnyRegexOutput>
    do {
      expression = try Regex(pattern)
    } catch {
      throw CorpusErrors([.badPattern(key: group, pattern: pattern, reason: "\(error)")])
    }
    guard expression.contains(captureNamed: group) else {
      throw CorpusErrors([.patternWithoutGroup(key: group, pattern: pattern)])
    }
    (self.pattern, self.group) = (pattern, group)
  }

  /// What the group holds in each path where the pattern first matches; nil where it does not or holds
  /// nothing.
  ///
  /// A pattern with a repetition within a repetition may try more ways than there is time for, and a
  /// match cannot be stopped. So a thread of its own searches, is watched, and is left behind.
  /// - Throws: `CorpusErrors` once a path, or all of them, take more time than any useful pattern does.
  func words(
    in paths: [String], patienceS: Double = Self.patienceS
  ) throws(CorpusErrors) -> [String?] {
    let search = Search(pattern: pattern, group: group, paths: paths)
    let thread = Thread { search.run() }
    thread.stackSize = 16 << 20
    thread.start()
    // Beats are counted, not the clock: it goes on while the program is stopped.
    let beatS = min(0.1, patienceS / 4)
    var (beats, quiet, last) = (0.0, 0.0, 0)
    while !search.isFinished(within: beatS) {
      let done = search.done
      (beats, quiet, last) = (beats + beatS, done == last ? quiet + beatS : 0, done)
      if quiet >= patienceS || beats >= patienceS + Self.pathS * Double(done) {
        search.abandon()
        throw CorpusErrors([
          .endlessPattern(
            key: group, pattern: pattern, path: paths[min(done, paths.count - 1)],
            seconds: patienceS)
        ])
      }
    }
    return search.words
  }
}

/// The search of a pattern through paths, on a thread that others watch.
private final class Search: Sendable {
  private let pattern: String
  private let group: String
  private let paths: [String]
  private let finished = DispatchSemaphore(value: 0)
  private let state = Mutex(State())

  private struct State {
    var words: [String?] = []
    var isAbandoned = false
  }

  init(pattern: String, group: String, paths: [String]) {
    (self.pattern, self.group, self.paths) = (pattern, group, paths)
  }

  func run() {
    // It was read before, so it can be read again: a `Regex` may not pass from thread to thread.
    guard let expression = try? Regex(pattern) else { preconditionFailure("pattern \(pattern)") }
    for path in paths {
      let found = path.firstMatch(of: expression)?[group]?.substring
      let word = found.flatMap { $0.isEmpty ? nil : String($0) }
      let goesOn = state.withLock { state in
        state.words.append(word)
        return !state.isAbandoned
      }
      guard goesOn else { return }
    }
    finished.signal()
  }

  /// Waits for the end of the search, at most so long.
  func isFinished(within seconds: Double) -> Bool {
    finished.wait(timeout: .now() + seconds) == .success
  }

  /// How many paths were searched.
  var done: Int { state.withLock { $0.words.count } }

  /// What was found in each path.
  var words: [String?] { state.withLock { $0.words } }

  /// Nobody waits any more.
  func abandon() { state.withLock { $0.isAbandoned = true } }
}
