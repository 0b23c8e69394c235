import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceFigures

@Suite("The parts of a drawing")
struct DrawingTests {
  @Test("wrapped lines fit and lose nothing but the spaces at their ends")
  func wrapping() {
    var random = RandomStream(seed: 7, "wrapping")
    let alphabet = Array("aiMW .,_-/ö→")
    for _ in 0..<200 {
      let length = Int.random(in: 0..<80, using: &random)
      let text = String((0..<length).map { _ in alphabet.randomElement(using: &random) ?? "a" })
      let width = Double.random(in: 4..<60, using: &random)
      let lines = TextStyle.label.wrapped(text, widthMm: width)
      #expect(lines.allSatisfy { TextStyle.label.widthMm($0) <= width + 1e-6 }, "\(text), \(width)")
      let letters = { (text: String) in text.filter { $0 != " " } }
      #expect(letters(lines.joined()) == letters(text))
      let short = TextStyle.label.wrapped(text, widthMm: width, lines: 2)
      #expect(short.count <= 2)
      #expect(short.allSatisfy { TextStyle.label.widthMm($0) <= width + 1e-6 }, "\(text), \(width)")
    }
  }

  @Test("a name that is too long keeps its head and tail")
  func ellipsis() {
    let names = (1...3).map {
      TextStyle.label.wrapped("overwhelmingly ambiguous \($0)", widthMm: 15, lines: 1)
    }
    #expect(names.allSatisfy { $0.count == 1 && $0[0].hasPrefix("over") && $0[0].contains("…") })
    #expect(Set(names).count == 3)
  }

  @Test("text on every color of a map has a contrast of at least 4.5 (WCAG AA)")
  func contrast() {
    for palette in [Palette.viridis, .diverging] {
      for step in 0...1000 {
        let position = Double(step) / 1000
        let scaled = position * Double(palette.stops.count - 1)
        let below = min(Int(scaled), palette.stops.count - 2)
        let channels = [16, 8, 0].map { shift -> Double in
          let a = Double(palette.stops[below] >> shift & 255) / 255
          let b = Double(palette.stops[below + 1] >> shift & 255) / 255
          let value = a + (b - a) * (scaled - Double(below))
          return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        let luminance = 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
        let ratio =
          palette.wantsWhite(at: position) ? 1.05 / (luminance + 0.05) : (luminance + 0.05) / 0.05
        #expect(ratio >= 4.5, "\(ratio) at \(position)")
      }
    }
    #expect(Set((0..<21).map(Palette.mark)).count == 21, "series that look alike")
    #expect(Palette.viridis.inkFunction == "ink(p) = ((p >= 0 && p < 0.434)) ? 0xffffff : 0x000000")
  }

  @Test("ticks are round, within the range and no more than asked for")
  func ticks() {
    #expect(Ticks.round(in: 25...80, atMost: 6) == [30, 40, 50, 60, 70, 80])
    #expect(Ticks.round(in: -53...53, atMost: 5) == [-40, -20, 0, 20, 40])
    #expect(Ticks.round(in: 25...26, atMost: 3) == [25, 25.5, 26])
    #expect(Ticks.round(in: 3...3, atMost: 5) == [3])
    var random = RandomStream(seed: 7, "ticks")
    for _ in 0..<200 {
      let low = Double.random(in: -100..<100, using: &random)
      let high = low + Double.random(in: 0.01..<1000, using: &random)
      let count = Int.random(in: 2..<10, using: &random)
      let ticks = Ticks.round(in: low...high, atMost: count)
      #expect(ticks.count <= count && ticks.allSatisfy { $0 >= low - 1e-6 && $0 <= high + 1e-6 })
    }
  }

  @Test("quoted text doubles quotes, loses line breaks and, in bold, obeys nothing")
  func quoting() {
    #expect(GnuplotText.quoted("it's\n`a`\t\\n") == "'it''s `a` \\n'")
    #expect(
      GnuplotText.quotedBold(#"a_b^{c}@&~\ it's"#) == #"'{/:Bold a\_b\^\{c\}\@\&\~\\ it''s}'"#)
  }

  @Test("numbers are short, and what is none is NaN")
  func numbers() {
    #expect(
      [0, -0.0, 100, 1.0 / 3, 1e-7, .nan, .infinity].map(Figure.number)
        == ["0", "0", "100", "0.333333", "1e-07", "NaN", "NaN"])
  }
}
