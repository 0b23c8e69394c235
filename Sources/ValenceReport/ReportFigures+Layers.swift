import ValenceEvaluation
import ValenceFigures
import ValenceStore

/// The layer curve: scores by the layer of a frozen encoder.
extension ReportFigures {
  /// A figure for each row of the generalization map where networks are tested on other corpora, else one
  /// for all corpora.
  func layers() -> [Figure] {
    guard let curves = spec.layerCurves, !curves.isEmpty else { return [] }
    let rows =
      spec.testsAcross
      ? spec.rows.map { row in
        (name: row.name, pairs: zip(row.trainings, spec.test).compactMap { Self.pair($0, $1) })
      }
      : [
        (
          name: "",
          pairs: spec.train.flatMap { train in spec.test.map { CorpusPair(train: train, test: $0) }
          }
        )
      ]
    return rows.flatMap { row in
      layers(
        curves, of: row.pairs, name: rows.count > 1 ? "layers-\(row.name)" : "layers",
        title: rows.count > 1 ? "\(spec.title) · \(row.name)" : spec.title)
    }
  }

  private static func pair(_ train: String?, _ test: String) -> CorpusPair? {
    train.map { CorpusPair(train: $0, test: test) }
  }

  private func layers(
    _ curves: [LayerCurve], of pairs: [CorpusPair], name: String, title: String
  ) -> [Figure] {
    var shown: [ResultCells.Key] = []
    // Of a single curve, the corpora are its lines. Several are compared on the same utterances: a panel for
    // each test, a line for each curve.
    var panels: [LayersFigure.Panel] = []
    for pair in pairs {
      let keys = curves.flatMap { self.keys(of: $0, pair) }
      guard !keys.isEmpty else { continue }
      shown += keys
      let (cell, set) = (spec.cellName(pair.train, pair.test), tested(keys))
      if curves.count > 1 {
        panels.append(
          .init(
            title: set.isEmpty ? cell : "\(cell) (\(set))",
            lines: curves.map {
              .init(name: $0.name, tested: "", points: points(of: $0, pair))
            }))
      } else {
        if panels.isEmpty { panels = [.init(title: "", lines: [])] }
        panels[0].lines.append(
          .init(name: cell, tested: set, points: points(of: curves[0], pair)))
      }
    }
    guard !shown.isEmpty else { return [] }
    var figure = LayersFigure(
      name: name, title: title, layers: curves.map(\.layers).max() ?? 0, panels: panels,
      interval: interval(shown))
    figure.metric = spec.headline.title
    figure.models = shown.contains { !spec.isSeeded($0.variant) } ? .model : .network
    for sentence in curves.map(ResultWording.encoder) where !figure.encoders.contains(sentence) {
      figure.encoders.append(sentence)
    }
    figure.notes =
      remarks(shown)
      + asSentences(
        cells.attributedNotes(of: shown).filter { note in
          // The caption has these already, and the legend the variants.
          !figure.encoders.contains { note.hasPrefix($0.dropLast()) }
        })
    return figure.figures(options)
  }

  /// The cells of a curve that have results.
  private func keys(of curve: LayerCurve, _ pair: CorpusPair) -> [ResultCells.Key] {
    curve.points.map {
      ResultCells.Key(variant: $0.variant, train: pair.train, test: pair.test)
    }.filter { cells.cells[$0] != nil }
  }

  private func points(of curve: LayerCurve, _ pair: CorpusPair) -> [LayersFigure.Point] {
    let chosen = choices.first { $0.train == pair.train }?.chosen
    return curve.points.map { point in
      LayersFigure.Point(
        Int(point.layer).map { .layer($0) } ?? .word(point.layer),
        value(ResultCells.Key(variant: point.variant, train: pair.train, test: pair.test)),
        isChosen: point.variant == chosen)
    }
  }
}
