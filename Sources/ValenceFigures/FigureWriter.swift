public import Foundation

/// Writes figures: script and data to keep, and the drawings that gnuplot makes of them.
public enum FigureWriter {
  /// Writes `<name>.gp`, `<name>.dat` and a drawing in each format; returns the files in this order.
  ///
  /// Earlier drawings of that name are removed first, so no drawing outlives its numbers; a new
  /// one appears only when gnuplot drew all of them without an error. The same figure gives the
  /// same bytes. A confusion matrix in three formats takes about 90 ms of processor time.
  /// - Throws: `FigureError`; script and data then stay, to look at or to draw by hand.
  public static func write(
    _ figure: Figure, to folder: URL, options: FigureOptions
  ) throws(FigureError) -> [URL] {
    let script = figure.script(formats: options.formats)
    let files = [
      (folder.appending(path: "\(figure.name).gp"), script),
      (folder.appending(path: "\(figure.name).dat"), figure.data),
    ]
    try writing(folder) {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for format in FigureOptions.Format.allCases {
        try remove(drawing(figure, format, in: folder))
      }
      for (url, text) in files { try Data(text.utf8).write(to: url, options: .atomic) }
    }
    let drawings = options.formats.map { drawing(figure, $0, in: folder) }
    let partials = drawings.map { $0.appendingPathExtension(partialExtension) }
    if options.formats.contains(where: { $0 != .svg }) {
      let orphans = FontCoverage.uncovered(script)
      if !orphans.isEmpty {
        throw .noFont(
          script: files[0].0.path, characters: String(String.UnicodeScalarView(orphans)))
      }
    }
    defer { for partial in partials { try? FileManager.default.removeItem(at: partial) } }
    try draw(figure, script: script, in: folder, formats: options.formats)
    try writing(folder) {
      for (partial, drawing) in zip(partials, drawings) {
        if drawing.pathExtension == "pdf" { try removeDate(from: partial) }
        try FileManager.default.moveItem(at: partial, to: drawing)
      }
    }
    return files.map(\.0) + drawings
  }

  private static let partialExtension = "partial"

  private static func drawing(
    _ figure: Figure, _ format: FigureOptions.Format, in folder: URL
  ) -> URL {
    folder.appending(path: "\(figure.name).\(format.rawValue)")
  }

  private static func remove(_ url: URL) throws {
    if FileManager.default.fileExists(atPath: url.path) {
      try FileManager.default.removeItem(at: url)
    }
  }

  private static func draw(
    _ figure: Figure, script: String, in folder: URL, formats: [FigureOptions.Format]
  ) throws(FigureError) {
    let gnuplot = try GnuplotProcess(for: "\(figure.name).gp", in: folder)
    gnuplot.send("partial = '.\(partialExtension)'\n")
    for format in formats { gnuplot.send("format = '\(format.rawValue)'\n" + script) }
    let (status, said) = gnuplot.close()
    guard status == 0 else {
      let path = folder.appending(path: "\(figure.name).gp").path
      throw .failed(script: path, status: status, said: said)
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

/// What can keep a figure from being drawn.
public enum FigureError: Error, Equatable, CustomStringConvertible {
  /// There is no gnuplot on the PATH.
  case gnuplotMissing(script: String, folder: String)
  /// The system would not start gnuplot.
  case notStarted(script: String, reason: String)
  /// No installed font has these characters.
  case noFont(script: String, characters: String)
  /// gnuplot ended with an error.
  case failed(script: String, status: Int, said: String)
  /// The figures' folder cannot be written.
  case unwritable(folder: String, reason: String)

  /// One sentence.
  public var description: String {
    switch self {
    case .gnuplotMissing(let script, let folder):
      "\(folder)/\(script): not drawn, as there is no gnuplot on the PATH; install it "
        + "(Debian: gnuplot-nox) and run `gnuplot \(script)` in that folder."
    case .notStarted(let script, let reason):
      "\(script): not drawn, as the system would not start gnuplot (\(reason))."
    case .noFont(let script, let characters):
      "\(script): not drawn, as no installed font has \(characters) and the boxes in their place "
        + "would cover the figure; install one (for Chinese, Japanese and Korean on Debian: "
        + "fonts-noto-cjk)."
    case .failed(let script, let status, let said):
      "\(script): gnuplot ended with status \(status)\(Self.complaint(said)); "
        + "script and data are kept, nothing was drawn."
    case .unwritable(let folder, let reason):
      "\(folder): the figure's files cannot be written (\(reason))."
    }
  }

  /// The line that says what is wrong is the last one: gnuplot first repeats the command.
  private static func complaint(_ said: String) -> String {
    let lines = said.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    guard let last = lines.last(where: { !$0.isEmpty }) else { return "" }
    return " (\(last))"
  }
}
