import ValenceCore

extension PlanScope {
  /// The value of a key of a sweep as the resolved file shows it: its paths are known for paths.
  ///
  /// - Parameter key: what the node is a value of, for example `features.encoder`; empty for none.
  func swept(_ node: PlanNode, of key: String) -> ResolvedValue {
    switch node.content {
    case .list(let elements): return .list(elements.map { swept($0, of: key) })
    case .map(let entries):
      var map = ResolvedMap()
      for entry in entries {
        map.add(entry.key, swept(entry.value, of: key.isEmpty ? entry.key : "\(key).\(entry.key)"))
      }
      return .map(map)
    case .scalar:
      let value = ResolvedValue(of: node)
      guard case .text(let written) = value, Settings.pathKeys.contains(key) else { return value }
      return path(written, at: node)
    }
  }

  /// A path as the resolved file has it: as it was written, or, if it stands in another file that this one
  /// extends, relative to this one.
  func path(_ written: String, at node: PlanNode?) -> ResolvedValue {
    let isRelative = (try? context.expanded(written)).map { !$0.hasPrefix("/") } ?? false
    let base = node.flatMap { context.baseFolders[$0.place.file] }
    guard isRelative, let base else { return .path(written, isRelative: isRelative) }
    let moved = RelativePaths(from: base, to: context.folder).rewritten(written)
    return .path(moved, isRelative: true)
  }
}
