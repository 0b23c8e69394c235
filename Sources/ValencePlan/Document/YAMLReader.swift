import ValenceCore
import Yams

/// Turns YAML text into nodes that know their lines; the only caller of Yams.
struct YAMLReader {
  let file: String
  /// Whether lines mean anything: those of an override do not.
  var hasLines = true
  /// Aliases can name the same list over and over; a file that unfolds to more is refused.
  private var budget = Self.mostValues

  /// An experiment file is a page or two; what goes beyond these is a mistake, or made to do harm.
  private static let mostBytes = 4_000_000
  private static let mostValues = 100_000
  private static let mostKeys = 10_000
  private static let mostLevels = 64
  private static let mostBytesOfAValue = 10_000

  init(file: String, hasLines: Bool = true) {
    self.file = file
    self.hasLines = hasLines
  }

  /// The tree of a text that holds one YAML document.
  mutating func read(_ text: String) throws(Problems) -> PlanNode {
    guard text.utf8.count <= Self.mostBytes else {
      throw Problems([
        Problem("this file has more than \(Self.mostBytes) bytes.", at: place(nil))
      ])
    }
    try refuseUnboundedKeys(text)
    do {
      let root = try Yams.compose(yaml: text, .basic, .default, .utf8)
      return try root.map { try node($0) }
        ?? PlanNode(content: .scalar("", isQuoted: false), place: place(nil))
    } catch let problems as Problems {
      throw problems
    } catch let error as YamlError {
      throw Problems([problem(error, in: text)])
    } catch {
      throw Problems([Problem("this is not well-formed YAML: \(error).", at: place(nil))])
    }
  }

  private func place(_ mark: Mark?) -> SourcePlace {
    SourcePlace(file: file, line: hasLines ? mark?.line : nil)
  }

  // MARK: - Aliases as keys

  /// Refuses keys that are aliases or no words: Yams compares the keys of a map by all that they unfold
  /// to, which a few lines of aliases make endless.
  ///
  /// They are looked for in a copy of the text without aliases: a letter that it does not have stands for
  /// every `*`, which changes no structure and at most the content of scalars, not read here.
  private func refuseUnboundedKeys(_ text: String) throws(Problems) {
    guard text.utf8.contains(UInt8(ascii: "*")) else { return }
    let used = Set(text.unicodeScalars)
    guard
      let letter = (UInt32(0xE000)...0xF8FF).lazy.compactMap(Unicode.Scalar.init(_:))
        .first(where: { !used.contains($0) })
    else {
      throw Problems([Problem("this file uses all letters for private use.", at: place(nil))])
    }
    let harmless = String(
      String.UnicodeScalarView(text.unicodeScalars.map { $0 == "*" ? letter : $0 }))
    do {
      let root = try Yams.compose(yaml: harmless, .basic, .default, .utf8)
      if let root { try refuseUnboundedKeys(of: root, alias: letter) }
    } catch let problems as Problems {
      throw problems
    } catch let error as YamlError {
      let found = problem(error, in: text)
      throw Problems([
        Problem(
          found.message, at: found.place,
          key: found.key?.replacing("\(Character(letter))", with: "*"))
      ])
    } catch {
      throw Problems([Problem("this is not well-formed YAML: \(error).", at: place(nil))])
    }
  }

  private func refuseUnboundedKeys(of node: Node, alias: Unicode.Scalar) throws(Problems) {
    switch node {
    case .scalar, .alias: break
    case .sequence(let sequence):
      for element in sequence { try refuseUnboundedKeys(of: element, alias: alias) }
    case .mapping(let mapping):
      for (key, value) in mapping {
        guard case .scalar(let scalar) = key else { throw Problems([noWord(key)]) }
        if scalar.style == .plain, scalar.string.unicodeScalars.first == alias {
          let name = String(scalar.string.unicodeScalars.dropFirst())
          throw Problems([
            Problem(
              "the alias '*\(name)' cannot be a key; write the word.", at: place(key.mark))
          ])
        }
        try refuseUnboundedKeys(of: value, alias: alias)
      }
    }
  }

  private func noWord(_ key: Node) -> Problem {
    Problem("a key must be a word, as in epochs: 60.", at: place(key.mark))
  }

  // MARK: - Nodes

  /// - Parameter level: how deep the node is nested.
  private mutating func node(_ node: Node, level: Int = 0) throws(Problems) -> PlanNode {
    budget -= 1
    guard budget >= 0 else {
      throw Problems([
        Problem("this file unfolds to more than \(Self.mostValues) values.", at: place(node.mark))
      ])
    }
    guard level <= Self.mostLevels else {
      throw Problems([
        Problem(
          "this value is nested more than \(Self.mostLevels) levels deep.", at: place(node.mark))
      ])
    }
    switch node {
    case .scalar(let scalar):
      try refuseLong(scalar)
      let (tag, text) = (scalar.tag.rawValue, Tag.Name.str.rawValue)
      let isQuoted = tag == text || scalar.style != .plain
      if tag != text, isQuoted || tag != Tag.Name.implicit.rawValue {
        throw Problems([tagged(scalar.tag, at: scalar.mark)])
      }
      return PlanNode(
        content: .scalar(scalar.string, isQuoted: isQuoted), place: place(scalar.mark))
    case .sequence(let sequence):
      if sequence.tag != .implicit {
        throw Problems([tagged(sequence.tag, at: sequence.mark)])
      }
      var elements: [PlanNode] = []
      for element in sequence { elements.append(try self.node(element, level: level + 1)) }
      return PlanNode(content: .list(elements), place: place(sequence.mark))
    case .mapping(let mapping):
      if mapping.tag != .implicit {
        throw Problems([tagged(mapping.tag, at: mapping.mark)])
      }
      return PlanNode(
        content: .map(try entries(mapping, level: level + 1)), place: place(mapping.mark))
    case .alias(let alias):
      throw Problems([
        Problem("the alias '*\(alias.anchor)' has no anchor.", at: place(alias.mark))
      ])
    }
  }

  private func refuseLong(_ scalar: Node.Scalar) throws(Problems) {
    guard scalar.string.utf8.count > Self.mostBytesOfAValue else { return }
    throw Problems([
      Problem(
        "a text here has more than \(Self.mostBytesOfAValue) bytes (it begins "
          + "'\(scalar.string.prefix(20))').", at: place(scalar.mark))
    ])
  }

  private mutating func entries(
    _ mapping: Node.Mapping, level: Int
  ) throws(Problems) -> [PlanNode.Entry] {
    guard mapping.count <= Self.mostKeys else {
      throw Problems([
        Problem("a map here has more than \(Self.mostKeys) keys.", at: place(mapping.mark))
      ])
    }
    var entries: [PlanNode.Entry] = []
    for (key, value) in mapping {
      guard case .scalar(let scalar) = key, !scalar.string.isEmpty else {
        throw Problems([noWord(key)])
      }
      try refuseLong(scalar)
      entries.append(
        PlanNode.Entry(
          key: scalar.string, place: place(key.mark), value: try node(value, level: level)))
    }
    return entries
  }

  private func tagged(_ tag: Tag, at mark: Mark?) -> Problem {
    Problem(
      "the tag '\(tag.rawValue)' is not understood; write the plain value.", at: place(mark))
  }

  private func problem(_ error: YamlError, in text: String) -> Problem {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let line = lines.indices.contains(mark.line - 1) ? lines[mark.line - 1] : ""
      if line.prefix(while: \.isWhitespace).contains("\t") {
        return Problem("a tab cannot indent YAML; use spaces.", at: place(mark))
      }
      if problem == "but found another document" {
        return Problem(
          "a second document begins here; one file is one experiment.", at: place(mark))
      }
      return Problem("this is not well-formed YAML: \(problem).", at: place(mark))
    case .duplicatedKeysInMapping(let duplicates, let context):
      return Problem(
        "this map has the key twice; keep one.", at: place(context.mark),
        key: duplicates.first)
    case .reader(let problem, let offset, _, _):
      let line = offset.map { text.prefix($0).count { $0 == "\n" || $0 == "\r\n" } + 1 }
      return Problem(
        "this is not well-formed YAML: \(problem).",
        at: SourcePlace(file: file, line: hasLines ? line : nil))
    default:
      return Problem("this is not well-formed YAML: \(error).", at: place(nil))
    }
  }
}
