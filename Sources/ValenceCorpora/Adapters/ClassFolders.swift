import Foundation

/// Reads a corpus that has a folder a class.
struct ClassFolders {
  let options: CorpusOptions
  /// A regular expression with a group named `speaker`, tried on the path below the class folder.
  let speakerPattern: String?

  /// The corpus: each audio file under a class folder is an utterance.
  func corpus() throws(CorpusErrors) -> Corpus {
    let folder = try CorpusFolder(options.path)
    var skipped: [SkippedFile] = []
    var found: [(path: String, label: String, rest: String)] = []
    for path in folder.audioFiles {
      guard let slash = path.firstIndex(of: "/") else {
        skipped.append(SkippedFile(id: path, reason: "It lies in no class folder."))
        continue
      }
      found.append((path, String(path[..<slash]), String(path[path.index(after: slash)...])))
    }
    guard !found.isEmpty else {
      throw CorpusErrors([
        .noUtterances(
          path: options.path.path,
          expected: "no folder here holds audio files; each class should be a folder (angry/a.wav)",
          audioFiles: folder.audioFiles.count)
      ])
    }
    let speakers = try self.speakers(of: found.map(\.rest))
    let utterances = zip(found, speakers).map { file, speaker in
      Utterance(id: file.path, file: folder.url(file.path), speaker: speaker, label: file.label)
    }
    return Corpus(
      name: options.name, root: folder.root, utterances: utterances, skipped: skipped,
      remarks: folder.remarks)
  }

  private func speakers(of paths: [String]) throws(CorpusErrors) -> [String?] {
    guard let pattern = speakerPattern else { return paths.map { _ in nil } }
    let expression: Regex<AnyRegexOutput>
    do {
      expression = try Regex(pattern)
    } catch {
      throw CorpusErrors([.badPattern(pattern: pattern, reason: "\(error)")])
    }
    guard expression.contains(captureNamed: "speaker") else {
      throw CorpusErrors([.patternWithoutSpeaker(pattern: pattern)])
    }
    let speakers = paths.map { path -> String? in
      let name = path.firstMatch(of: expression)?["speaker"]?.substring
      return name.flatMap { $0.isEmpty ? nil : String($0) }
    }
    if let first = speakers.firstIndex(of: nil) {
      let count = speakers.count { $0 == nil }
      throw CorpusErrors([
        .noSpeakerFound(pattern: pattern, path: paths[first], count: count)
      ])
    }
    return speakers
  }
}
