import Foundation
import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValenceStore

extension DuplicateCheck {
  /// The identities by which utterances of all corpora are compared.
  ///
  /// Files that are no sound, such as the same page of a server's error in place of many recordings, are
  /// copies of nothing: they are left out or refused as they are.
  static func sounds(of corpora: [PreparedCorpus]) -> [SharedSound.Sound] {
    let empty = Digest(of: "")
    var firstPath: [Digest: ExactName] = [:]
    var severalPaths: Set<Digest> = []
    var sounds: [SharedSound.Sound] = []
    sounds.reserveCapacity(corpora.reduce(0) { $0 + $1.contents.count })
    for corpus in corpora {
      var (path, file) = (ExactName(""), Digest?.none)
      for (index, item) in corpus.labeled.utterances.enumerated() {
        let utterance = item.utterance
        if ExactName(utterance.filePath) != path {
          path = ExactName(utterance.filePath)
          file = corpus.files.digest(of: path.text).flatMap { $0 == empty ? nil : $0 }
          if let file, let first = firstPath[file] {
            if first != path { severalPaths.insert(file) }
          } else if let file {
            firstPath[file] = path
          }
        }
        let sound = corpus.sound(of: index)
        let isNone = sound != nil && sound?.samples == nil
        sounds.append(
          .init(file: isNone ? nil : file, span: utterance.span, samples: sound?.samples))
      }
    }
    // Only what would be a copy is looked at, and only while nothing is known of its samples.
    let noSound = severalPaths.filter { digest in
      guard let path = firstPath[digest] else { return false }
      return !isSound(path.text)
    }
    guard !noSound.isEmpty else { return sounds }
    for index in sounds.indices where sounds[index].samples == nil {
      if let file = sounds[index].file, noSound.contains(file) { sounds[index].file = nil }
    }
    return sounds
  }

  private static func isSound(_ path: String) -> Bool {
    do {
      _ = try AudioReader.inspect(URL(filePath: path, directoryHint: .notDirectory))
      return true
    } catch {
      switch error.fault {
      case .notAudio, .lfsPointer, .empty, .noSamples, .noSoundTrack, .rate, .damaged, .truncated:
        return false
      // Whatever the machine's trouble is, a copy must not pass for it.
      default: return true
      }
    }
  }
}
