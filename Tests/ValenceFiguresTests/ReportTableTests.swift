import Testing
import ValenceFigures

@Suite("Tables for people")
struct ReportTableTests {
  private let table = ReportTable(
    columns: [.init("variant"), .init("UAR (%)", .right), .init("Δ", .right)],
    rows: [["mel", "54.3 ± 2.1", "–"], ["mel → mfcc", "7", "+1.0"], ["感情", "100.0 ± 0.0", "−3"]])

  @Test("text has columns two spaces apart and no space at the end of a line")
  func text() {
    #expect(
      table.text == """
        variant         UAR (%)     Δ
        mel          54.3 ± 2.1     –
        mel → mfcc            7  +1.0
        感情        100.0 ± 0.0    −3

        """)
    let words = ReportTable(
      columns: [.init("a"), .init("b")], rows: [["x", "y"], ["longer", ""]])
    #expect(words.text == "a       b\nx       y\nlonger\n")
  }

  @Test("Markdown has a rule that aligns numbers to the right")
  func markdown() {
    #expect(
      table.markdown == """
        | variant    |     UAR (%) |    Δ |
        | ---------- | ----------: | ---: |
        | mel        |  54.3 ± 2.1 |    – |
        | mel → mfcc |           7 | +1.0 |
        | 感情       | 100.0 ± 0.0 |   −3 |

        """)
  }

  @Test("Markdown's own signs and line breaks in a cell are taken literally")
  func escaping() {
    let table = ReportTable(columns: [.init("k_1")], rows: [["a|b\n*c*"]])
    #expect(table.markdown == "| k\\_1       |\n| ---------- |\n| a\\|b \\*c\\* |\n")
    #expect(ReportTable.markdownText("learning_rate _b_ c_") == "learning_rate \\_b\\_ c\\_")
    #expect(
      ReportTable.markdownText("<b>&amp; `x` $y$ [z](u)\n#~")
        == "\\<b\\>\\&amp; \\`x\\` \\$y\\$ \\[z\\](u) \\#\\~")
  }

  @Test("a table without rows is its heading")
  func empty() {
    #expect(ReportTable(columns: [.init("a"), .init("b", .right)]).text == "a  b\n")
    #expect(ReportTable(columns: []).text == "\n")
  }

  @Test(
    "a terminal gives one column to ± Δ →, none to marks, two to wide characters",
    arguments: [
      ("", 0), ("±Δ→–−…", 6), ("ä", 1), ("a\u{308}", 1), ("e\u{301}\u{327}", 1), ("感情", 4),
      ("ｱ", 1), ("한", 2), ("😀", 2), ("👩‍🔬", 2), ("\u{200B}", 0),
    ])
  func width(text: String, columns: Int) {
    #expect(ReportTable.displayWidth(text) == columns)
  }
}
