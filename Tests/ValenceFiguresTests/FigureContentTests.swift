import Foundation
import Testing

@testable import ValenceFigures

@Suite("What the figures say")
struct FigureContentTests {
  private let options = FigureOptions()

  private func block(_ name: String, of figure: Figure) throws -> Figure.Block {
    try #require(figure.blocks.first { $0.name == name })
  }

  /// All sentences of a figure, in one line, as a reader sees them.
  private func prose(_ figure: Figure) -> String {
    figure.commands.split(separator: "\n").filter { $0.hasPrefix("set label '") }.compactMap {
      $0.dropFirst("set label '".count).components(separatedBy: "' at screen").first
    }.joined(separator: " ")
  }

  @Test("confusion cells are percentages of their row; a row without samples has none")
  func confusionCells() throws {
    let figure = SampleFigures.confusion.figure(options)
    let cells = try block("cells", of: figure)
    #expect(cells.rows.count == 12)
    #expect(cells.rows[0] == [0, 0, 75, 30])
    for row in [0.0, 1, 3] {
      let sum = cells.rows.filter { $0[1] == row }.reduce(0) { $0 + $1[2] }
      #expect(abs(sum - 100) < 1e-9)
    }
    #expect(try block("missing", of: figure).rows == [[0, 2], [1, 2], [2, 2], [3, 2]])
    let text = prose(figure)
    #expect(text.contains("UAR 66.7 % [58.0–74.0], chance 33.3 % "))
    #expect(text.contains("In brackets: 95 % interval over 12 test speakers."))
    #expect(text.contains("N = 100 predictions of 50 utterances"))
    #expect(text.contains("n = 0"))
    #expect(text.contains("Hatched: no utterances of this class."))
    #expect(text.contains(SampleFigures.unlabeled))
  }

  @Test("counts leave the cells, and the caption says so, when they have no room")
  func crowdedConfusion() {
    let counts = (0..<12).map { row in (0..<12).map { $0 == row ? 120_000 : 1 } }
    let crowded = ConfusionFigure(
      name: "crowded", title: "",
      matrix: .init(classes: (0..<12).map { "class \($0)" }, counts: counts, utterances: 1),
      uar: PlottedValue(mean: 1, interval: nil, networks: 1, chance: 0.25), interval: "")
    let narrow = crowded.figure(options)
    #expect(prose(narrow).contains("Numbers of predictions are in the .dat file."))
    #expect(!narrow.commands.contains("sprintf('%d', $4)"))
    var double = options
    double.column = .double
    #expect(crowded.figure(double).commands.contains("sprintf('%d', $4)"))
  }

  @Test("names of many small rows take one line each, so that none runs into another")
  func manyRows() {
    let classes = (0..<40).map { "class_\($0)_of_a_name_that_is_much_too_long_for_one_line" }
    let counts = (0..<40).map { row in (0..<40).map { $0 == row ? 3 : 0 } }
    let figure = ConfusionFigure(
      name: "many", title: "",
      matrix: .init(classes: classes, counts: counts, utterances: 120),
      uar: PlottedValue(mean: 1, interval: nil, networks: 1, chance: 0.025), interval: "")
    let rows = figure.figure(options).commands.split(separator: "\n").filter {
      $0.hasPrefix("set label '") && $0.contains(" right font ',6'")
    }
    #expect(rows.count == 40)
    #expect(rows.allSatisfy { $0.contains("class_") && $0.contains("…") })
  }

  @Test("the numbers beside an interval are whole, however long the names of the corpora are")
  func wholeNotes() {
    let value = PlottedValue(
      mean: 0.5, interval: .init(low: 0.4, high: 0.6), networks: 3, chance: 0.25)
    let cell = GeneralizationFigure.Cell(
      value: value, isWithin: false,
      tested: .init(utterances: 12_345, basis: ["1234 speakers", "10 seeds"], set: "1"))
    let first = ["a", "synthetic-en", "a_corpus_of_an_extraordinarily_long_name_of_its_own"]
    for names in [first, first + (0..<6).map { "corpus-\($0)" }] {
      let figure = GeneralizationFigure(
        name: "map", title: "",
        grid: .init(
          trainings: names, tests: names, cells: names.map { _ in names.map { _ in cell } }),
        interval: "")
      for drawn in [figure.figure(options), figure.gapFigure(options)] {
        let text = prose(drawn)
        // Level under wide columns, a line each; behind the turned names of narrow ones.
        let notes =
          names.count > 3
          ? ["(N = 12345, 1234 speakers, 10 seeds)"] : ["N = 12345", "1234 speakers", "10 seeds"]
        for note in notes {
          #expect(text.components(separatedBy: note).count == names.count + 1, "\(note) in \(text)")
        }
        #expect(text.contains("synthetic-en (N") == (names.count > 3))
      }
    }
  }

  @Test("a gap is the cell minus the framed cell of its column")
  func gaps() throws {
    let figure = SampleFigures.generalization.gapFigure(options)
    let cells = try block("cells", of: figure)
    func gap(_ train: Double, _ test: Double) -> Double? {
      cells.rows.first { $0[0] == test && $0[1] == train }?[2]
    }
    #expect(abs(try #require(gap(1, 0)) - -16) < 1e-9)
    #expect(abs(try #require(gap(0, 1)) - -5) < 1e-9)
    #expect(gap(0, 0) == 0)
    #expect(gap(1, 2) == nil)
    #expect(gap(2, 1) == nil, "it scores other utterances than the framed cell")
    #expect(figure.commands.contains("set cbrange [-40:40]"))
    #expect(figure.name == "generalization-gap")
  }

  @Test("a column without a score within its corpus has no gaps")
  func noReference() throws {
    var map = SampleFigures.generalization
    map.grid.cells[0][0] = nil
    let figure = map.gapFigure(options)
    #expect(try block("cells", of: figure).rows.allSatisfy { $0[0] != 0 })
    #expect(try block("missing", of: figure).rows.filter { $0[0] == 0 }.count == 3)
  }

  @Test("the map is colored from chance to the best, and says when a score is below chance")
  func mapRange() {
    let figure = SampleFigures.generalization.figure(options)
    #expect(figure.commands.contains("set cbrange [25:80]"))
    #expect(prose(figure).contains("≤ 25.0 (chance)"))
    var above = SampleFigures.generalization
    above.grid.cells[2][0] = nil
    #expect(!prose(above.figure(options)).contains("≤"))
  }

  @Test("a note of every cell is said once, a note of some gets a sign in those")
  func notes() throws {
    let figure = SampleFigures.generalization.figure(options)
    let text = prose(figure)
    #expect(text.contains("All cells: \(SampleFigures.unlabeled)"))
    #expect(text.contains("† \(SampleFigures.leak)"))
    let cells = try block("cells", of: figure)
    let signed = zip(cells.rows, cells.texts).filter { $1[0].hasSuffix("†") }.map {
      [$0.0[0], $0.0[1]]
    }
    #expect(signed == [[2, 0], [2, 2]])
  }

  @Test("numbers of networks that differ stand in the cells")
  func unevenNetworks() {
    var map = SampleFigures.generalization
    #expect(prose(map.figure(options)).contains("Each cell: n = 15 networks."))
    map.grid.cells[0][1]?.value.networks = 5
    let figure = map.figure(options)
    #expect(prose(figure).contains("In each cell, n is the number of networks."))
    #expect(figure.commands.contains("stringcolumn(10)"))
  }

  @Test("the ablation's axis holds every bar and the chance line")
  func ablationRange() throws {
    let figure = SampleFigures.ablation.figure(options)
    let line = try #require(
      figure.commands.split(separator: "\n").first { $0.hasPrefix("set xrange") })
    let ends = line.dropFirst("set xrange [".count).dropLast().split(separator: ":")
    let low = try #require(Double(ends[0]))
    let high = try #require(Double(ends[1]))
    #expect(low < 25 && low > 20)
    #expect(high > 58 && high < 63)
    #expect(try block("missing2", of: figure).rows.count == 1)
    #expect(prose(figure).contains("Dash: no result."))
  }

  @Test("a group that no variant is for stays blank, one without a result has a dash")
  func contributions() throws {
    var sample = SampleFigures.contributions
    let figure = sample.figure(options)
    #expect(try block("alone-missing2", of: figure).rows.count == 1)
    #expect(!figure.blocks.contains { $0.name.hasPrefix("gained-missing") })
    #expect(try block("lost-missing2", of: figure).rows.count == 1)
    #expect(figure.commands.contains("'gained2:' using 2:($3 < $4 ? $1 : NaN):3:4"))
    // The panels of differences have one scale.
    let ranges = figure.commands.split(separator: "\n").filter { $0.hasPrefix("set xrange") }
    #expect(ranges.count == 3 && ranges[1] == ranges[2])
    #expect(prose(figure).contains("n = 24 models a score, chance 12.5 %"))
    #expect(prose(figure).contains("No bar: no interval. Dash: no result."))
    sample.panels = []
    sample.series[1].scores[2] = sample.series[1].scores[1]
    let alone = sample.figure(options)
    #expect(!prose(alone).contains("Dash") && !prose(alone).contains("minus"))
    #expect(alone.heightMm < figure.heightMm)
  }

  @Test("where there is no interval no bar is drawn and none is explained")
  func noBars() throws {
    let script = SampleFigures.ablation.figure(options).commands
    #expect(script.contains("'series1:' using 2:1:3:4 with xerrorbars"))
    #expect(script.contains("'series2:' using 2:($3 < $4 ? $1 : NaN):3:4 with xerrorbars"))
    var factors = SampleFigures.factors
    #expect(prose(factors.figure(options)).contains("bars: 95 % interval of the difference"))
    for index in factors.series.indices {
      factors.series[index].effects = factors.series[index].effects.map { levels in
        levels.map { effect in
          var effect = effect
          effect?.interval = nil
          return effect
        }
      }
    }
    let text = prose(factors.figure(options))
    #expect(!text.contains("bars:") && !text.contains("corrected"))
    #expect(
      text.contains("Marks: difference of the means; ticks: single seeds or networks. No bar"))
  }

  @Test("the median curve ends where fewer than half of the networks still train")
  func median() throws {
    let rows = try block("median", of: SampleFigures.learningCurves.figure(options)).rows
    #expect(rows.map { $0[0] } == [3, 3, 2])
    #expect(rows.map { $0[2] } == [1.25, 0.875, 0.5])
    #expect(rows.map { $0[4] } == [25, 37.5, 68.75])
  }

  @Test("an epoch without a neighbor has a marker, as a line would not show it")
  func lonelyEpochs() {
    func markers(_ losses: [Double]) -> Int {
      let curves = LearningCurvesFigure(
        name: "curves", title: "",
        runs: [
          .init(
            name: "", trainLoss: losses, validationLoss: losses, validationScore: [0.5, 0.25],
            bestEpoch: 1)
        ])
      return curves.figure(options).commands.components(separatedBy: "with linespoints").count - 1
    }
    #expect(markers([1, 2, 3]) == 0)
    #expect(markers([1]) == 2)
    #expect(markers([1, .nan, 3, 4]) == 2)
    #expect(markers([.nan, .nan]) == 0)
    let short = SampleFigures.shortCurves.figure(options).commands
    #expect(short.components(separatedBy: "with linespoints").count - 1 == 9)
  }

  @Test("a series of one number gets a range around it")
  func constantSeries() {
    let short = SampleFigures.shortCurves.figure(options).commands
    #expect(short.contains("set yrange [1.125:1.375]"))
    #expect(short.contains("set yrange [22.5:27.5]"))
    var zero = SampleFigures.shortCurves
    for index in zero.runs.indices { zero.runs[index].validationScore = [0] }
    #expect(zero.figure(options).commands.contains("set yrange [-1:1]"))
    #expect(SampleFigures.learningCurves.figure(options).commands.contains("set yrange [*:*]"))
  }

  @Test("a series without a single number has the range from 0 to 1")
  func emptySeries() {
    var none = SampleFigures.shortCurves
    for index in none.runs.indices { none.runs[index].validationScore = [.nan] }
    let commands = none.figure(options).commands
    #expect(commands.components(separatedBy: "set yrange [0:1]").count == 2, "of the score alone")
    #expect(commands.contains("set yrange [1.125:1.375]"))
  }

  @Test("notes stand in the captions of the curves and of the corpora")
  func moreNotes() {
    #expect(prose(SampleFigures.shortCurves.figure(options)).hasSuffix(SampleFigures.unlabeled))
    #expect(
      prose(SampleFigures.corpora.figure(options)).hasSuffix(
        "Left out: utterances whose label is none of these classes. This speech is synthetic."))
  }

  @Test("a list of notes that is longer than a page ends with how many there are more")
  func manyNotes() {
    var figure = SampleFigures.ablation
    figure.notes = (1...30).map { "Note \($0): this one takes a line." }
    #expect(prose(figure.figure(options)).hasSuffix("Note 30: this one takes a line."))
    figure.notes = (1...100).map { "Note \($0): this one takes a line." }
    let drawn = figure.figure(options)
    #expect(prose(drawn).contains("Note 30: this one takes a line."))
    #expect(prose(drawn).hasSuffix(" further notes: see summary.md."))
    #expect(drawn.heightMm < 240)
  }

  @Test("one utterance is not utterances")
  func singular() {
    let corpora = CorporaFigure(
      name: "corpora", title: "", classes: ["sad"],
      corpora: [.init(name: "mine", counts: [1], durationsS: [2], speakers: 1)])
    #expect(prose(corpora.figure(options)).contains("1 utterance, 1 speaker"))
    var confusion = ConfusionFigure(
      name: "confusion", title: "", matrix: .init(classes: ["sad"], counts: [[1]], utterances: 1),
      uar: PlottedValue(mean: 1, interval: nil, networks: 1, chance: 0.25), interval: "")
    #expect(prose(confusion.figure(options)).contains("N = 1 utterance "))
    confusion.matrix.counts = [[2]]
    #expect(prose(confusion.figure(options)).contains("N = 2 predictions of 1 utterance "))
  }

  @Test("figures of one column and of two are as wide as the paper wants")
  func widths() {
    var double = options
    double.column = .double
    #expect(SampleFigures.ablation.figure(options).widthMm == 85)
    #expect(SampleFigures.ablation.figure(double).widthMm == 175)
  }

  @Test("a file name keeps letters, digits and _ . + - only")
  func fileNames() {
    func name(_ text: String) -> String {
      Figure(name: text, widthMm: 1, heightMm: 1, commands: "", blocks: []).name
    }
    #expect(name("confusion a/b 'c'→d") == "confusion-a-b--c--d")
    #expect(name("../up") == "figure..-up")
    #expect(name("") == "figure")
  }
}
