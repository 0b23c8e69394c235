import Foundation
import Testing

@Suite("Keys of the experiment file")
struct KeyTests {
  /// The targets that know options, but not what a file calls them.
  private static let targets = [
    "ValenceCore/", "ValenceKernels/", "ValenceAudio/", "ValenceCorpora/", "ValenceEncoders/",
    "ValenceFeatures/", "ValenceNN/", "ValenceEvaluation/",
  ]

  /// Every dotted key of `PlanReference.md`, whose tables are those of the readers (`PlanReferenceTests`).
  private static func keys() throws -> [String] {
    // Where a file chooses a name, as in `corpora.NAME.path`, what comes before it is looked for.
    try rows().map { String($0.prefix { !$0.isUppercase && $0 != "*" }) }.filter {
      $0.contains(".")
    }
  }

  private static func rows() throws -> [String] {
    let page = House.root.appending(path: "Sources/ValenceCLI/Valence.docc/PlanReference.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    return text.matches(of: /(?m)^\| `([A-Za-z_.*]+)` \|/).map { String($0.1) }
  }

  @Test("no sentence of the layers below the plan has a key of the experiment file")
  func sentences() throws {
    let keys = try Set(Self.keys())
    #expect(keys.count > 80 && keys.isSuperset(of: ["features.hop_ms", "corpora."]))
    for (path, lines) in try House.sources(["swift"])
    where Self.targets.contains(where: path.hasPrefix) {
      for (number, text) in Self.literals(lines) {
        for key in keys where Self.has(key, in: text) {
          Issue.record(
            "\(path):\(number) has the key \(key): name the field of the options instead (Misfit)")
        }
      }
    }
  }

  @Test("sentences on corpora and folds have no last part of a key either")
  func parts() throws {
    let parts = try Set(Self.rows().compactMap { $0.split(separator: ".").last.map(String.init) })
    #expect(parts.isSuperset(of: ["speaker_folds", "missing_classes", "columns", "train_on"]))
    for (path, lines) in try House.sources(["swift"]) where path.hasPrefix("ValenceCorpora/") {
      for (number, text) in Self.literals(lines) {
        for part in parts where Self.names(part, in: text) {
          Issue.record("\(path):\(number) has the key \(part): name the field instead (Misfit)")
        }
      }
    }
  }

  /// Whether a text has the last part of a key that is no common word, or begins with one as a message does.
  private static func names(_ part: String, in text: String) -> Bool {
    part.contains("_") && has(part, in: text)
      || text.drop { $0 == " " }.hasPrefix(part + ":")
  }

  @Test("keys are found in literals of one line and of several, and not in code or comments")
  func finding() {
    let lines = [
      "/// `features.fusion` is \"features.fusion\".", "let a = \"use features.fusion: mel\"",
      "let b = \"\\(features.fusion)\"", "let c = \"\"\"", "  set features.fusion.", "  \"\"\"",
      "if features.fusion == .mel { say(\"myfeatures.fusions\") }",
    ]
    let found = Self.literals(lines).filter { Self.has("features.fusion", in: $0.text) }
    #expect(found.map(\.line) == [2, 5])
    #expect(Self.has("corpora.", in: "corpora.mine"))
    #expect(Self.names("speaker_folds", in: "use speaker_folds, or"))
    #expect(!Self.names("speaker_folds", in: "use speaker_foldsets"))
    #expect(
      Self.names("speaker", in: "  speaker: '") && !Self.names("speaker", in: "the speaker: a"))
  }

  private static func has(_ key: String, in text: String) -> Bool {
    text.ranges(of: key).contains { range in
      let before = text[..<range.lowerBound].last
      let after = text[range.upperBound...].first
      let isOpen = key.hasSuffix(".")
      return !(before.map(isPart) ?? false) && (isOpen || !(after.map(isPart) ?? false))
    }
  }

  private static func isPart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  /// The text of string literals without what is interpolated, line by line.
  private static func literals(_ lines: [String]) -> [(line: Int, text: String)] {
    var isInside = false
    var found: [(line: Int, text: String)] = []
    for (index, line) in lines.enumerated() {
      let code = line.drop { $0 == " " }
      if !isInside, code.hasPrefix("//") { continue }
      let plain = line.replacing(/\\\((?:[^()]|\([^()]*\))*\)/, with: "")
      if plain.contains("\"\"\"") {
        isInside.toggle()
      } else if isInside {
        found.append((index + 1, plain))
      } else {
        for match in plain.matches(of: /"((?:\\.|[^"\\])*)"/) {
          found.append((index + 1, String(match.1)))
        }
      }
    }
    return found
  }
}
