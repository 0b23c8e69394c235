import Foundation
import Testing

@Suite("Sizes")
struct SizeTests {
  @Test("no source file is longer than 300 lines, no test file longer than 600")
  func files() throws {
    let endings: Set = ["swift", "c", "h", "cpp"]
    for (folder, most) in [("Sources", 300), ("Tests", 600)] {
      for (path, lines) in try House.files(below: folder, endings) {
        #expect(lines.count <= most + 1, "\(folder)/\(path) has \(lines.count - 1) lines")
      }
    }
  }

  @Test("no function is longer than 50 lines")
  func functions() throws {
    var count = 0
    for (path, lines) in try House.sources(["swift"]) {
      for function in Self.functions(in: lines) {
        count += 1
        #expect(
          function.lines <= 50, "Sources/\(path):\(function.start) has \(function.lines) lines")
      }
    }
    #expect(count > 1500, "only \(count) functions were found")
  }

  @Test("no target holds more than 15 % of the Swift")
  func targets() throws {
    var sizes: [String: Int] = [:]
    for (path, lines) in try House.sources(["swift"]) {
      sizes[String(path.prefix { $0 != "/" }), default: 0] += lines.count - 1
    }
    let all = sizes.values.reduce(0, +)
    for (target, size) in sizes {
      #expect(100 * size <= 15 * all, "\(target) has \(size) of \(all) lines")
    }
  }

  @Test("a function ends at the brace below its beginning")
  func measuring() {
    let text = """
      struct A {
        private static func a(
          b: Int
        ) {
          if b > 0 {
          }
        }

        init(c: Int) { d = c }
        func inline() -> Int { 1 }
        subscript(row: Int) -> Int {
          row
        }
      }
      """
    let found = Self.functions(in: text.components(separatedBy: "\n"))
    #expect(found.map(\.start) == [2, 9, 10, 11])
    #expect(found.map(\.lines) == [6, 1, 1, 3])
  }

  /// The functions, initializers and subscripts of a file, formatted as all of ours are: each with its
  /// first line, from 1, and its number of lines.
  private static func functions(in lines: [String]) -> [(start: Int, lines: Int)] {
    let beginning =
      /^ *(?:@\w+(?:\([^)]*\))? |[a-z]+(?:\([a-z]+\))? )*(?:func |init[?(<]|subscript\()/
    return lines.indices.compactMap { index in
      guard lines[index].prefixMatch(of: beginning) != nil else { return nil }
      let indent = lines[index].prefix { $0 == " " }
      let isWhole = lines[index].hasSuffix("}")
      let end =
        isWhole ? index : lines[index...].firstIndex { $0.hasPrefix(indent + "}") } ?? index
      return (index + 1, end - index + 1)
    }
  }
}
