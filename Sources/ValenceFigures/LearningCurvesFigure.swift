import Foundation
import ValenceCore

/// The course of training: losses and the validation score over epochs, a thin line for each network.
package struct LearningCurvesFigure: Hashable, Sendable {
  /// The history of one network; the arrays hold a value an epoch, or nothing at all.
  package struct Run: Hashable, Sendable {
    /// For example `fold 2, seed 1`.
    package var name: String
    package var trainLoss: [Double]
    package var validationLoss: [Double]
    /// The validation score, as a fraction.
    package var validationScore: [Double]
    /// The epoch whose weights were kept, counted from 1; nil for a mean over epochs.
    package var bestEpoch: Int?

    /// Gathers a history; see the properties.
    package init(
      name: String, trainLoss: [Double], validationLoss: [Double], validationScore: [Double],
      bestEpoch: Int?
    ) {
      self.name = name
      self.trainLoss = trainLoss
      self.validationLoss = validationLoss
      self.validationScore = validationScore
      self.bestEpoch = bestEpoch
    }

    var epochs: Int { max(trainLoss.count, validationLoss.count, validationScore.count) }
  }

  /// The stem of the files' names.
  package var name: String
  /// The training corpus and variant, for example `ravdess · concat`.
  package var title: String
  /// The validation score's name, for example `UAR`.
  package var metric = "UAR"
  /// The networks.
  package var runs: [Run]
  /// Notes on the networks, a sentence each.
  package var notes: [String] = []

  /// Gathers what the figure shows; see the properties.
  package init(name: String, title: String, runs: [Run]) {
    self.name = name
    self.title = title
    self.runs = runs
  }

  /// Draws a panel for the losses and one for the validation score.
  package func figure(_ options: FigureOptions) -> Figure {
    var canvas = Canvas(options.column)
    canvas.header(
      title, [Wording.counted(runs.count, "network")])
    let networks = runs.enumerated().map { index, run in
      Curve(Self.block(of: run, number: index + 1), on: &canvas)
    }
    let middle = runs.count > 1 ? Curve(medianBlock, on: &canvas) : nil
    let best = marksEpochs ? bestBlock : nil
    let bestName = best.map { canvas.add($0) }
    canvas.legend(
      [.init(text: "training loss", line: Self.train.thick)]
        + (isValidated
          ? [
            .init(text: "validation loss", line: Self.validation.thick),
            .init(text: "validation \(metric)", line: Self.score.thick),
          ] : []) + (marksEpochs ? [.init(text: "epoch kept", point: Self.bestPoint)] : []))
    panel("Loss", isLast: !isValidated, on: &canvas)
    var loss = rangeLayers(runs.flatMap { $0.trainLoss + $0.validationLoss }, on: &canvas)
    loss += layers(networks, middle, column: .trainLoss, Self.train)
    if isValidated {
      loss += layers(networks, middle, column: .validationLoss, Self.validation)
    }
    canvas.plot(loss)
    if isValidated {
      panel("Validation \(metric) (%)", isLast: true, on: &canvas)
      var score = rangeLayers(runs.flatMap { $0.validationScore.map { 100 * $0 } }, on: &canvas)
      score += layers(networks, middle, column: .validationPercent, Self.score)
      if let best, let bestName {
        let columns = best.using("{epoch}:{validation_percent}")
        score.append("\(bestName) using \(columns) with points \(Self.bestPoint)")
      }
      canvas.plot(score)
    }
    canvas.caption(readings + notes)
    return canvas.figure(named: name)
  }

  /// Whether any network was validated; without, there is no second panel.
  private var isValidated: Bool { runs.contains { !$0.validationScore.isEmpty } }

  /// Whether there is an epoch to mark.
  private var marksEpochs: Bool { isValidated && runs.contains { $0.bestEpoch != nil } }

  private var readings: [String] {
    if runs.count > 1 {
      return ["Thin: one network; thick: median, as far as half of the networks trained."]
    }
    return marksEpochs ? ["Circle: the epoch whose weights were kept."] : []
  }

  private struct Style {
    var thin: String
    var thick: String
  }

  private static let train = style("0072B2", dash: "1")
  private static let validation = style("D55E00", dash: "(9,5)")
  private static let score = style("009E73", dash: "1")
  private static let bestPoint =
    "pointtype 6 pointsize 0.4 * \(Figure.dot) linewidth 1 linecolor rgb '#000000'"
  private static let panelMm = 36.0
  private static let scaleMm = 11.0

  private static func style(_ color: String, dash: String) -> Style {
    Style(
      thin: "linewidth 0.5 dashtype \(dash) linecolor rgb '#90\(color)'",
      thick: "linewidth 2 dashtype \(dash) linecolor rgb '#\(color)'")
  }

  /// Lets gnuplot choose the range, except where there is nothing finite or a single number to
  /// choose from; returns the plot's first layer.
  private func rangeLayers(_ values: [Double], on canvas: inout Canvas) -> [String] {
    let shown = values.filter(\.isFinite)
    guard let first = shown.first else {
      canvas.add("set yrange [0:1]")
      return [Canvas.emptyLayer]
    }
    // Numbers are one number if the data file writes them alike.
    if Set(shown.map(Figure.number)).count == 1 {
      let air = first == 0 ? 1 : abs(first) / 10
      canvas.add("set yrange [\(Figure.number(first - air)):\(Figure.number(first + air))]")
    } else {
      canvas.add("set yrange [*:*]")
    }
    return []
  }

  /// Sets up the axes of the next plot below the flow.
  private func panel(_ title: String, isLast: Bool, on canvas: inout Canvas) {
    let area = Canvas.Area(
      leftMm: Self.scaleMm, topMm: canvas.yMm + 1.5,
      widthMm: canvas.widthMm - Canvas.marginMm - 2 - Self.scaleMm, heightMm: Self.panelMm)
    canvas.place(area)
    canvas.text(
      title, .label,
      at: .init(
        xMm: Canvas.marginMm + 1.6, yMm: area.topMm + area.heightMm / 2, alignment: .center,
        angle: 90))
    let epochs = self.epochs
    canvas.add("set border 3 lw 0.75; set grid ytics lw 0.4 lc rgb '#d0d0d0' lt 1")
    canvas.add("set xrange [0.5:\(epochs).5]")
    let ticks = Ticks.round(in: 1...Double(epochs), atMost: 8).filter { $0 == $0.rounded() }
    let labels = Set([1] + ticks).sorted().map(Figure.number).joined(separator: ", ")
    canvas.add("set xtics out nomirror scale 0.4 offset 0,0.4 font ',6' (\(labels))")
    canvas.add("set ytics out nomirror scale 0.4 offset 0.6,0 font ',6'")
    canvas.yMm = area.bottomMm + 3.4
    if isLast {
      canvas.text(
        "Epoch", .label,
        at: .init(
          xMm: area.leftMm + area.widthMm / 2, yMm: canvas.yMm + TextStyle.label.lineMm / 2,
          alignment: .center))
      canvas.yMm += TextStyle.label.lineMm
    }
  }

  /// The columns of a curve's block behind the first: by epoch.
  private enum Column: String, CaseIterable {
    case epoch
    case trainLoss = "train_loss"
    case validationLoss = "validation_loss"
    case validationPercent = "validation_percent"
  }

  /// A block whose first column is the number of the run or, in the median's, of how many runs it is.
  private static func block(_ name: String, first: String) -> Figure.Block {
    Figure.Block(name, columns: [first] + Column.allCases.map(\.rawValue))
  }

  /// A block of numbers by epoch, and how the script names it.
  private struct Curve {
    let block: Figure.Block
    let name: String

    init(_ block: Figure.Block, on canvas: inout Canvas) {
      self.block = block
      name = canvas.add(block)
    }

    /// Draws a column over the epochs.
    func layer(column: Column, _ style: String) -> String {
      let index = block.columns.firstIndex(of: column.rawValue) ?? 0
      let isKnown = [false] + block.rows.map { $0[index].isFinite } + [false]
      let isAlone = (1..<isKnown.count - 1).contains {
        isKnown[$0] && !isKnown[$0 - 1] && !isKnown[$0 + 1]
      }
      // A line would not show an epoch without a neighbor.
      let kind = isAlone ? "linespoints pointtype 7 pointsize 0.3 * \(Figure.dot)" : "lines"
      let using = block.using("{\(Column.epoch.rawValue)}:{\(column.rawValue)}")
      return "\(name) using \(using) with \(kind) \(style)"
    }
  }

  private func layers(
    _ networks: [Curve], _ median: Curve?, column: Column, _ style: Style
  ) -> [String] {
    let ofNetworks = median == nil ? style.thick : style.thin
    return networks.map { $0.layer(column: column, ofNetworks) }
      + (median.map { [$0.layer(column: column, style.thick)] } ?? [])
  }

  private var epochs: Int { max(runs.map(\.epochs).max() ?? 1, 1) }

  private static func block(of run: Run, number: Int) -> Figure.Block {
    var block = Self.block("run\(number)", first: "run")
    for epoch in 0..<run.epochs {
      func value(_ values: [Double]) -> Double { epoch < values.count ? values[epoch] : .nan }
      block.append(
        [
          Double(number), Double(epoch + 1), value(run.trainLoss), value(run.validationLoss),
          100 * value(run.validationScore),
        ], epoch == 0 ? run.name : "")
    }
    return block
  }

  /// Over the networks still in training; beyond the epoch that half of them reached, a median
  /// would speak of the slow ones only.
  private var medianBlock: Figure.Block {
    var block = Self.block("median", first: "runs")
    let reached = runs.map(\.epochs).sorted(by: >)
    let last = reached.isEmpty ? 0 : reached[(reached.count - 1) / 2]
    for epoch in 0..<last {
      func median(_ series: (Run) -> [Double]) -> Double {
        let values = runs.compactMap { series($0).count > epoch ? series($0)[epoch] : nil }
        return Quantiles(values).median
      }
      block.append(
        [
          Double(runs.count { $0.epochs > epoch }), Double(epoch + 1), median(\.trainLoss),
          median(\.validationLoss), 100 * median(\.validationScore),
        ], "")
    }
    return block
  }

  private var bestBlock: Figure.Block {
    var block = Figure.Block("best", columns: ["run", "epoch", "validation_percent"])
    for (index, run) in runs.enumerated() {
      guard let epoch = run.bestEpoch else { continue }
      let isKnown = run.validationScore.indices.contains(epoch - 1)
      let score = isKnown ? run.validationScore[epoch - 1] : .nan
      block.append([Double(index + 1), Double(epoch), 100 * score], run.name)
    }
    return block
  }
}
