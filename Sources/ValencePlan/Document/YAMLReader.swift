import ValenceCore
import Yams

/// Turns YAML text into nodes that know their lines; the only caller of Yams.
struct YAMLReader {
  let file: String
  /// Whether lines mean anything: those of an override do not.
  var hasLines = true
  /// Aliases can name the same list over and over; a file that unfolds to more is refused.
  private var budget = 100_000

  init(file: String, hasLines: Bool = true) {
    self.file = file
    self.hasLines = hasLines
  }

  /// The tree of a text that holds one YAML document.
  mutating func read(_ text: String) throws(Problems) -> PlanNode {
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

  private mutating func node(_ node: Node) throws(Problems) -> PlanNode {
    budget -= 1
    guard budget >= 0 else {
      throw Problems([
        Problem("this file unfolds to more than 100000 values.", at: place(node.mark))
      ])
    }
    switch node {
    case .scalar(let scalar):
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
      for element in sequence { elements.append(try self.node(element)) }
      return PlanNode(content: .list(elements), place: place(sequence.mark))
    case .mapping(let mapping):
      if mapping.tag != .implicit {
        throw Problems([tagged(mapping.tag, at: mapping.mark)])
      }
      return PlanNode(content: .map(try entries(mapping)), place: place(mapping.mark))
    case .alias(let alias):
      throw Problems([
        Problem("the alias '*\(alias.anchor)' has no anchor.", at: place(alias.mark))
      ])
    }
  }

  private mutating func entries(_ mapping: Node.Mapping) throws(Problems) -> [PlanNode.Entry] {
    var entries: [PlanNode.Entry] = []
    for (key, value) in mapping {
      guard case .scalar(let scalar) = key, !scalar.string.isEmpty else {
        throw Problems([Problem("a key must be a word, as in epochs: 60.", at: place(key.mark))])
      }
      entries.append(
        PlanNode.Entry(key: scalar.string, place: place(key.mark), value: try node(value)))
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
        "this key stands twice in the same map; keep one.", at: place(context.mark),
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
