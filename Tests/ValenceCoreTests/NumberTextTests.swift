import Testing
import ValenceCore

@Suite("Numbers for people")
struct NumberTextTests {
  @Test("a ratio of counts is rounded to the nearest tenth of a percent, halves away from zero")
  func ratios() {
    // In whole numbers there is no binary rounding: tenths = ⌊1000·k/n + ½⌋.
    for n in 1...400 {
      for k in 0...n {
        let tenths = (2000 * k + n) / (2 * n)
        let expected = "\(tenths / 10).\(tenths % 10)"
        #expect(NumberText.percent(Double(k) / Double(n)) == expected, "\(k) of \(n)")
      }
    }
    #expect(NumberText.percent(519.0 / 2000) == "26.0", "its nearest double lies below 25.95")
  }

  @Test("the mean of scores that comes to a half is rounded as the half")
  func means() {
    let scores = [0.2585, 0.2605]
    #expect(NumberText.percent(scores.reduce(0, +) / 2) == "26.0")
  }

  @Test("differences are signed, except one that shows as zero")
  func points() {
    #expect(
      [0.012, -0.0347, 0.0004, -0.0004, 0, 0.0005, -0.0005].map { NumberText.points($0) }
        == ["+1.2", "−3.5", "0.0", "0.0", "0.0", "+0.1", "−0.1"])
    #expect(NumberText.points(-0.012, 0.034) == "−1.2 to +3.4")
    #expect(NumberText.percents(0.5125, 0.6) == "51.3–60.0")
  }

  @Test("a p-value is never shown as zero")
  func probabilities() {
    #expect(
      [0.031, 0.0005, 0.0004, 0, 1].map(NumberText.probability)
        == ["0.031", "0.001", "< 0.001", "< 0.001", "1.000"])
  }

  @Test("what is no number is a dash, and huge numbers keep their digits")
  func oddNumbers() {
    #expect(NumberText.decimal(.nan, 1) == "–")
    #expect(NumberText.percent(.infinity) == "–")
    #expect(NumberText.decimal(12_345.678, 2) == "12345.68")
    #expect(NumberText.decimal(2.5, 0) == "3")
    #expect(NumberText.decimal(1e16, 1) == "10000000000000000.0")
  }

  @Test("counts and names in sentences")
  func words() {
    #expect(Wording.counted(1, "speaker") == "1 speaker")
    #expect(Wording.counted(0, "speaker") == "0 speakers")
    #expect(NumberText.range([3, 3]) == "3")
    #expect(NumberText.range([4, 2]) == "2 to 4")
    #expect(NumberText.range([]) == "–")
    #expect(Wording.list([]) == "")
    #expect(Wording.list(["a", "b"]) == "a and b")
    #expect(Wording.list(["a", "b", "c"]) == "a, b and c")
    #expect(Wording.list(["a", "b", "c"], limit: 3) == "a, b and c")
    #expect(Wording.list(["a", "b", "c", "d"], limit: 2) == "a, b and 2 more")
    #expect(Wording.choice(["a", "b", "c"]) == "a, b or c")
    #expect(Wording.choice(["a", "b", "c", "d", "e"]) == "a, b, c, d, …")
    #expect(Wording.part(1, of: 5, "speaker") == "1 of 5 speakers is")
    #expect(Wording.part(2, of: 5, "speaker") == "2 of 5 speakers are")
    #expect(Wording.counted(2, "class", "classes") == "2 classes")
  }
}
