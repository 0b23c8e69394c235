package import Foundation

/// Where a corpus is and how to read it.
package struct CorpusOptions: Hashable, Sendable {
  /// The readers of corpora.
  package enum Adapter: Hashable, Sendable {
    /// A published corpus whose file names say everything.
    case fileName(FileNameCode)
    /// Poria et al. (2019): three tables, and clips `diaX_uttY` in a folder a split.
    case meld(labels: MELDLabels)
    /// A CSV with a row an utterance; `columns` maps Valence's words (`manifestColumns`) to the
    /// file's own.
    case manifest(columns: [String: String])
    /// A folder a class; `speaker` finds the speaker in the path below the class folder.
    ///
    /// With `emotion`, that finds the class, and both search the path below the corpus folder.
    case folders(speaker: PathPattern?, emotion: PathPattern? = nil)

    /// The readers of published corpora, by the words that choose them.
    package static let published: [(word: String, adapter: Adapter)] =
      FileNameCode.published.map { ($0.word, .fileName($0)) } + [("meld", .meld(labels: .emotion))]
    /// The word that chooses this one.
    package var word: String {
      switch self {
      case .fileName(let code): code.word
      case .meld: "meld"
      case .manifest: "manifest"
      case .folders: "folders"
      }
    }
    /// Whether it reads one published corpus, which is the same wherever it lies.
    package var isPublished: Bool {
      switch self {
      case .fileName, .meld: true
      case .manifest, .folders: false
      }
    }
    /// The words that choose an adapter.
    package static let words = published.map(\.word) + ["manifest", "folders"]
    /// The columns of a manifest that Valence reads.
    package static let manifestColumns = ManifestReader.Column.allCases.map(\.rawValue)
  }

  /// The two annotations in MELD's tables; neither follows from the other.
  package enum MELDLabels: String, Hashable, Sendable, CaseIterable {
    /// One of seven emotions.
    case emotion
    /// Negative, neutral or positive.
    case sentiment
  }

  /// Whose statistics normalize the clips of a corpus that declares its own.
  package enum Statistics: String, Hashable, Sendable, CaseIterable {
    /// Those of the whole corpus.
    case corpus
    /// Those of each speaker.
    case speaker
  }

  /// The name that the experiment file gives the corpus.
  package var name: String
  /// The reader.
  package var adapter: Adapter
  /// The folder, or for a manifest the CSV file (or a folder with `manifest.csv`).
  package var path: URL
  /// What replaces the statistics of other corpora for this one; nil where it is normalized as they are.
  package var statistics: Statistics?

  package init(name: String, adapter: Adapter, path: URL) {
    self.name = name
    self.adapter = adapter
    self.path = path
  }
}
