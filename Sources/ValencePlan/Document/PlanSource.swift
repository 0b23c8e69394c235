import Foundation
import ValenceCore

/// How a plan was written, which is no part of what it says: any two are equal.
struct PlanSource: Hashable, Sendable {
  /// The file with the overrides in it.
  let root: PlanNode
  /// The file as the user named it.
  let file: String
  /// The folder that relative paths start from.
  let folder: URL
  /// Every key with the value that it has in the end.
  let resolved: ResolvedMap

  static func == (_: PlanSource, _: PlanSource) -> Bool { true }

  func hash(into _: inout Hasher) {}
}

/// Rewrites paths that are relative to one folder for another.
struct RelativePaths {
  private let old: [Substring]
  private let new: [Substring]

  init(from old: URL, to new: URL) {
    self.old = Self.parts(of: old.standardizedFileURL.absoluteURL.path)
    self.new = Self.parts(of: new.standardizedFileURL.absoluteURL.path)
  }

  private static func parts(of path: String) -> [Substring] {
    path.split(separator: "/").filter { $0 != "." }
  }

  /// The path from the new folder to what `path` leads to from the old one.
  func rewritten(_ path: String) -> String {
    let parts = Self.parts(of: path)
    // A variable may be several folders, so a .. after it cannot be resolved.
    let literal = parts.prefix { !$0.contains("${") }
    var target = old
    for part in literal {
      if part != ".." { target.append(part) } else if !target.isEmpty { target.removeLast() }
    }
    let shared = zip(target, new).prefix { $0 == $1 }.count
    let up = Array(repeating: Substring(".."), count: new.count - shared)
    let all = up + target.dropFirst(shared) + parts.dropFirst(literal.count)
    let start = all.isEmpty ? "." : all[0].hasPrefix("~") ? "./" : ""
    return start + all.joined(separator: "/") + (path.hasSuffix("/") ? "/" : "")
  }
}
