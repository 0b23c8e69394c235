import Foundation
import Testing

@Suite("Signatures")
struct SignatureTests {
  @Test("a signature has at most five parameters")
  func parameters() throws {
    for (path, lines) in try House.sources(["swift"]) {
      for signature in Self.signatures(in: lines.joined(separator: "\n")) {
        #expect(
          signature.parameters <= 5,
          "\(path): \(signature.name) has \(signature.parameters): an options struct, or a type of its own"
        )
      }
    }
  }

  @Test("parameters are counted, and not the commas within them")
  func counting() {
    func count(_ text: String) -> [Int] { Self.signatures(in: text).map(\.parameters) }
    #expect(count("func a() {}") == [0])
    #expect(count("func a<T, U>(_ x: [String: (Int, Int)], y: Int = max(1, 2)) {") == [2])
    #expect(count("init?(\n  a: Int,\n  b: (Int, Int) -> Void\n) {") == [2])
    #expect(count("static func < (a: Int, b: Int) -> Bool {") == [2])
  }

  private static func signatures(in text: String) -> [(name: String, parameters: Int)] {
    let start = /\b(func\s+[^\s(<]+|func\s+<|init\??)\s*(?:<[^>(]*>)?\s*\(/
    return text.matches(of: start).map { match in
      var (depth, commas, isEmpty) = (1, 0, true)
      for character in text[match.range.upperBound...] {
        if "([{".contains(character) { depth += 1 }
        if ")]}".contains(character) { depth -= 1 }
        if depth == 0 { break }
        if character == ",", depth == 1 { commas += 1 }
        if !character.isWhitespace { isEmpty = false }
      }
      let name = String(match.1).replacing("func ", with: "")
      return (name, isEmpty ? 0 : commas + 1)
    }
  }
}
