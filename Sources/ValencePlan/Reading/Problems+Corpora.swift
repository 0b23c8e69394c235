package import ValenceCore
package import ValenceCorpora

extension Problems {
  /// Errors in a corpus on disk, under the keys that describe it.
  package init(_ errors: CorpusErrors, corpus: String) {
    self.init(errors.all.map { Problem($0.misfit) { $0.key(in: corpus) } })
  }

  /// Labels of a corpus that the label space does not know.
  package init(_ errors: ErrorList<LabelError>) {
    self.init(
      errors.all.map { error in Problem(error.misfit) { $0.key(in: error.corpus) } })
  }

  /// Errors in the folds of a corpus, which each sentence names.
  package init(_ errors: FoldErrors, corpus: String) {
    self.init(
      errors.all.map { Problem($0.misfit, before: "corpus \(corpus): ") { $0.key(in: corpus) } })
  }
}
