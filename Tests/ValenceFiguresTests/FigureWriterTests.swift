import Foundation
import Testing

@testable import ValenceFigures

/// Serialized: one test takes gnuplot off the PATH of the whole process.
@Suite("Drawing figures with gnuplot", .serialized)
struct FigureWriterTests {
  private let options = FigureOptions()

  private func withFolder(_ work: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "valence-figures-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try work(folder)
  }

  private func files(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  private func expectFiles(
    _ names: [String], in folder: URL, at place: SourceLocation = #_sourceLocation
  ) throws {
    let found = try files(in: folder)
    #expect(found == names, sourceLocation: place)
  }

  private func error(_ work: () throws -> Void) -> String {
    do {
      try work()
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  /// Runs a program and returns what it prints; nil where there is no such program.
  private func output(of arguments: [String], in folder: URL) throws -> String? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.currentDirectoryURL = folder
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    if process.terminationStatus == 127 { return nil }
    #expect(process.terminationStatus == 0, "\(arguments)")
    return text
  }

  @Test(
    "each kind of figure is drawn in every format at its size",
    arguments: SampleFigures.all.map(\.name))
  func draws(name: String) throws {
    let figure = try SampleFigures.named(name)
    try withFolder { folder in
      let urls = try FigureWriter.write(figure, to: folder, options: options)
      #expect(urls.map(\.pathExtension) == ["gp", "dat", "pdf", "svg", "png"])
      try expectFiles(urls.map(\.lastPathComponent).sorted(), in: folder)

      let png = try Data(contentsOf: urls[4])
      #expect(png.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
      let pixels = png[16..<20].reduce(0) { $0 << 8 | Int($1) }
      #expect(pixels == Int((figure.widthMm / 25.4 * 300).rounded()))
      let svg = try String(contentsOf: urls[3], encoding: .utf8)
      #expect(svg.contains("width=\"\(Int((figure.widthMm / 25.4 * 96).rounded()))\""))
      #expect(svg.hasSuffix("</svg>\n\n"))
      let pdf = String(decoding: try Data(contentsOf: urls[2]), as: UTF8.self)
      #expect(pdf.hasPrefix("%PDF"))
      #expect(pdf.contains("%%EOF"))

      if let fonts = try output(of: ["pdffonts", urls[2].path], in: folder) {
        let rows = fonts.split(separator: "\n").dropFirst(2)
        #expect(!rows.isEmpty)
        for row in rows { #expect(row.contains(" yes yes yes "), "not embedded: \(row)") }
      } else {
        print("skipped: whether fonts are embedded (no pdffonts; Debian: poppler-utils)")
      }
    }
  }

  @Test("gnuplot has nothing to say about a figure", arguments: SampleFigures.all.map(\.name))
  func silent(name: String) throws {
    let figure = try SampleFigures.named(name)
    try withFolder { folder in
      var options = options
      options.formats = [.svg]
      _ = try FigureWriter.write(figure, to: folder, options: options)
      let gnuplot = try GnuplotProcess(for: "\(name).gp", in: folder)
      gnuplot.send("load '\(name).gp'\n")
      let (status, said) = gnuplot.close()
      #expect(said == "")
      #expect(status == 0)
    }
  }

  @Test("text is set in points of the printed size")
  func fontSize() throws {
    try withFolder { folder in
      let urls = try FigureWriter.write(
        SampleFigures.ablation.figure(options), to: folder, options: options)
      guard let boxes = try output(of: ["pdftotext", "-bbox", urls[2].path, "-"], in: folder) else {
        print("skipped: the size of text (no pdftotext; Debian: poppler-utils)")
        return
      }
      let line = try #require(boxes.split(separator: "\n").first { $0.hasSuffix(">concat</word>") })
      func edge(_ name: String) throws -> Double {
        let part = try #require(line.components(separatedBy: "\(name)=\"").last)
        return try #require(Double(part.prefix { $0 != "\"" }))
      }
      let points = try edge("xMax") - edge("xMin")
      let expected = TextStyle.small.widthMm("concat") / 25.4 * 72
      #expect(abs(points - expected) < 0.05, "\(points) points wide instead of \(expected)")
    }
  }

  @Test("the same figure gives the same bytes, whatever the time")
  func sameBytes() throws {
    let figure = SampleFigures.confusion.figure(options)
    try withFolder { folder in
      let first = try FigureWriter.write(figure, to: folder, options: options).map {
        try Data(contentsOf: $0)
      }
      let urls = try FigureWriter.write(figure, to: folder, options: options)
      for (url, bytes) in zip(urls, first) {
        #expect(try Data(contentsOf: url) == bytes, "\(url.lastPathComponent)")
      }
      let pdf = String(decoding: first[2], as: UTF8.self)
      #expect(pdf.contains("/CreationDate (D:20000101000000"))
    }
  }

  @Test("gnuplot alone redraws the kept script, byte for byte but for the PDF's date")
  func redraw() throws {
    try withFolder { folder in
      let urls = try FigureWriter.write(
        SampleFigures.learningCurves.figure(options), to: folder, options: options)
      let drawn = try urls.map { try Data(contentsOf: $0) }
      for url in urls[2...] { try FileManager.default.removeItem(at: url) }
      _ = try #require(try output(of: ["gnuplot", urls[0].lastPathComponent], in: folder))
      #expect(try Data(contentsOf: urls[3]) == drawn[3])
      #expect(try Data(contentsOf: urls[4]) == drawn[4])
      let pdf = try Data(contentsOf: urls[2])
      #expect(pdf.count == drawn[2].count)
      let differing = zip(pdf, drawn[2]).count { $0 != $1 }
      #expect(differing <= 14, "\(differing) bytes differ; the date has 14 digits")
    }
  }

  @Test("only the formats asked for are drawn, and drawings of older numbers go")
  func formats() throws {
    try withFolder { folder in
      let figure = SampleFigures.ablation.figure(options)
      _ = try FigureWriter.write(figure, to: folder, options: options)
      var svg = options
      svg.formats = [.svg]
      _ = try FigureWriter.write(figure, to: folder, options: svg)
      try expectFiles(["ablation.dat", "ablation.gp", "ablation.svg"], in: folder)
    }
  }

  @Test("without gnuplot the script is kept and the sentence says what to do")
  func missingGnuplot() throws {
    try withFolder { folder in
      let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
      setenv("PATH", "/nonexistent", 1)
      defer { setenv("PATH", path, 1) }
      let sentence = error {
        _ = try FigureWriter.write(
          SampleFigures.ablation.figure(options), to: folder, options: options)
      }
      #expect(
        sentence == "\(folder.path)/ablation.gp: not drawn, as there is no gnuplot on the PATH; "
          + "install it (Debian: gnuplot-nox) and run `gnuplot ablation.gp` in that folder.")
      try expectFiles(["ablation.dat", "ablation.gp"], in: folder)
    }
  }

  @Test("a script that gnuplot refuses leaves no drawing, not even an older one")
  func brokenScript() throws {
    let good = SampleFigures.ablation.figure(options)
    let broken = Figure(
      name: "ablation", widthMm: 85, heightMm: 50, commands: "plot x\nplot undefined_function(x)",
      blocks: good.blocks)
    try withFolder { folder in
      _ = try FigureWriter.write(good, to: folder, options: options)
      let sentence = error { _ = try FigureWriter.write(broken, to: folder, options: options) }
      #expect(
        sentence == "\(folder.path)/ablation.gp: gnuplot ended with status 1 (line 0: undefined "
          + "function: undefined_function); script and data are kept, nothing was drawn.")
      try expectFiles(["ablation.dat", "ablation.gp"], in: folder)
    }
  }

  @Test("a gnuplot that stops reading is an error, not the end of this process")
  func earlyExit() throws {
    let stopping = Figure(
      name: "stopping", widthMm: 85, heightMm: 50,
      commands: "exit status 3\n" + String(repeating: "# more than a pipe holds\n", count: 20_000),
      blocks: [])
    try withFolder { folder in
      let sentence = error { _ = try FigureWriter.write(stopping, to: folder, options: options) }
      #expect(sentence.hasPrefix("\(folder.path)/stopping.gp: gnuplot ended with status 3;"))
      try expectFiles(["stopping.dat", "stopping.gp"], in: folder)
    }
  }

  @Test("a folder that cannot be made is named")
  func unwritable() throws {
    try withFolder { folder in
      try Data().write(to: folder)
      let below = folder.appending(path: "plots")
      let sentence = error {
        _ = try FigureWriter.write(
          SampleFigures.ablation.figure(options), to: below, options: options)
      }
      #expect(sentence.hasPrefix("\(below.path): the figure's files cannot be written ("))
      #expect(sentence.hasSuffix(")."))
    }
  }

  @Test("a character without a font is refused, as its box would cover the figure")
  func noFont() throws {
    var figure = SampleFigures.ablation
    // A private-use character: no font has it.
    figure.title = "\u{10FFFD}"
    try withFolder { folder in
      guard try output(of: ["fc-list"], in: .temporaryDirectory) != nil else {
        print("skipped: characters without a font (no fc-list; Debian: fontconfig)")
        return
      }
      let sentence = error {
        _ = try FigureWriter.write(figure.figure(options), to: folder, options: options)
      }
      #expect(
        sentence == "\(folder.path)/ablation.gp: not drawn, as no installed font has \u{10FFFD} "
          + "and the boxes in their place would cover the figure; install one (for Chinese, "
          + "Japanese and Korean on Debian: fonts-noto-cjk).")
    }
  }

  @Test("names of any content are drawn as they are and run nothing")
  func nastyTexts() throws {
    let names = SampleFigures.nastyTexts
    var curves = SampleFigures.learningCurves
    curves.name = "curves"
    curves.runs[0].name = names[0]
    let figures = names.map { name in
      AblationFigure(
        name: "nasty", title: name, variants: [name],
        series: [
          .init(name: name, values: [PlottedValue(mean: 0.5, sd: 0.1, networks: 3)]),
          .init(name: name, values: [nil]),
        ], chance: 0.25, spread: name)
    }
    try withFolder { folder in
      for (name, figure) in zip(names, figures) {
        let urls = try FigureWriter.write(figure.figure(options), to: folder, options: options)
        let texts = try drawnTexts(urls[3])
        // Title, both of the legend, and the variant where it takes one line.
        #expect(texts.count { $0 == name } >= 3, "\(name) among \(texts)")
      }
      let urls = try FigureWriter.write(curves.figure(options), to: folder, options: options)
      #expect(try String(contentsOf: urls[1], encoding: .utf8).contains("# \(names[0])\n"))
      let left = try files(in: folder)
      #expect(!left.contains("pwned"))
    }
  }

  /// The text elements of an SVG file, without markup.
  private func drawnTexts(_ url: URL) throws -> [String] {
    try String(contentsOf: url, encoding: .utf8).components(separatedBy: "<text>").dropFirst().map {
      var inside = $0.components(separatedBy: "</text>")[0]
      while let tag = inside.range(of: "<[^>]*>", options: .regularExpression) {
        inside.removeSubrange(tag)
      }
      return inside.replacingOccurrences(of: "&lt;", with: "<")
        .replacingOccurrences(of: "&gt;", with: ">").replacingOccurrences(of: "&amp;", with: "&")
    }
  }
}
