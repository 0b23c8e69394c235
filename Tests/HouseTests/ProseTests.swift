import Foundation
import Testing

@Suite("The pages for readers")
struct ProseTests {
  /// Columns of a line of prose.
  private static let width = 110

  private static func pages() throws -> [(path: String, lines: [String])] {
    let catalog = "Sources/ValenceCLI/Valence.docc"
    let readmes = ["README.md", "Sources/README.md", "Experiments/README.md"].map {
      House.root.appending(path: $0)
    }
    let pages = try FileManager.default.contentsOfDirectory(
      at: House.root.appending(path: catalog), includingPropertiesForKeys: nil)
    return try (readmes + pages.filter { $0.pathExtension == "md" }).map {
      let path = $0.path.replacing(House.root.path + "/", with: "")
      return (path, try String(contentsOf: $0, encoding: .utf8).components(separatedBy: "\n"))
    }
  }

  @Test("no line of prose is longer than 110 columns")
  func width() throws {
    let pages = try Self.pages()
    #expect(pages.count > 9, "found only \(pages.map(\.path))")
    for (path, lines) in pages {
      for line in Self.tooLong(lines) {
        Issue.record("\(path):\(line) is longer than \(Self.width) columns")
      }
    }
  }

  @Test("tables, code and addresses may be as long as they are")
  func exceptions() {
    let long = String(repeating: "word ", count: 23)
    let address = String(repeating: "a", count: Self.width)
    #expect(Self.tooLong([long]) == [1])
    #expect(Self.tooLong(["| \(long) |", "```sh", long, "```", long]) == [5])
    #expect(
      Self.tooLong(["[words](\(address))", "https://\(address)", "![picture](\(address))"]) == [])
    #expect(Self.tooLong([long + "[words](a.md)"]) == [1])
  }

  @Test("README has at most 150 lines")
  func length() throws {
    let readme = try #require(try Self.pages().first { $0.path == "README.md" })
    #expect(readme.lines.count <= 151, "README.md has \(readme.lines.count - 1) lines")
  }

  @Test("what a page links to exists, headings included")
  func links() throws {
    for (path, lines) in try Self.pages() {
      let page = House.root.appending(path: path)
      for match in lines.joined(separator: "\n").matches(of: /\]\(([^)#:]*)(?:#([^)]*))?\)/) {
        let target = String(match.1)
        let url = target.isEmpty ? page : page.deletingLastPathComponent().appending(path: target)
        guard FileManager.default.fileExists(atPath: url.path) else {
          Issue.record("\(path): there is no \(target)")
          continue
        }
        guard let anchor = match.2 else { continue }
        let text = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n")
        #expect(
          text.filter { $0.hasPrefix("#") }.map(Self.anchor).contains(String(anchor)),
          "\(path): \(target) has no heading #\(anchor)")
      }
    }
  }

  /// What a heading is called in an address.
  private static func anchor(_ heading: String) -> String {
    let words = heading.drop { $0 == "#" }.lowercased().split(separator: " ")
    return words.joined(separator: "-").filter { $0.isLetter || $0.isNumber || "-_".contains($0) }
  }

  /// The numbers of the lines that are too long without the addresses in them.
  private static func tooLong(_ lines: [String]) -> [Int] {
    var isCode = false
    var found: [Int] = []
    for (index, line) in lines.enumerated() {
      if line.drop(while: { $0 == " " }).hasPrefix("```") { isCode.toggle() }
      if isCode || line.drop(while: { $0 == " " }).hasPrefix("|") { continue }
      let prose = line.replacing(/\]\([^)]*\)|https?:\S+/, with: "")
      if prose.count > width { found.append(index + 1) }
    }
    return found
  }
}
