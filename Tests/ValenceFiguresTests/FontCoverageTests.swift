import Foundation
import Testing
import ValenceTestSupport

@testable import ValenceFigures

@Suite("Which characters have a font")
struct FontCoverageTests {
  @Test("the fonts are asked for once, however many characters are in question")
  func once() throws {
    try TemporaryFolder.with { folder in
      let program = folder.url.appending(path: "fc-list")
      let calls = folder.url.appending(path: "calls")
      try writeShellProgram(
        "echo x >> '\(calls.path)'; echo ':charset=20-7e 4e00-4e02'; echo ':charset=4e05'; echo a >&2",
        to: program)
      let fonts = FontCoverage(program: program.path)
      #expect(fonts.uncovered("plain text, ärger, чувство ±Δ→−") == [])
      #expect(!FileManager.default.fileExists(atPath: calls.path), "it was asked without need")
      #expect(
        fonts.uncovered("\u{4e00}\u{4e02}\u{4e03}\u{4e05}\u{4e04}\u{4e03}") == [
          "\u{4e03}", "\u{4e04}",
        ])
      #expect(fonts.uncovered("\u{4e06}") == ["\u{4e06}"])
      #expect(try String(contentsOf: calls, encoding: .utf8) == "x\n")
    }
  }

  @Test(
    "where it cannot be found out every character counts as covered, after the time limit at most")
  func unknown() throws {
    #expect(FontCoverage(program: "no-such-fc-list").uncovered("\u{4e00}") == [])
    try TemporaryFolder.with { folder in
      let program = folder.url.appending(path: "fc-list")
      try writeShellProgram("exec sleep 600", to: program)
      let fonts = FontCoverage(program: program.path, limitS: 0.3)
      #expect(fonts.uncovered("\u{4e00}") == [])
    }
  }

  @Test("lists of ranges are read, and what is none is passed over")
  func ranges() {
    #expect(
      FontCoverage.ranges("warning\n:charset=20-7e zz a0\n:charset=a0\n").sorted {
        $0.lowerBound < $1.lowerBound
      } == [0x20...0x7E, 0xA0...0xA0])
  }
}
