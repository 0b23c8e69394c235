import Foundation
import ValenceCore

/// The classes and durations of the corpora.
package struct CorporaFigure: Hashable, Sendable {
  /// One corpus as the experiment uses it.
  package struct Corpus: Hashable, Sendable {
    package var name: String
    /// `[K]`: utterances by class.
    package var counts: [Int]
    /// The durations of these utterances in seconds.
    package var durationsS: [Double]
    /// The number of speakers, if known.
    package var speakers: Int?
    /// The number of utterances that were left out because their label is none of the classes.
    package var dropped: Int

    /// Gathers a corpus; see the properties.
    package init(
      name: String, counts: [Int], durationsS: [Double], speakers: Int?, dropped: Int = 0
    ) {
      self.name = name
      self.counts = counts
      self.durationsS = durationsS
      self.speakers = speakers
      self.dropped = dropped
    }
  }

  /// The stem of the files' names.
  package var name: String
  /// The title.
  package var title: String
  /// The class names, in the order of the label space.
  package var classes: [String]
  package var corpora: [Corpus]
  /// Notes on the corpora, a sentence each.
  package var notes: [String] = []

  /// Gathers what the figure shows; see the properties.
  ///
  /// One corpus at least, each with a count for every class.
  package init(name: String, title: String, classes: [String], corpora: [Corpus]) {
    precondition(
      !corpora.isEmpty && corpora.allSatisfy { $0.counts.count == classes.count },
      "counts of \(corpora.map(\.counts.count)) classes instead of \(classes.count)")
    self.name = name
    self.title = title
    self.classes = classes
    self.corpora = corpora
  }

  /// Draws a bar per class of each corpus, then a box of durations per corpus.
  package func figure(_ options: FigureOptions) -> Figure {
    var canvas = Canvas(options.column)
    canvas.header(title, ["Utterances by class"])
    drawCounts(on: &canvas, besides: options.column == .double ? 2 : 1)
    canvas.yMm += 2
    canvas.paragraph("Durations", .label)
    canvas.yMm += 0.6
    drawDurations(on: &canvas)
    var caption = [
      "Bars: share of the corpus; numbers: utterances. Boxes: quartiles and median; lines: 5th to "
        + "95th percentile."
    ]
    if corpora.contains(where: { $0.dropped > 0 }) {
      caption.append("Left out: utterances whose label is none of these classes.")
    }
    canvas.caption(caption + notes)
    return canvas.figure(named: name)
  }

  private static let headMm = 3.9
  private static let fill = "fillstyle solid noborder linecolor rgb '#56B4E9'"
  private static let longestNameMm = 24.0

  private var labelMm: Double {
    let widest = classes.map(TextStyle.small.widthMm).max() ?? 0
    return min(widest, Self.longestNameMm) + 0.1
  }

  /// The height of a bar: as airy as a page allows.
  private func barMm(_ perColumn: Int) -> Double {
    min(3.2, max(2.3, 165 / Double(max(1, perColumn * classes.count))))
  }

  private func share(_ corpus: Corpus, _ index: Int) -> Double {
    let total = corpus.counts.reduce(0, +)
    return total == 0 ? 0 : 100 * Double(corpus.counts[index]) / Double(total)
  }

  private func drawCounts(on canvas: inout Canvas, besides columns: Int) {
    let perColumn = (corpora.count + columns - 1) / columns
    let highest = corpora.flatMap { corpus in classes.indices.map { share(corpus, $0) } }.max() ?? 0
    let top = canvas.yMm
    var bottom = top
    for column in 0..<columns {
      let members = corpora.indices.dropFirst(column * perColumn).prefix(perColumn)
      if members.isEmpty { continue }
      let columnMm = canvas.innerWidthMm / Double(columns)
      let left = Canvas.marginMm + Double(column) * columnMm + labelMm + 1
      canvas.yMm = top
      drawGroup(
        Array(members), barMm: barMm(perColumn), highest: max(highest, 1),
        area: .init(
          leftMm: left, topMm: top,
          widthMm: columnMm - labelMm - 4, heightMm: 0), on: &canvas)
      bottom = max(bottom, canvas.yMm)
    }
    canvas.yMm = bottom
  }

  /// Draws the bars of some corpora below each other; the plot's vertical axis is in millimeters.
  private func drawGroup(
    _ members: [Int], barMm: Double, highest: Double, area: Canvas.Area, on canvas: inout Canvas
  ) {
    var area = area
    var block = Figure.Block(
      "counts\(members[0] + 1)", columns: ["corpus", "class", "mm", "percent", "count"])
    var yMm = 0.0
    for member in members {
      let corpus = corpora[member]
      drawHead(corpus, leftMm: area.leftMm - labelMm - 1, yMm: area.topMm + yMm, on: &canvas)
      yMm += Self.headMm
      for (index, name) in classes.enumerated() {
        let label = TextStyle.small.wrapped(name, widthMm: Self.longestNameMm, lines: 1)[0]
        let middle = yMm + barMm / 2
        canvas.text(
          label, .small,
          at: .init(xMm: area.leftMm - 1, yMm: area.topMm + middle, alignment: .right))
        block.append(
          [
            Double(member + 1), Double(index + 1), middle, share(corpus, index),
            Double(corpus.counts[index]),
          ], "\(corpus.name): \(name)")
        yMm += barMm
      }
      yMm += 1
    }
    area.heightMm = yMm
    canvas.yMm = area.bottomMm
    // Room at the right for the number behind the longest bar.
    let roomMm = TextStyle.small.widthMm("00000") + 1
    axis(
      "Share of the corpus (%)", 0...(highest * area.widthMm / (area.widthMm - roomMm)), area,
      on: &canvas)
    let name = canvas.add(block)
    let bars = block.using(
      "(${percent} / 2):{mm}:(${percent} / 2):(\(Figure.number(barMm * 0.39)))")
    let numbers = block.using("{percent}:{mm}:(sprintf('%d', ${count}))")
    canvas.plot([
      "\(name) using \(bars) with boxxyerror \(Self.fill)",
      "\(name) using \(numbers) with labels left offset 0.4,0 font ',6' noenhanced",
    ])
  }

  private func drawHead(
    _ corpus: Corpus, leftMm: Double, yMm: Double, on canvas: inout Canvas
  ) {
    let total = corpus.counts.reduce(0, +)
    var facts = Wording.counted(total, "utterance")
    if let speakers = corpus.speakers { facts += ", " + Wording.counted(speakers, "speaker") }
    if corpus.dropped > 0 { facts += ", \(corpus.dropped) left out" }
    let bold = TextStyle(points: 7, isBold: true)
    let name = bold.wrapped(corpus.name, widthMm: 32, lines: 1)[0]
    let middle = yMm + Self.headMm / 2
    canvas.text(name, bold, at: .init(xMm: leftMm, yMm: middle))
    canvas.text(
      facts, .note, at: .init(xMm: leftMm + bold.widthMm(name) + 1.5, yMm: middle))
  }

  /// Sets up the axes of the next plot, its vertical one in millimeters from the top.
  private func axis(
    _ title: String, _ range: ClosedRange<Double>, _ area: Canvas.Area, on canvas: inout Canvas
  ) {
    canvas.place(area)
    canvas.add("set border 1 lw 0.75; unset tics; unset grid")
    canvas.add("set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'")
    canvas.add(
      "set xrange [\(Figure.number(range.lowerBound)):\(Figure.number(range.upperBound))]")
    canvas.add("set yrange [\(Figure.number(area.heightMm)):0]")
    canvas.yMm = area.bottomMm + 3.4
    canvas.text(
      title, .label,
      at: .init(
        xMm: area.leftMm + area.widthMm / 2, yMm: canvas.yMm + TextStyle.label.lineMm / 2,
        alignment: .center))
    canvas.yMm += TextStyle.label.lineMm
  }

  private func drawDurations(on canvas: inout Canvas) {
    let rowMm = 4.4
    let names = corpora.map {
      TextStyle.small.wrapped($0.name, widthMm: Self.longestNameMm, lines: 1)[0]
    }
    let nameMm = names.map(TextStyle.small.widthMm).max() ?? 0
    let remarkMm = TextStyle.small.widthMm("longest 000.0 s")
    let left = Canvas.marginMm + nameMm + 1.2
    let area = Canvas.Area(
      leftMm: left, topMm: canvas.yMm,
      widthMm: canvas.widthMm - Canvas.marginMm - 1 - remarkMm - left,
      heightMm: rowMm * Double(corpora.count))
    var block = Figure.Block(
      "durations", columns: ["corpus", "mm", "p5", "p25", "p50", "p75", "p95", "longest"])
    for (index, corpus) in corpora.enumerated() {
      let quantiles = Quantiles(corpus.durationsS)
      let middle = (Double(index) + 0.5) * rowMm
      let longest = quantiles.at(1)
      canvas.text(
        names[index], .small,
        at: .init(xMm: left - 1.2, yMm: area.topMm + middle, alignment: .right))
      canvas.text(
        longest.isFinite ? "longest \(NumberText.decimal(longest, 1)) s" : "no durations", .small,
        at: .init(xMm: area.rightMm + 1, yMm: area.topMm + middle))
      block.append(
        [Double(index + 1), middle] + [0.05, 0.25, 0.5, 0.75, 0.95, 1].map(quantiles.at),
        corpus.name)
    }
    let longest = block.rows.map { $0[6] }.filter(\.isFinite).max() ?? 1
    axis("Duration (s)", 0...max(longest * 1.05, 0.1), area, on: &canvas)
    let name = canvas.add(block)
    let whiskers = block.using("{p50}:{mm}:{p5}:{p95}")
    let boxes = block.using("{p50}:{mm}:{p25}:{p75}:(${mm} - 1.2):(${mm} + 1.2)")
    let median = block.using("{p50}:(${mm} - 1.2):(0):(2.4)")
    canvas.add("set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1")
    canvas.plot([
      "\(name) using \(whiskers) with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#000000'",
      "\(name) using \(boxes) with boxxyerror fillstyle solid border rgb "
        + "'#000000' linewidth 0.75 linecolor rgb '#56B4E9'",
      "\(name) using \(median) with vectors nohead linewidth 2 linecolor rgb '#000000'",
    ])
  }
}
