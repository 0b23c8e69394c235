import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceFigures

@Suite("Drawing figures with gnuplot", .serialized)
struct FigureWriterTests {
  private let options = FigureOptions()

  private func withFolder(_ work: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "valence-figures-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try work(folder)
  }

  private func write(
    _ figure: Figure, to folder: URL, options: FigureOptions,
    limits: FigureWriter.Limits = FigureWriter.Limits()
  ) throws -> [URL] {
    var writer = FigureWriter(options, limits: limits)
    return try writer.write(figure, to: folder)
  }

  private func files(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  private func contents(_ urls: [URL]) throws -> [Data] {
    try urls.map { try Data(contentsOf: $0) }
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
      let urls = try write(figure, to: folder, options: options)
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
      _ = try write(figure, to: folder, options: options)
      let (end, said) = GnuplotProcess.draw("\(name).gp", in: folder, FigureWriter.Limits())
      #expect(said == "")
      #expect(end == .status(0))
    }
  }

  @Test("text is set in points of the printed size")
  func fontSize() throws {
    try withFolder { folder in
      let urls = try write(
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
      let first = try write(figure, to: folder, options: options).map {
        try Data(contentsOf: $0)
      }
      let urls = try write(figure, to: folder, options: options)
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
      let urls = try write(
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
      _ = try write(figure, to: folder, options: options)
      var svg = options
      svg.formats = [.svg]
      _ = try write(figure, to: folder, options: svg)
      try expectFiles(["ablation.dat", "ablation.gp", "ablation.svg"], in: folder)
    }
  }

  @Test("without gnuplot the script is kept and the sentence says what to do")
  func missingGnuplot() throws {
    try withFolder { folder in
      var limits = FigureWriter.Limits()
      limits.program = "no-such-gnuplot"
      let sentence = error {
        _ = try write(
          SampleFigures.ablation.figure(options), to: folder, options: options, limits: limits)
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
      _ = try write(good, to: folder, options: options)
      let sentence = error { _ = try write(broken, to: folder, options: options) }
      #expect(
        sentence.hasPrefix("\(folder.path)/ablation.gp: gnuplot ended with status 1 (")
          && sentence.hasSuffix(
            "undefined function: undefined_function); script and data are kept, nothing was drawn."),
        "\(sentence)")
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
      let sentence = error { _ = try write(stopping, to: folder, options: options) }
      #expect(sentence.hasPrefix("\(folder.path)/stopping.gp: gnuplot ended with status 3;"))
      try expectFiles(["stopping.dat", "stopping.gp"], in: folder)
    }
  }

  /// Limits under which some lines of shell take the place of gnuplot.
  ///
  /// Not by the `PATH`, which would change under the other tests of the process.
  private func limits(_ lines: String, in folder: URL) throws -> FigureWriter.Limits {
    let tools = folder.appending(path: "tools")
    try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: true)
    let program = tools.appending(path: "gnuplot")
    try writeShellProgram(lines, to: program)
    var limits = FigureWriter.Limits()
    limits.program = program.path
    return limits
  }

  /// Whether a process still runs some seconds after it was killed: the system may take a moment.
  private func isAlive(_ process: String) -> Bool {
    for _ in 0..<100 {
      let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
      guard let state, !state.contains(") Z ") else { return false }
      usleep(50_000)
    }
    return true
  }

  @Test("a figure whose script, data and drawings are there is not drawn again")
  func unchanged() throws {
    try withFolder { folder in
      let figure = SampleFigures.ablation.figure(options)
      let urls = try write(figure, to: folder, options: options)
      let before = try contents(urls)
      let refusal = "echo refused >&2; exit 3"
      let plots = folder.appending(path: "tools")
      let refusing = try limits(refusal, in: folder)
      let again = try write(figure, to: folder, options: options, limits: refusing)
      #expect(again == urls)
      #expect(try contents(urls) == before)
      // Whatever is missing or other than it would be written makes it new.
      for damage in urls {
        try Data().write(to: damage)
        let sentence = error {
          _ = try write(figure, to: folder, options: options, limits: refusing)
        }
        #expect(sentence.contains("gnuplot ended with status 3 (refused)"), "\(damage)")
        _ = try write(figure, to: folder, options: options)
        #expect(try contents(urls) == before, "\(damage.lastPathComponent)")
      }
      try FileManager.default.removeItem(at: plots)
      try expectFiles(urls.map(\.lastPathComponent).sorted(), in: folder)
    }
  }

  @Test("what a killed program left of a figure is taken away, and the figure drawn anew")
  func leftDraft() throws {
    try withFolder { folder in
      let figure = SampleFigures.ablation.figure(options)
      let urls = try write(figure, to: folder, options: options)
      let png = try Data(contentsOf: urls[4])
      // The drawing of other numbers stands beside the old script: it was killed between two renames.
      try Data("other".utf8).write(to: urls[4])
      // No process has a number beyond the kernel's limit of 2²²; the first process runs, but did not
      // begin before the machine did.
      for process in ["99999999.5", "1.0"] {
        let parts = Draft.url(of: "ablation", in: folder).lastPathComponent.split(
          separator: "~", omittingEmptySubsequences: false)
        let draft = folder.appending(path: "\(parts[0])~\(process)~1234~\(parts[3])")
        try FileManager.default.createDirectory(at: draft, withIntermediateDirectories: true)
      }
      let older = folder.appending(path: ".drawing-99999999.5-ablation")
      try FileManager.default.createDirectory(at: older, withIntermediateDirectories: true)
      _ = try write(figure, to: folder, options: options)
      #expect(try Data(contentsOf: urls[4]) == png)
      try expectFiles(urls.map(\.lastPathComponent).sorted(), in: folder)
    }
  }

  @Test("a gnuplot that never ends is stopped with all that it started, and the sentence says so")
  func hanging() throws {
    try withFolder { folder in
      let note = folder.appending(path: "processes")
      let lines =
        "trap '' TERM INT HUP\necho $$ > '\(note.path)'\nsleep 600 & echo $! >> '\(note.path)'\nwait"
      var limits = try limits(lines, in: folder)
      limits.drawingS = 1
      let began = ContinuousClock.now
      let sentence = error {
        _ = try write(
          SampleFigures.ablation.figure(options), to: folder, options: options, limits: limits)
      }
      #expect(
        sentence == "\(folder.path)/ablation.gp: gnuplot did not end within 1 s and was stopped; "
          + "check which gnuplot is on the PATH; script and data are kept, nothing was drawn.")
      #expect(ContinuousClock.now - began < .seconds(30))
      let processes = try String(contentsOf: note, encoding: .utf8).split(separator: "\n")
      #expect(processes.count == 2)
      for process in processes { #expect(!isAlive(String(process)), "\(process)") }
      try expectFiles(["ablation.dat", "ablation.gp", "processes", "tools"], in: folder)
    }
  }

  @Test("a gnuplot that hung on one figure is not started for the next")
  func hangsOnce() throws {
    try withFolder { folder in
      let note = folder.appending(path: "starts")
      var limits = try limits("echo x >> '\(note.path)'\nexec sleep 600", in: folder)
      limits.drawingS = 1
      var writer = FigureWriter(options, limits: limits)
      _ = error { _ = try writer.write(SampleFigures.ablation.figure(options), to: folder) }
      let sentence = error {
        _ = try writer.write(SampleFigures.confusion.figure(options), to: folder)
      }
      #expect(
        sentence == "\(folder.path)/confusion.gp: not drawn, as gnuplot did not end on an earlier "
          + "figure; check which gnuplot is on the PATH; script and data are kept.")
      #expect(try String(contentsOf: note, encoding: .utf8) == "x\n")
      try expectFiles(
        ["ablation.dat", "ablation.gp", "confusion.dat", "confusion.gp", "starts", "tools"],
        in: folder)
    }
  }

  @Test("a figure that is no longer wanted leaves all files as they were")
  func cancelled() throws {
    try withFolder { folder in
      let urls = try write(
        SampleFigures.ablation.figure(options), to: folder, options: options)
      let before = try contents(urls)
      var other = SampleFigures.ablation
      other.title = "Something else"
      var limits = try limits("exec sleep 600", in: folder)
      limits.isCancelled = { true }
      let sentence = error {
        _ = try write(
          other.figure(options), to: folder, options: options, limits: limits)
      }
      #expect(sentence == "The figure was not drawn, as the program was interrupted.")
      #expect(try contents(urls) == before)
      try expectFiles(urls.map(\.lastPathComponent).sorted() + ["tools"], in: folder)
    }
  }

  @Test("figures of earlier results go, unless somebody changed their script or data")
  func others() throws {
    try withFolder { folder in
      var svg = options
      svg.formats = [.svg]
      for figure in [
        SampleFigures.ablation.figure(svg), SampleFigures.corpora.figure(svg),
        SampleFigures.confusion.figure(svg), SampleFigures.learningCurves.figure(svg),
      ] {
        _ = try write(figure, to: folder, options: svg)
      }
      let own = folder.appending(path: "confusion.gp")
      try Data((try String(contentsOf: own, encoding: .utf8) + "# mine\n").utf8).write(to: own)
      try Data("# Draws mine (svg) from the numbers in mine.dat.\n".utf8)
        .write(to: folder.appending(path: "mine.gp"))
      try Data("<svg/>".utf8).write(to: folder.appending(path: "sketch.svg"))
      #expect(
        try FigureWriter.removeOthers(than: ["ablation"], in: folder) == ["corpora", "curves"])
      try expectFiles(
        [
          "ablation.dat", "ablation.gp", "ablation.svg", "confusion.dat", "confusion.gp",
          "confusion.svg", "mine.gp", "sketch.svg",
        ], in: folder)
      #expect(try FigureWriter.removeOthers(than: [], in: folder.appending(path: "none")) == [])
    }
  }

  @Test("what killed programs, of earlier versions too, left of other figures goes with those")
  func othersLeft() throws {
    try withFolder { folder in
      let own = Draft.url(of: "gone", in: folder).lastPathComponent
      let parts = own.split(separator: "~", omittingEmptySubsequences: false)
      let running = ProcessIdentity.own.text
      // No process has a number beyond the kernel's limit of 2²².
      let left = [
        "\(parts[0])~99999999.5~1234~\(parts[3])", ".drawing-99999999.5-gone",
        ".drawing-1.0-of-long-ago",
      ]
      let kept = [own, ".drawing-\(running)-gone", ".drawing-99999999.5-ablation", ".drawings"]
      for name in left + kept {
        try FileManager.default.createDirectory(
          at: folder.appending(path: name), withIntermediateDirectories: true)
      }
      #expect(try FigureWriter.removeOthers(than: ["ablation"], in: folder) == [])
      try expectFiles(kept.sorted(), in: folder)
    }
  }

  @Test("a folder that cannot be made is named")
  func unwritable() throws {
    try withFolder { folder in
      try Data().write(to: folder)
      let below = folder.appending(path: "plots")
      let sentence = error {
        _ = try write(
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
        _ = try write(figure.figure(options), to: folder, options: options)
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
          .init(
            name: name, tested: "",
            values: [
              PlottedValue(
                mean: 0.5, interval: .init(low: 0.4, high: 0.6), networks: 3, chance: 0.25)
            ]),
          .init(name: name, tested: "", values: [nil]),
        ], interval: name)
    }
    try withFolder { folder in
      for (name, figure) in zip(names, figures) {
        let urls = try write(figure.figure(options), to: folder, options: options)
        let texts = try drawnTexts(urls[3])
        // Title, both of the legend, and the variant where it takes one line.
        #expect(texts.count { $0 == name } >= 3, "\(name) among \(texts)")
      }
      let urls = try write(curves.figure(options), to: folder, options: options)
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
