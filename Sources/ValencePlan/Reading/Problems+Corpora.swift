package import ValenceCore
package import ValenceCorpora

extension Problems {
  /// Errors in a corpus on disk, under the key that describes it.
  package init(_ errors: CorpusErrors, corpus: String) {
    self.init(errors.all.map { Problem($0.description, key: "corpora.\(corpus)") })
  }

  /// Labels of a corpus that the label space does not know.
  package init(_ errors: ErrorList<LabelError>) {
    self.init(errors.all.map { Problem($0.description, key: FoldError.Field.labels.key) })
  }

  /// Errors in the folds of a corpus.
  package init(_ errors: FoldErrors, corpus: String) {
    self.init(errors.all.map { Problem("corpus \(corpus): \($0)", key: $0.field.key) })
  }
}
