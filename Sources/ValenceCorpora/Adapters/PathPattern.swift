import Foundation
import Synchronization
import ValenceCore

/// A regular expression with a group that finds a word, such as a speaker's name, in files' paths.
package struct PathPattern: Hashable, Sendable {
  /// Why a text is no such pattern; a sentence.
  package struct Fault: Error, Equatable, CustomStringConvertible {
    package let description: String
  }

  /// The regular expression.
  package let text: String
  private let group: String

  /// More is no pattern for names, and the parser of patterns needs stack for what is nested.
  private static let longest = 1000
  /// How long one path may take, and all of them beside `pathS` for each.
  static let patienceS = 5.0
  private static let pathS = 0.005

  /// Takes a regular expression that has a group of this name.
  package init(_ text: String, group: String) throws(Fault) {
    guard text.count <= Self.longest else {
      throw Fault(
        description: "'\(text.prefix(40))…' is not a regular expression: it has more than "
          + "\(Self.longest) characters.")
    }
    let expression: Regex<AnyRegexOutput>
    do {
      expression = try Regex(text)
    } catch {
      throw Fault(description: "'\(text)' is not a regular expression: \(error).")
    }
    guard expression.contains(captureNamed: group) else {
      throw Fault(description: "'\(text)' has no group named \(group); write it as (?<\(group)>…).")
    }
    (self.text, self.group) = (text, group)
  }

  /// The group's text in each path, at the pattern's first match; nil without a match or if empty.
  ///
  /// A pattern with a repetition within a repetition may try more ways than there is time for, and a
  /// match cannot be stopped. So a thread of its own searches, is watched, and is left behind.
  /// - Throws: `CorpusErrors` once a path, or all of them, take more time than any useful pattern does.
  func words(
    in paths: [String], patienceS: Double = Self.patienceS
  ) throws(CorpusErrors) -> [String?] {
    let search = Search(pattern: text, group: group, paths: paths)
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
            group: group, pattern: text, path: paths[min(done, paths.count - 1)],
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

  /// The word found in each path.
  var words: [String?] { state.withLock { $0.words } }

  /// Stops the search after the path that it is at.
  func abandon() { state.withLock { $0.isAbandoned = true } }
}
