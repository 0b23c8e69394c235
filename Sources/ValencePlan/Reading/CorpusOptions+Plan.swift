import Foundation
import ValenceCore
import ValenceCorpora

extension PlanScope {
  /// The corpora of the experiment, in the file's order.
  mutating func corpora() -> [CorpusOptions] {
    recordRequired("corpora")
    guard let node = node("corpora") else {
      noteMissing("corpora")
      return []
    }
    let corpora = nested("corpora", placeholder: "NAME") { scope in
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
    let words = Adapter.words
    scope.recordRequired("adapter")
    scope.settle(
      "adapter",
      .other("a [published corpus](Corpora.md#published-corpora), `manifest` or `folders`"))
    if !scope.has("adapter") {
      scope.note("is missing; it is one of \(words.joined(separator: ", ")).", about: "adapter")
    }
    let word = scope.word("adapter", default: words[0], among: words)
    let path = scope.existingPath("path", as: word == "manifest" ? [.file, .folder] : [.folder])
    let adapter: Adapter
    switch word {
    case "meld": adapter = .meld(labels: scope.choice("labels", default: .emotion))
    case "manifest": adapter = .manifest(columns: scope.columns())
    case "folders":
      adapter = .folders(
        speaker: scope.pattern("speaker"), emotion: scope.pattern("emotion"))
    default:
      adapter = Adapter.published.first { $0.word == word }?.adapter ?? .manifest(columns: [:])
    }
    let missing = URL(filePath: "/missing").appending(path: name)
    self.init(name: name, adapter: adapter, path: path ?? missing)
    statistics = scope.declaredStatistics("normalization")
  }

  /// Whether its utterances are known to have no speakers.
  var lacksSpeakers: Bool {
    if case .folders(speaker: nil, _) = adapter { true } else { false }
  }
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

  /// The statistics that a corpus declares for itself; nil without the key.
  fileprivate mutating func declaredStatistics(_ key: String) -> CorpusOptions.Statistics? {
    let words = CorpusOptions.Statistics.allCases.map(\.rawValue)
    record(key, .words(words))
    guard let node = node(key) else {
      resolveNothing(key)
      return nil
    }
    if node.isWord("none") || node.isWord("train") {
      note(
        "\(node.text ?? "") serves all corpora alike; a corpus declares corpus or speaker for itself, where "
          + "features.normalization is the other one.", about: key)
      resolveNothing(key)
      return nil
    }
    return choice(key, default: .corpus)
  }

  /// A regular expression with a group of the key's own name.
  fileprivate mutating func pattern(_ key: String) -> PathPattern? {
    settle(key, .pattern(group: key))
    guard let text = text(key, default: nil) else { return nil }
    do {
      return try PathPattern(text, group: key)
    } catch {
      note(error.description, about: key)
      // In its place, so that the corpus is not said to lack what was asked for.
      return try? PathPattern("(?<\(key)>.+)", group: key)
    }
  }
}
