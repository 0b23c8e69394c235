import Foundation
import ValenceCore

/// A confusion matrix: percentages by row with counts.
package struct ConfusionFigure: Hashable, Sendable {
  /// The predictions on a test set.
  package struct Matrix: Hashable, Sendable {
    /// The class names, in the order of the label space.
    package var classes: [String]
    /// `[K, K]`: predictions by true class (row) and predicted class (column), pooled over networks.
    package var counts: [[Int]]
    /// The number of utterances; fewer than predictions where several networks scored each.
    package var utterances: Int

    /// Gathers the predictions; `counts` is `[K, K]`, K ≥ 1.
    package init(classes: [String], counts: [[Int]], utterances: Int) {
      precondition(
        !classes.isEmpty && counts.count == classes.count
          && counts.allSatisfy { $0.count == classes.count },
        "counts of \(counts.map(\.count)) under \(classes.count) classes")
      self.classes = classes
      self.counts = counts
      self.utterances = utterances
    }
  }

  /// The stem of the files' names.
  package var name: String
  /// The training corpus, the test corpus and the variant, for example `ravdess → emovo · concat`.
  package var title: String
  package var matrix: Matrix
  /// The unweighted average recall.
  package var uar: PlottedValue
  /// The kind of the interval, for example `95 % interval over 24 test speakers`.
  package var interval: String
  /// Notes on the result, a sentence each.
  package var notes: [String] = []

  /// Gathers what the figure shows; see the properties.
  package init(
    name: String, title: String, matrix: Matrix, uar: PlottedValue, interval: String
  ) {
    self.name = name
    self.title = title
    self.matrix = matrix
    self.uar = uar
    self.interval = interval
  }

  /// Draws the matrix: true class from top to bottom, predicted class from left to right.
  package func figure(_ options: FigureOptions) -> Figure {
    var canvas = Canvas(options.column)
    let total = matrix.counts.joined().reduce(0, +)
    let tested = Wording.counted(matrix.utterances, "utterance")
    let size =
      total == matrix.utterances
      ? "N = \(tested)" : "N = \(Wording.counted(total, "prediction")) of \(tested)"
    let range = uar.interval.map { " [\($0.text)]" } ?? ""
    let score =
      "UAR \(NumberText.percent(uar.mean)) %\(range), chance \(NumberText.percent(uar.chance)) %"
    canvas.header(title, [score, size])
    let map = cellMap(options.column)
    let shown = map.draw(on: &canvas)
    var caption = ["Cells: % of the true class (row)\(shown > 1 ? ", number of predictions" : "")."]
    if shown < map.texts.count { caption[0] += " Numbers of predictions are in the .dat file." }
    if !map.missing.rows.isEmpty { caption[0] += " Hatched: no utterances of this class." }
    if uar.interval != nil { caption[0] += " In brackets: \(interval)." }
    canvas.caption(caption + notes)
    return canvas.figure(named: name)
  }

  private func cellMap(_ column: FigureOptions.Column) -> CellMap {
    let (classes, counts) = (matrix.classes, matrix.counts)
    let small = Double(classes.count) * 10 > column.widthMm
    var cells = Figure.Block(
      "cells", columns: ["predicted", "true", "percent", "count", "percent_text"])
    var missing = Figure.Block("missing", columns: ["predicted", "true"])
    for (row, line) in counts.enumerated() {
      let total = line.reduce(0, +)
      for (column, count) in line.enumerated() {
        let position = [Double(column), Double(row)]
        let remark = "\(classes[row]) taken for \(classes[column])"
        if total == 0 {
          missing.append(position, remark)
        } else {
          let share = Double(count) / Double(total)
          cells.append(
            position + [100 * share, Double(count)],
            texts: [NumberText.decimal(100 * share, small ? 0 : 1)], remark)
        }
      }
    }
    let largest = counts.joined().max() ?? 0
    return CellMap(
      rows: zip(classes, counts).map { .init(name: $0, notes: ["n = \($1.reduce(0, +))"]) },
      columns: classes.map { .init(name: $0) },
      rowTitle: "True class", columnTitle: "Predicted class",
      palette: .viridis, range: 0...100, cells: cells,
      texts: [
        .init(
          expression: "stringcolumn({percent_text})", style: small ? .small : .label,
          widest: small ? "100" : "100.0"),
        .init(expression: "sprintf('%d', ${count})", style: .small, widest: "\(largest)"),
      ],
      missing: missing)
  }
}
