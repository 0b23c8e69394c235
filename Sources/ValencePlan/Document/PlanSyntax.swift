package import Foundation

/// Values as an experiment file has them, for programs that write one.
package enum PlanSyntax {
  /// A text as YAML takes it for that very text: plain, or in double quotes where it has to be.
  package static func text(_ text: String) -> String { ResolvedValue.quotedWhereNeeded(text) }

  /// A list of texts on one line.
  package static func list(_ texts: [String]) -> String {
    ResolvedValue.list(texts.map(ResolvedValue.text)).flow
  }

  /// A path that starts from `old`, changed to lead to the same place from the experiment file's folder;
  /// an absolute one stays.
  package static func path(_ path: String, from old: URL, to folder: URL) -> String {
    path.hasPrefix("/") ? path : RelativePaths(from: old, to: folder).rewritten(path)
  }
}
