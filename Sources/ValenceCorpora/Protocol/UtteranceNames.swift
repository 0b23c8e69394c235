import Foundation

/// Finds the utterances of a corpus that a fold file names.
struct UtteranceNames {
  private var byID: [String: Int] = [:]
  private var byStem: [String: [Int]] = [:]
  private var dropped: Set<String> = []
  private let corpus: LabeledCorpus
  /// The fold file or folder, for messages.
  private let path: String

  init(of corpus: LabeledCorpus, path: String) {
    self.corpus = corpus
    self.path = path
    for (index, labeled) in corpus.utterances.enumerated() {
      byID[labeled.utterance.id] = index
      byStem[CorpusFolder.stem(of: labeled.utterance.filePath), default: []].append(index)
    }
    for utterance in corpus.dropped {
      dropped.insert(utterance.id)
      dropped.insert(CorpusFolder.stem(of: utterance.filePath))
    }
  }

  /// What became of a name.
  enum Match {
    case utterance(Int)
    /// The label space leaves it out.
    case dropped
    case missing
  }

  /// Looks a name up: an utterance's id, or else a path whose file name without extension is one
  /// utterance's.
  func match(_ name: String) throws(FoldError) -> Match {
    if let index = byID[name] { return .utterance(index) }
    let stem = CorpusFolder.stem(of: name)
    let found = byStem[stem] ?? []
    if found.count > 1 {
      throw .ambiguousFile(
        path: path, name: name, ids: found.map { corpus.utterances[$0].utterance.id })
    }
    if let index = found.first { return .utterance(index) }
    return dropped.contains(name) || dropped.contains(stem) ? .dropped : .missing
  }
}

/// The names that one side of a published fold lists, matched with a corpus.
struct MatchedNames {
  var indices: [Int] = []
  var missing: Set<String> = []

  /// Matches every name; what the label space leaves out is passed over.
  init(_ names: [String], in corpus: UtteranceNames) throws(FoldError) {
    for name in names {
      switch try corpus.match(name) {
      case .utterance(let index): indices.append(index)
      case .dropped: break
      case .missing: missing.insert(CorpusFolder.stem(of: name))
      }
    }
    indices.sort()
  }
}

/// Sentences about what a list of folds has more or less than a corpus.
func mismatchRemarks(
  source: String, corpus: LabeledCorpus, missing: Set<String>, listed: Set<Int>
) -> [String] {
  var remarks: [String] = []
  if let first = missing.min() {
    remarks.append(
      "\(source) list \(counted(missing.count, "file", "files")) that \(corpus.name) does not have "
        + "here (\(first)\(missing.count > 1 ? ", …" : "")).")
  }
  let unlisted = corpus.utterances.indices.filter { !listed.contains($0) }
  if let first = unlisted.first {
    remarks.append(
      "\(counted(unlisted.count, "utterance", "utterances")) of \(corpus.name) "
        + "\(unlisted.count == 1 ? "is" : "are") left out, as \(source) do not list "
        + "\(unlisted.count == 1 ? "it" : "them") (\(corpus.utterances[first].utterance.id)"
        + "\(unlisted.count > 1 ? ", …" : "")).")
  }
  return remarks
}
