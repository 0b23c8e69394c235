package import Foundation

/// Writes figures: script and data to keep, and the drawings that gnuplot makes of them.
package enum FigureWriter {
  /// How a figure is drawn.
  package struct Limits {
    /// After this time gnuplot is ended and the figure given up.
    ///
    /// A confusion matrix in three formats
    /// takes a tenth of a second, the learning curves of a thousand networks some seconds.
    package var drawingS = 60.0
    /// Whether nobody wants the figure any more; asked while gnuplot draws.
    package var isCancelled: () -> Bool = { false }

    /// The gnuplot that draws: a path, or a name in the `PATH`.
    var program = "gnuplot"

    /// A minute, and never cancelled.
    package init() {}
  }

  /// Writes `<name>.gp`, `<name>.dat` and a drawing in each format; returns the files in this order.
  ///
  /// Where all of them are there, script and data with the same bytes, nothing is written. Otherwise
  /// everything is made in a folder aside and then renamed, so that each file is the old or the new one,
  /// whole, whenever the program ends; drawings come first and the script last, so that a figure with
  /// files of both is drawn again by the next call. Where drawing fails, the drawings of older numbers go.
  /// The same figure gives the same bytes.
  ///
  /// - Throws: `FigureError`; script and data then stay, to look at or to draw by hand. If it was
  ///   cancelled, nothing has changed.
  package static func write(
    _ figure: Figure, to folder: URL, options: FigureOptions, limits: Limits = Limits()
  ) throws(FigureError) -> [URL] {
    let files = FigureFiles(figure, formats: options.formats, folder: folder)
    var isWhole = false
    try writing(folder) {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let wasLeft = try FigureFiles.removeDrafts(of: figure.name, in: folder)
      isWhole = !wasLeft && files.areThere
    }
    if isWhole { return files.all }
    try writing(folder) { try files.writeDraft() }
    defer { try? FileManager.default.removeItem(at: files.draft) }
    do throws(FigureError) {
      try checkFonts(files, options.formats)
      try draw(files, limits)
    } catch {
      if error != .cancelled { try writing(folder) { try files.keep(drawings: false) } }
      throw error
    }
    try writing(folder) {
      for drawing in files.drawings where drawing.pathExtension == "pdf" {
        try removeDate(from: files.inDraft(drawing))
      }
      try files.keep(drawings: true)
    }
    return files.all
  }

  /// Removes figures that Valence drew here and that are not among those named.
  ///
  /// They are of variants or corpora that are no part of the results any more. A script that somebody
  /// changed stays, with what it draws.
  ///
  /// - Returns: the names of those that are gone, in alphabetical order.
  /// - Throws: `FigureError.unwritable`.
  package static func removeOthers(
    than names: Set<String>, in folder: URL
  ) throws(FigureError) -> [String] {
    var gone: [String] = []
    try writing(folder) {
      guard FileManager.default.fileExists(atPath: folder.path) else { return }
      let found = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      for file in found.sorted() where file.hasSuffix(".gp") {
        let name = String(file.dropLast(".gp".count))
        guard !names.contains(name), FigureFiles.areOwn(name, in: folder) else { continue }
        try FigureFiles.remove(name, in: folder)
        gone.append(name)
      }
    }
    return gone
  }

  private static func checkFonts(
    _ files: FigureFiles, _ formats: [FigureOptions.Format]
  ) throws(FigureError) {
    guard formats.contains(where: { $0 != .svg }) else { return }
    let orphans = FontCoverage.uncovered(files.script)
    if !orphans.isEmpty {
      throw .noFont(
        script: files.scriptFile.path, characters: String(String.UnicodeScalarView(orphans)))
    }
  }

  private static func draw(_ files: FigureFiles, _ limits: Limits) throws(FigureError) {
    let gnuplot = try GnuplotProcess(
      limits.program, for: files.scriptFile.lastPathComponent, in: files.draft, keptIn: files.folder
    )
    gnuplot.send("load '\(files.scriptFile.lastPathComponent)'\n")
    let end = gnuplot.close(limitS: limits.drawingS, isCancelled: limits.isCancelled)
    switch end.stop {
    case .late: throw .late(script: files.scriptFile.path, limitS: limits.drawingS)
    case .cancelled: throw .cancelled
    case nil: break
    }
    guard end.status == 0, files.drawings.allSatisfy(files.isDrawn) else {
      throw .failed(script: files.scriptFile.path, status: end.status, said: end.said)
    }
  }

  /// Cairo notes the second at which a PDF was made (it does not heed SOURCE_DATE_EPOCH before
  /// 1.17.6); a fixed one of the same length keeps every offset in the file right.
  private static func removeDate(from url: URL) throws {
    var pdf = try Data(contentsOf: url)
    let marker = Data("/CreationDate (D:".utf8)
    guard let found = pdf.range(of: marker, options: .backwards),
      let end = pdf[found.upperBound...].firstIndex(of: UInt8(ascii: ")"))
    else { return }
    for index in found.upperBound..<end where (48...57).contains(pdf[index]) {
      pdf[index] = UInt8(ascii: "0")
    }
    let fixed = Data("20000101".utf8)
    pdf.replaceSubrange(found.upperBound..<found.upperBound + fixed.count, with: fixed)
    try pdf.write(to: url)
  }

  private static func writing(
    _ folder: URL, _ work: () throws -> Void
  ) throws(FigureError) {
    do { try work() } catch {
      throw .unwritable(folder: folder.path, reason: error.localizedDescription)
    }
  }
}
