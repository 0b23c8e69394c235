/// How figures are drawn.
package struct FigureOptions: Hashable, Sendable {
  /// The width of a figure in a two-column paper.
  package enum Column: String, Codable, Hashable, Sendable, CaseIterable {
    /// One column: 85 mm.
    case single
    /// Both columns: 175 mm.
    case double

    /// The width in millimeters.
    package var widthMm: Double { self == .single ? 85 : 175 }
  }

  /// The file formats.
  package enum Format: String, Codable, Hashable, Sendable, CaseIterable {
    /// Vector graphics with embedded outline fonts, for a paper.
    case pdf
    /// Vector graphics for the web.
    case svg
    /// Pixels, 300 dpi.
    case png
  }

  /// The width.
  package var column = Column.single
  /// The file formats, each once.
  package var formats = Format.allCases

  /// The defaults: a single column, as PDF, SVG and PNG.
  package init() {}
}
