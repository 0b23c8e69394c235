import Foundation
package import ValenceCore
import ValenceCorpora
import ValenceData
import ValencePlan

/// Writes an experiment file for a folder of speech, from what is in it.
package struct ExperimentInit {
  package struct Outcome: Sendable {
    /// The content of the folder, in lines of text.
    package let findings: [String]
    /// The files that were written, the experiment file first.
    package let files: [String]
  }

  private let folder: String
  private let file: URL
  private let current: URL
  private let name: String

  /// Looks at `folder`; `file` is the experiment file to write, or nil for one that is called after the
  /// folder, in the current folder.
  ///
  /// - Throws: `Problems` if the file is there already.
  package init(folder: String, file path: String?) throws(Problems) {
    self.folder = folder
    current = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
    let named = URL(filePath: folder, directoryHint: .isDirectory).standardizedFileURL
    name = Self.name(of: path.map { URL(filePath: $0).deletingPathExtension() } ?? named)
    file = URL(filePath: path ?? "\(name).yaml", directoryHint: .notDirectory)
    try Self.refuse(file)
    try Self.refuse(foldFile)
  }

  /// The table of folds, where one has to be written.
  private var foldFile: URL {
    URL(
      filePath: file.deletingPathExtension().relativePath + "-folds.csv",
      directoryHint: .notDirectory)
  }

  /// Finds out what is in the folder and writes the file; the plan's own reader then checks it.
  ///
  /// - Throws: `Problems`: no speech, no classes, no split that can be tested, or a file that cannot be
  ///   written. Nothing is left behind then.
  package func write(threads: Int) throws -> Outcome {
    let root = URL(filePath: folder, directoryHint: .isDirectory)
    let corpusName = Self.name(of: root.standardizedFileURL)
    let layout = try CorpusLayout.find(in: root, named: corpusName)
    var survey = AudioSurvey(layout.corpus, threads: threads)
    try refuseUnusable(layout.corpus, survey)
    let settings = StartingSettings(survey)
    survey.decode(
      layout.corpus, options: settings.audio, fewestS: settings.fewestS, threads: threads)
    try refuseUnusable(layout.corpus, survey)
    let split = try SplitChoice(layout.corpus, odd: survey.oddNames)
    var draft = ExperimentDraft(
      name: name, layout: layout, survey: survey, settings: settings, split: split,
      file: file.relativePath, path: corpusPath(layout.options),
      foldFile: split.foldTable == nil ? nil : foldFile.lastPathComponent)
    var written: [URL] = []
    do {
      if let table = split.foldTable { try write(table.text, to: foldFile, &written) }
      try write(draft.text, to: file, &written)
      do {
        try check()
      } catch let problems as Problems
        where problems.all.allSatisfy({ $0.key == "protocol.duplicates" })
      {
        try FileManager.default.removeItem(at: file)
        written.removeAll { $0 == file }
        draft.hasCopies = true
        try write(draft.text, to: file, &written)
        try check()
      }
    } catch {
      for file in written { try? FileManager.default.removeItem(at: file) }
      throw error
    }
    return Outcome(
      findings: draft.findings, files: written.reversed().map(\.relativePath))
  }

  /// Reads the written file as `valence plan` does.
  private func check() throws {
    let plan = try PlanReader(PlanDocument(contentsOf: file.relativePath)).read()
    _ = try Experiment(plan)
  }

  private func refuseUnusable(_ corpus: Corpus, _ survey: AudioSurvey) throws(Problems) {
    guard let first = survey.odd.first, survey.odd.count >= corpus.utterances.count else { return }
    throw Problems([Problem("\(folder): not one audio file here can be used; \(first.reason)")])
  }

  /// The corpus's path as the experiment file has it.
  private func corpusPath(_ options: CorpusOptions) -> String {
    let root = URL(filePath: folder, directoryHint: .isDirectory)
    var path = folder
    if options.path.standardizedFileURL.path != root.standardizedFileURL.path {
      path = (path.hasSuffix("/") ? path : path + "/") + options.path.lastPathComponent
    }
    return PlanSyntax.path(path, from: current, to: file.deletingLastPathComponent())
  }

  private func write(_ text: String, to file: URL, _ written: inout [URL]) throws(Problems) {
    do {
      try Data(text.utf8).write(to: file, options: .withoutOverwriting)
      written.append(file)
    } catch {
      throw Problems([
        Problem(
          "\(file.relativePath): this file cannot be written (\(error.localizedDescription)).")
      ])
    }
  }

  private static func refuse(_ file: URL) throws(Problems) {
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    throw Problems([
      Problem(
        "\(file.relativePath): this file is there already and is not overwritten; give another name "
          + "with --out.")
    ])
  }

  /// A folder's name in the letters that names of experiments and corpora have.
  private static func name(of url: URL) -> String {
    let plain = url.lastPathComponent.lowercased()
      .replacing("ä", with: "ae").replacing("ö", with: "oe").replacing("ü", with: "ue")
      .replacing("ß", with: "ss").folding(options: .diacriticInsensitive, locale: nil)
    let words = plain.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return words.isEmpty ? "speech" : words.joined(separator: "-")
  }
}
