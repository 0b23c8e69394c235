import Foundation
import ValenceCore
import ValenceCorpora

extension PlanScope {
  /// The corpora of the experiment, in the file's order.
  mutating func corpora() -> [CorpusOptions] {
    guard let node = node("corpora") else {
      noteMissing("corpora")
      return []
    }
    let corpora = nested("corpora") { scope in
      scope.keys.map { name in
        if name.wholeMatch(of: /[a-z0-9_-]+/) == nil {
          scope.note("'\(name)' may have only a-z, 0-9, - and _ in its name.", about: name)
        }
        return scope.nested(name) { CorpusOptions(named: name, from: &$0) }
      }
    }
    if let entries = node.entries, entries.isEmpty {
      note("expected at least one corpus, found none.", about: "corpora")
    }
    noteTwins(corpora, in: node)
    return corpora
  }

  /// Two names for the same speech would put a corpus's own speech into its test on "another" one.
  private mutating func noteTwins(_ corpora: [CorpusOptions], in node: PlanNode) {
    var names: [String: String] = [:]
    for corpus in corpora {
      let real = corpus.path.resolvingSymlinksInPath().path
      if let twin = names[real] {
        note(
          "this is also corpora.\(twin).path; the same speech may not be two corpora.",
          about: "corpora.\(corpus.name).path",
          at: node.place(of: [corpus.name, "path"]))
      }
      names[real] = corpus.name
    }
  }
}

extension CorpusOptions {
  /// Reads one corpus; a path that is wrong is noted and replaced by one that names the corpus.
  fileprivate init(named name: String, from scope: inout PlanScope) {
    let names = Adapter.names
    if !scope.has("adapter") {
      scope.note("is missing; it is one of \(names.joined(separator: ", ")).", about: "adapter")
    }
    let word = scope.word("adapter", default: names[0], among: names)
    let path = scope.existingPath("path", as: word == "manifest" ? .fileOrFolder : .folder)
    let adapter: Adapter
    switch word {
    case "emovo": adapter = .emovo
    case "urdu": adapter = .urdu
    case "emodb": adapter = .emodb
    case "crema-d": adapter = .cremad
    case "savee": adapter = .savee
    case "tess": adapter = .tess
    case "meld": adapter = .meld(labels: scope.choice("labels", default: .emotion))
    case "manifest": adapter = .manifest(columns: scope.columns())
    case "folders": adapter = .folders(speaker: scope.speakerPattern())
    default: adapter = .ravdess
    }
    let missing = URL(filePath: "/missing").appending(path: name)
    self.init(name: name, adapter: adapter, path: path ?? missing)
  }

  /// Whether its utterances are known to have no speakers.
  var lacksSpeakers: Bool { adapter == .folders(speaker: nil) }
}

extension PlanScope {
  fileprivate mutating func columns() -> [String: String] {
    nested("columns") { scope in
      var columns: [String: String] = [:]
      for word in CorpusOptions.Adapter.manifestColumns {
        columns[word] = scope.text(word, default: nil)
      }
      return columns
    }
  }

  fileprivate mutating func speakerPattern() -> String? {
    guard let pattern = text("speaker", default: nil) else { return nil }
    do {
      if try !Regex<AnyRegexOutput>(pattern).contains(captureNamed: "speaker") {
        note(
          "'\(pattern)' has no group named speaker, as in ^(?<speaker>[a-z]+)_.", about: "speaker")
      }
    } catch {
      note("'\(pattern)' is not a regular expression.", about: "speaker")
    }
    return pattern
  }
}
