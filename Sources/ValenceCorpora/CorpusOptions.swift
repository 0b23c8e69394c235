package import Foundation

/// Where a corpus lies and how to read it.
package struct CorpusOptions: Hashable, Sendable {
  /// The readers of corpora.
  package enum Adapter: Hashable, Sendable {
    /// Livingstone and Russo (2018): seven two-digit codes in the file name.
    case ravdess
    /// Costantini et al. (2014): `EEE-SP-TT`.
    case emovo
    /// Latif et al. (2018): `SGX_FXX_EYY`.
    case urdu
    /// Burkhardt et al. (2005): `SSTTTEv`.
    case emodb
    /// Cao et al. (2014): `AAAA_SSS_EEE_LL`.
    case cremad
    /// Haq and Jackson (2009): `SP/ENN` or `SP_ENN`.
    case savee
    /// Dupuis and Pichora-Fuller (2010): `TTT_word_emotion`.
    case tess
    /// Poria et al. (2019): three tables, and clips `diaX_uttY` in a folder a split.
    case meld(labels: MELDLabels)
    /// A CSV with a row an utterance; `columns` maps Valence's words (`manifestColumns`) to the
    /// file's own.
    case manifest(columns: [String: String])
    /// A folder a class; `speaker` finds the speaker in the path below the class folder.
    ///
    /// With `emotion`, that finds the class, and both search the path below the corpus folder.
    case folders(speaker: PathPattern?, emotion: PathPattern? = nil)

    /// The readers of published corpora, by their names in the experiment file.
    package static let published: [(name: String, adapter: Adapter)] = [
      ("ravdess", .ravdess), ("emovo", .emovo), ("urdu", .urdu), ("emodb", .emodb),
      ("crema-d", .cremad), ("savee", .savee), ("tess", .tess), ("meld", .meld(labels: .emotion)),
    ]
    /// The adapters' names in the experiment file.
    package static let names = published.map(\.name) + ["manifest", "folders"]
    /// What a manifest's columns may say of an utterance.
    package static let manifestColumns = ManifestReader.Word.allCases.map(\.rawValue)
  }

  /// What MELD's tables say of an utterance; neither follows from the other.
  package enum MELDLabels: String, Hashable, Sendable, CaseIterable {
    /// One of seven emotions.
    case emotion
    /// Negative, neutral or positive.
    case sentiment
  }

  /// The name that the experiment file gives the corpus.
  package var name: String
  /// The reader.
  package var adapter: Adapter
  /// The folder, or for a manifest the CSV file (or a folder with `manifest.csv`).
  package var path: URL

  package init(name: String, adapter: Adapter, path: URL) {
    self.name = name
    self.adapter = adapter
    self.path = path
  }
}
