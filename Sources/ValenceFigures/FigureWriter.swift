package import Foundation
import ValenceCore

/// Writes figures: script and data to keep, and the drawings that gnuplot makes of them.
package struct FigureWriter {
  /// The limits of drawing a figure.
  package struct Limits {
    /// After this time gnuplot is ended and the figure given up.
    ///
    /// A confusion matrix in three formats takes a tenth of a second, the learning curves of a thousand
    /// networks some seconds.
    package var drawingS = 60.0
    /// Whether the figure is no longer wanted; asked while gnuplot draws.
    package var isCancelled: () -> Bool = { false }

    /// The gnuplot that draws: a path, or a name in the `PATH`.
    var program = "gnuplot"

    /// A minute, and never cancelled.
    package init() {}
  }

  private let options: FigureOptions
  private let limits: Limits
  /// Whether gnuplot did not end on a figure: then it would not on the next one either.
  private var hasHung = false

  package init(_ options: FigureOptions, limits: Limits = Limits()) {
    (self.options, self.limits) = (options, limits)
  }

  /// Writes `<name>.gp`, `<name>.dat` and a drawing in each format; returns the files in this order.
  ///
  /// Where all of them are there, script and data with the same bytes, nothing is written. Otherwise
  /// everything is made in a folder aside and then renamed, so that each file is the old or the new one,
  /// whole, whenever the program ends; drawings come first and the script last, so that a figure with
  /// files of both is drawn again by the next call. Where drawing fails, the drawings of older numbers go.
  /// The same figure gives the same bytes. After a figure on which gnuplot did not end in time it is not
  /// started again, so that it costs its time limit once.
  ///
  /// - Throws: `FigureError`; script and data then stay, to look at or to draw by hand. If it was
  ///   cancelled, nothing has changed.
  package mutating func write(
    _ figure: Figure, to folder: URL
  ) throws(FigureError) -> [URL] {
    let files = FigureFiles(figure, formats: options.formats, folder: folder)
    var isWhole = false
    try Self.writing(folder) {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let wasLeft = try FigureFiles.removeDrafts(of: figure.name, in: folder)
      isWhole = !wasLeft && files.areThere
    }
    if isWhole { return files.all }
    try Self.writing(folder) { try files.writeDraft() }
    defer { try? FileManager.default.removeItem(at: files.draft) }
    do throws(FigureError) {
      if hasHung { throw .hungBefore(script: files.scriptFile.path) }
      try Self.checkFonts(files, options.formats)
      try Self.draw(files, limits)
    } catch {
      if case .late = error { hasHung = true }
      if error != .cancelled { try Self.writing(folder) { try files.keep(drawings: false) } }
      throw error
    }
    try Self.writing(folder) {
      for drawing in files.drawings where drawing.pathExtension == "pdf" {
        try Self.removeDate(from: files.inDraft(drawing))
      }
      try files.keep(drawings: true)
    }
    return files.all
  }

  /// Removes figures that Valence drew here and that are not among those named.
  ///
  /// They are of variants or corpora that are no longer part of the results. A script that was changed by
  /// hand stays, with its drawings. Folders in which killed programs drew other figures are removed too.
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
      try FigureFiles.removeDrafts(except: names, in: folder)
    }
    return gone
  }

  private static func checkFonts(
    _ files: FigureFiles, _ formats: [FigureOptions.Format]
  ) throws(FigureError) {
    guard formats.contains(where: { $0 != .svg }) else { return }
    let orphans = FontCoverage.installed.uncovered(files.script)
    if !orphans.isEmpty {
      throw .noFont(
        script: files.scriptFile.path, characters: String(String.UnicodeScalarView(orphans)))
    }
  }

  private static func draw(_ files: FigureFiles, _ limits: Limits) throws(FigureError) {
    let script = files.scriptFile
    let (end, said) = GnuplotProcess.draw(script.lastPathComponent, in: files.draft, limits)
    var status: Int32 = 0
    switch end {
    case .notFound:
      throw .gnuplotMissing(script: script.lastPathComponent, folder: files.folder.path)
    case .notStarted(let code):
      throw .notStarted(script: script.lastPathComponent, reason: GnuplotProcess.reason(code))
    case .stopped(.cancelled): throw .cancelled
    case .stopped: throw .late(script: script.path, limitS: limits.drawingS)
    case .status(let code): status = code
    // As shells report it.
    case .signal(let signal): status = 128 + signal
    }
    guard status == 0, files.drawings.allSatisfy(files.isDrawn) else {
      throw .failed(script: script.path, status: Int(status), said: said)
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
