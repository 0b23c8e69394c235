import ValenceFigures

extension ReportOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    headline = scope.choice("headline", default: headline)
    figures = scope.choices("figures", default: figures, count: 0...FigureKind.allCases.count)
    figureOptions.formats = scope.choices(
      "formats", default: figureOptions.formats, count: 1...FigureOptions.Format.allCases.count)
    figureOptions.column = scope.choice("column", default: figureOptions.column)
  }
}
