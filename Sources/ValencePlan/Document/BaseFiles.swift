import Foundation
import ValenceCore

/// Reads what an experiment file `extends`, and puts the file's keys over it.
struct BaseFiles {
  private let environment: [String: String]
  /// The folder of each file that was read, by the name that messages give the file: relative paths
  /// start from the file that has them.
  private(set) var folders: [String: URL] = [:]

  init(environment: [String: String]) { self.environment = environment }

  /// A file with its place on disk.
  struct File {
    /// As messages name it.
    let name: String
    let folder: URL
    /// Without symbolic links, to find a circle by.
    let real: ExactName

    init(name: String, folder: URL) {
      self.name = name
      self.folder = folder
      let url = folder.appending(path: (name as NSString).lastPathComponent)
      real = ExactName(url.resolvingSymlinksInPath().path)
    }
  }

  /// The keys of `root` over those of the file that it extends, if it extends one.
  ///
  /// - Parameter chain: the file of `root`, then those that extend it, nearest first.
  /// - Throws: `Problems` at the line of `extends` or in the base, if the base cannot be read.
  mutating func complete(_ root: PlanNode, chain: [File]) throws(Problems) -> PlanNode {
    guard let entry = root.entries?.first(where: { $0.key == "extends" }) else { return root }
    let base = try file(entry, from: chain[0])
    if let twin = chain.first(where: { $0.real == base.real }) {
      throw problem(
        entry,
        twin.real == chain[0].real
          ? "a file cannot extend itself."
          : "\(twin.name) extends this file already, so neither can be read first.")
    }
    folders[base.name] = base.folder
    let text = try PlanDocument.text(ofFile: base.folder.path + "/" + base.lastName, as: base.name)
    let below = try PlanDocument.root(of: text, file: base.name, use: "there is nothing to extend")
    var own = root
    own.remove(at: ["extends"])
    return own.laid(over: try complete(below, chain: [base] + chain))
  }

  private func problem(_ entry: PlanNode.Entry, _ message: String) -> Problems {
    Problems([Problem(message, at: entry.place, key: entry.key)])
  }

  private func file(_ entry: PlanNode.Entry, from file: File) throws(Problems) -> File {
    guard let written = entry.value.text, !written.isEmpty else {
      throw problem(entry, "expected the path of one file, found \(entry.value.found).")
    }
    let context = PlanContext(folder: file.folder, environment: environment)
    let path: String
    let url: URL
    do {
      path = try context.expanded(written)
      url = try context.existing(path, from: file.folder, as: [.file])
    } catch {
      throw problem(entry, error.sentence)
    }
    let beside = (file.name as NSString).deletingLastPathComponent
    let name = path.hasPrefix("/") ? path : (beside as NSString).appendingPathComponent(path)
    return File(name: name, folder: url.deletingLastPathComponent())
  }
}

extension BaseFiles.File {
  fileprivate var lastName: String { (name as NSString).lastPathComponent }
}

extension PlanNode {
  /// This value over another: maps are merged key by key, everything else takes the other's place.
  ///
  /// A choice between forms cannot be merged from two choices, so it replaces the other as a whole:
  /// `sweep`, `protocol.within`, `protocol.validation`, a corpus with another adapter, and labels with
  /// classes of their own.
  func laid(over base: PlanNode, path: [String] = []) -> PlanNode {
    guard let own = entries, var merged = base.entries, !replaces(base, at: path) else {
      return self
    }
    for entry in own {
      guard let index = merged.firstIndex(where: { $0.key == entry.key }) else {
        merged.append(entry)
        continue
      }
      var entry = entry
      entry.value = entry.value.laid(over: merged[index].value, path: path + [entry.key])
      merged[index] = entry
    }
    return PlanNode(content: .map(merged), place: place)
  }

  private func replaces(_ base: PlanNode, at path: [String]) -> Bool {
    switch path {
    case ["sweep"], ["protocol", "within"], ["protocol", "validation"]: return true
    case ["labels"]: return value(at: ["classes"]) != nil
    case _ where path.count == 2 && path[0] == "corpora":
      let (own, other) = (value(at: ["adapter"])?.text, base.value(at: ["adapter"])?.text)
      return own != nil && own != other
    default: return false
    }
  }
}
