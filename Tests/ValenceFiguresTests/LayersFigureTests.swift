import Foundation
import Testing

@testable import ValenceFigures

@Suite("What a layer curve says")
struct LayersFigureTests {
  private func options(_ column: FigureOptions.Column) -> FigureOptions {
    var options = FigureOptions()
    options.column = column
    return options
  }

  private func figure(_ layers: LayersFigure, _ column: FigureOptions.Column = .single) throws
    -> Figure
  { try #require(layers.figures(options(column)).first) }

  private func block(_ name: String, of figure: Figure) throws -> Figure.Block {
    try #require(figure.blocks.first { $0.name == name })
  }

  private func text(_ figure: Figure) -> String {
    figure.commands.split(separator: "\n").filter { $0.hasPrefix("set label '") }.compactMap {
      $0.dropFirst("set label '".count).components(separatedBy: "' at screen").first
    }.joined(separator: " ")
  }

  /// `count` lines over some layers, with every word.
  private func lines(_ count: Int, layers: Int) -> [LayersFigure.Line] {
    (0..<count).map { index in
      let places =
        (0...layers).map { LayersFigure.Place.layer($0) }
        + LayersFigure.words.map { .word($0.word) }
      let value = PlottedValue(
        mean: 0.5, interval: .init(low: 0.4, high: 0.6), networks: 3, chance: 0.25)
      return .init(name: "line \(index)", tested: "", points: places.map { .init($0, value) })
    }
  }

  private func curve(_ panels: [LayersFigure.Panel], layers: Int) -> LayersFigure {
    LayersFigure(name: "layers", title: "", layers: layers, panels: panels, interval: "")
  }

  @Test("layers are evenly spaced, words stand apart behind the last, and nothing leaves the axis")
  func places() throws {
    for layers in [6, 12, 24, 48] {
      for column in FigureOptions.Column.allCases {
        let layout = LayersLayout(
          curve([.init(title: "", lines: lines(2, layers: layers))], layers: layers), column)
        let numbers = (0...layers).map { layout.xMm(.layer($0)) }
        for (left, right) in zip(numbers, numbers.dropFirst()) {
          #expect(abs(right - left - layout.stepMm) < 1e-9)
        }
        let words = LayersFigure.words.map { layout.xMm(.word($0.word)) }
        #expect(words == words.sorted() && Set(words).count == LayersFigure.words.count)
        #expect(layout.wordsLeftMm - (numbers[layers] + layout.stepMm / 2) > 2)
        #expect(numbers[0] > 0 && words[words.count - 1] < layout.widthMm)
        // Numbers at the axis do not run into each other.
        let numbered = layout.numbered.map { layout.xMm(.layer($0)) }
        for (left, right) in zip(numbered, numbered.dropFirst()) { #expect(right - left >= 3.2) }
      }
    }
  }

  @Test("at most four lines share a panel, and fewer where their dots would run into each other")
  func crowded() {
    for (layers, most) in [(6, 4), (12, 4), (24, 2)] {
      let many = curve([.init(title: "", lines: lines(9, layers: layers))], layers: layers)
      let panels = LayersLayout(many, .single).pages.joined()
      #expect(panels.map(\.lines.count).max() ?? 0 <= most)
      #expect(panels.flatMap { $0.lines.map(\.mark) } == Array(0..<9))
    }
  }

  @Test("panels that fill more than a page go on in further figures")
  func pages() {
    let panels = (0..<9).map {
      LayersFigure.Panel(title: "corpus \($0)", lines: lines(2, layers: 6))
    }
    let figures = curve(panels, layers: 6).figures(options(.single))
    #expect(figures.map(\.name) == ["layers", "layers-2", "layers-3"])
    #expect(figures.allSatisfy { $0.heightMm < 240 })
    #expect(figures.allSatisfy { text($0).contains("line 0") })
    #expect(text(figures[2]).contains("corpus 8"))
    #expect(curve(panels, layers: 6).figures(options(.double)).count == 2)
  }

  @Test("a missing layer breaks the line and leaves a dash; a missing word leaves a dash alone")
  func missing() throws {
    let drawn = try figure(SampleFigures.layers)
    let rows = try block("layers1-1", of: drawn).rows
    #expect(rows.map { $0[0] } == [0, 1, 2, 3, 4, 5, 6])
    #expect(rows.map { $0[2].isFinite } == [true, true, true, true, false, true, true])
    #expect(try block("words1-1", of: drawn).rows.count == 2)
    #expect(try block("missing1-1", of: drawn).rows.count == 2)
    #expect(!drawn.blocks.contains { $0.name == "missing1-2" })
    #expect(text(drawn).contains("No bar: no interval. Dash: no result."))
    var whole = SampleFigures.layers
    whole.panels[0].lines.removeFirst()
    #expect(try !text(figure(whole)).contains("Dash"))
  }

  @Test("bars are drawn where there is an interval, and the axis holds them and each chance level")
  func range() throws {
    let drawn = try figure(SampleFigures.layers)
    let line = try #require(
      drawn.commands.split(separator: "\n").first { $0.hasPrefix("set yrange") })
    let ends = line.dropFirst("set yrange [".count).dropLast().split(separator: ":").compactMap {
      Double($0)
    }
    #expect(ends[0] < 12.5 && ends[0] > 8)
    #expect(ends[1] > 79.8 && ends[1] < 84)
    #expect(drawn.commands.contains("first 12.5 to graph 1, first 12.5 nohead"))
    #expect(drawn.commands.contains("first 14.2857 to graph 1, first 14.2857 nohead"))
    #expect(drawn.commands.contains("(0):($4 < $5 ? $5 - $4 : NaN) with vectors heads"))
    let rows = try block("layers1-1", of: drawn).rows
    #expect(rows[1][3] == rows[1][4] && rows[2][3] < rows[2][4])
  }

  @Test("the legend says each corpus, its test set and its chance, the caption encoder and words")
  func words() throws {
    let said = text(try figure(SampleFigures.layers))
    #expect(said.contains("ravdess (N = 1440, 24 speakers, chance 12.5 %)"))
    #expect(said.contains("emovo (N = 588, 6 speakers, chance 14.3 %)"))
    #expect(said.contains("Frozen encoder whisper-base (whisper-6x512-0123456789ab)"))
    #expect(said.contains("chosen by validation"))
    #expect(said.contains("last: behind all layers"))
    #expect(said.contains("n = 15 networks each."))
    #expect(said.hasSuffix(SampleFigures.unlabeled))
    let settings = text(try figure(SampleFigures.deepLayers, .double))
    #expect(settings.contains("ravdess (N = 588, 6 speakers)"))
    #expect(settings.contains("chance 25.0 %"))
    #expect(settings.components(separatedBy: "normalization=speaker").count == 2)
    #expect(!settings.contains("last: behind"))
  }

  @Test("the ring is around the dot that validation chooses, and not where that has no score")
  func ring() throws {
    let drawn = try figure(SampleFigures.layers)
    let chosen = try block("chosen1-1", of: drawn).rows
    #expect(chosen.count == 1 && abs(chosen[0][1] - 74.6) < 1e-9)
    var without = SampleFigures.layers
    for index in without.panels[0].lines.indices {
      without.panels[0].lines[index].points[3].value = nil
    }
    let script = try figure(without)
    #expect(!script.blocks.contains { $0.name.hasPrefix("chosen") })
    #expect(!text(script).contains("chosen by validation"))
  }
}
