import Foundation
import ValenceCore

/// Reads a corpus that has a folder a class, or whose paths name the class elsewhere.
struct ClassFolders {
  let options: CorpusOptions
  /// Finds the speaker in the path below the class folder.
  let speakerPattern: PathPattern?
  /// Finds the emotion in the path below the corpus folder.
  ///
  /// The speaker is then looked for there too. Without it the class is the first folder of the path.
  let emotionPattern: PathPattern?

  private typealias Found = (path: String, label: String, rest: String)

  /// The corpus: each audio file under a class folder, or whose path names a class, is an utterance.
  func corpus() throws(CorpusErrors) -> Corpus {
    let folder = try CorpusFolder(options.path)
    let paths = folder.audioFiles
    let emotions = try emotionPattern.map { pattern throws(CorpusErrors) in
      try pattern.words(in: paths)
    }
    var skipped = folder.links
    var found: [Found] = []
    for (index, path) in paths.enumerated() {
      let read = emotions.map { $0[index].map { (path, $0, path) } } ?? Self.inClassFolder(path)
      guard let file = read else {
        let reason =
          emotions == nil
          ? "It is in no class folder." : "The pattern emotion finds no class in its path."
        skipped.append(SkippedFile(id: path, reason: reason))
        continue
      }
      found.append(file)
    }
    skipped += folder.unreadAudioFiles.map { SkippedFile(id: $0, reason: CorpusFolder.unread) }
    skipped += folder.filesWithoutExtension.map {
      SkippedFile(id: $0, reason: CorpusFolder.withoutExtension)
    }
    guard !found.isEmpty else {
      throw CorpusErrors([noClass(among: paths)])
    }
    let speakers = try self.speakers(of: found.map(\.rest))
    let utterances = zip(found, speakers).map { file, speaker in
      Utterance(
        id: file.path, filePath: folder.wholePath(file.path), speaker: speaker, label: file.label)
    }
    return Corpus(
      name: options.name, root: folder.root, utterances: utterances, skipped: skipped,
      remarks: folder.remarks)
  }

  private static func inClassFolder(_ path: String) -> Found? {
    guard let slash = path.firstIndex(of: "/"), !path[..<slash].allSatisfy(\.isWhitespace) else {
      return nil
    }
    return (path, String(path[..<slash]), String(path[path.index(after: slash)...]))
  }

  private func noClass(among paths: [String]) -> CorpusError {
    if let emotionPattern {
      return .noClassFound(
        pattern: emotionPattern.text, path: options.path.path, audioFiles: paths.count)
    }
    return .noUtterances(
      path: options.path.path,
      expected: "no folder here holds audio files; each class should be a folder (angry/a.wav)",
      audioFiles: paths.count)
  }

  private func speakers(of paths: [String]) throws(CorpusErrors) -> [String?] {
    guard let speakerPattern else { return paths.map { _ in nil } }
    let speakers = try speakerPattern.words(in: paths)
    if let first = speakers.firstIndex(of: nil) {
      let count = speakers.count { $0 == nil }
      throw CorpusErrors([
        .noSpeakerFound(
          pattern: speakerPattern.text, path: paths[first], count: count,
          folder: emotionPattern == nil ? "class" : "corpus")
      ])
    }
    return speakers
  }
}
