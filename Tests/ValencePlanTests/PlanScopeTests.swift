import Testing
import ValenceCore

@testable import ValencePlan

/// The invariant of `PlanScope`: each reader makes each of its keys known, whatever the file has there.
@Suite("Keys that readers ask for")
struct PlanScopeTests {
  /// A value of every form that YAML has.
  private static let values = [
    "null", "true", "1", "-0.5", "word", "\"a text\"", "[]", "[1, 2]", "[[a, b]]", "{}", "{zz: 1}",
  ]

  /// The keys of all sections whose keys are fixed.
  private static func keys() throws -> [String] {
    let sections = ["audio", "features", "model", "training", "protocol", "report"]
    return try PlanReferenceTests.records().filter { sections.contains($0.key) }
      .flatMap { keys(of: $0, below: "") }
  }

  private static func keys(of record: KeyRecord, below path: String) -> [String] {
    let key = path.isEmpty ? record.key : "\(path).\(record.key)"
    return [key] + record.keys.flatMap { keys(of: $0, below: key) }
  }

  @Test("a key that a value of any form is given to stays known")
  func known() throws {
    let keys = try Self.keys()
    #expect(keys.count > 60)
    for key in keys {
      for value in Self.values {
        let said = complaints(EveryKeyTests.text, overrides: ["\(key)=\(value)"])
        #expect(!said.contains(" \(key): no such key"), "\(key)=\(value): \(said)")
      }
    }
  }

  @Test("the resolved file has the same keys in the same order, whatever a value is")
  func order() throws {
    let expected = Self.shown(try Self.resolved([]), "")
    for key in ["features.prosody", "model.rnn", "training.augmentation", "audio.trim_db"] {
      for value in Self.values {
        let found = Self.shown(try Self.resolved(["\(key)=\(value)"]), "")
        let others = { (keys: [String]) in keys.filter { !$0.hasPrefix(key) } }
        #expect(others(found) == others(expected), "\(key)=\(value)")
        #expect(found.contains(key), "\(key)=\(value)")
      }
    }
  }

  private static func resolved(_ overrides: [String]) throws -> ResolvedMap {
    let document = try PlanDocument(
      text: EveryKeyTests.text, file: "exp.yaml", folder: folder, overrides: overrides)
    var scope = PlanScope(
      document.root.entries ?? [], place: SourcePlace(file: "exp.yaml"),
      context: PlanContext(folder: folder, environment: environment))
    _ = Settings(from: &scope)
    return scope.resolved
  }

  private static func shown(_ map: ResolvedMap, _ path: String) -> [String] {
    map.shown.flatMap { key, value -> [String] in
      guard case .map(let inner) = value else { return [path + key] }
      return [path + key] + shown(inner, path + key + ".")
    }
  }
}
