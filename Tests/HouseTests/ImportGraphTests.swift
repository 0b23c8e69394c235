import Foundation
import Testing

@Suite("The rules of the house")
struct ImportGraphTests {
  @Test("a target imports only what stands in its row of the table")
  func imports() throws {
    var seen: Set<String> = []
    for (path, lines) in try House.sources(["swift"]) {
      let target = String(path.prefix { $0 != "/" })
      let allowed = try #require(House.mayImport[target], "\(path) belongs to no known target")
      for (number, line) in lines.enumerated() {
        guard let module = Self.importedModule(line) else { continue }
        seen.insert(target)
        #expect(
          allowed.contains(module) || House.everywhere.contains(module),
          "Sources/\(path):\(number + 1): \(target) may not import \(module)")
      }
    }
    #expect(seen.count == House.mayImport.count, "some targets import nothing: \(seen.sorted())")
  }

  @Test("each outside library has one door")
  func doors() {
    var doors: [String: [String]] = [:]
    for (target, modules) in House.mayImport {
      for module in modules where !module.hasPrefix("Valence") {
        doors[module, default: []].append(target)
      }
    }
    for (module, targets) in doors { #expect(targets.count == 1, "\(module): \(targets)") }
  }

  @Test("imports point downwards: the table has no cycle")
  func noCycle() {
    var left = House.mayImport.mapValues { $0.filter { $0.hasPrefix("Valence") } }
    while let free = left.first(where: { $0.value.isEmpty })?.key {
      left[free] = nil
      for target in left.keys { left[target]?.remove(free) }
    }
    #expect(left.isEmpty, "these import each other: \(left.keys.sorted())")
  }

  @Test("only kernels, audio and the doors of five files write unsafe code")
  func unsafeCode() throws {
    for (path, lines) in try House.sources(["swift"]) {
      guard !House.mayBeUnsafe.contains(where: path.hasPrefix) else { continue }
      for (number, line) in lines.enumerated() {
        let code = line.components(separatedBy: "//")[0]
        let isUnsafe = code.contains(/\bunsafe\b|nonisolated\(unsafe\)|@unsafe|UnsafeMutable/)
        #expect(!isUnsafe, "Sources/\(path):\(number + 1): unsafe code")
      }
    }
  }

  @Test("the map of the house names every target")
  func map() throws {
    let map = try String(
      contentsOf: House.root.appending(path: "Sources/README.md"), encoding: .utf8)
    for target in House.mayImport.keys {
      #expect(map.contains("`\(target)`"), "Sources/README.md does not name \(target)")
    }
  }

  private static func importedModule(_ line: String) -> String? {
    guard let match = line.firstMatch(of: /^(?:@\w+ )?(?:package |internal )?import (?:\w+ )?(\w+)/)
    else { return nil }
    return String(match.1)
  }
}
