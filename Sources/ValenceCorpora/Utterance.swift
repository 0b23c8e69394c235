package import Foundation
import ValenceCore

/// One labeled piece of speech: an audio file, or a span of one.
package struct Utterance: Hashable, Sendable {
  /// Unique within its corpus and stable: the path below the corpus folder, with `#start-end` in
  /// seconds where it is a span.
  package let id: String
  /// The audio file: its whole path.
  ///
  /// A text, because a `URL` takes ten times the memory, and a corpus may have a million utterances.
  package let filePath: String
  /// The span of the file in seconds; nil is the whole file.
  package let span: ClosedRange<Double>?
  /// Who speaks; nil where the corpus does not say.
  package let speaker: String?
  /// The label as the corpus has it, in lower case.
  package let label: String
  /// `female`, `male` or nil.
  package let gender: String?
  /// The language as an ISO 639-1 code, if known.
  package let language: String?
  /// Which sentence is spoken, if known.
  package let sentence: String?
  /// How strong the emotion was played, if known.
  package let intensity: String?
  /// The official split (`train`, `validation`, `test`) that the publisher put it in, if any.
  package let split: String?

  /// The path of the file below the corpus folder: the id without the span.
  package var path: String {
    guard span != nil, let mark = id.lastIndex(of: "#") else { return id }
    return String(id[..<mark])
  }

  /// The audio file.
  package var file: URL { URL(filePath: filePath, directoryHint: .notDirectory) }

  /// Whether it comes first in a corpus.
  fileprivate func isBefore(_ other: Utterance) -> Bool { ExactName(id) < ExactName(other.id) }

  /// How long it lasts in seconds by the publisher's table, if that says so; the audio may differ.
  package let statedS: Double?

  /// Whether its file is a container (MP4, Matroska, …) that takes ffmpeg to decode, by its extension.
  package var isMedia: Bool { CorpusFolder.kind(of: filePath) == .media }

  /// Describes an utterance; see the properties.
  package init(
    id: String, filePath: String, span: ClosedRange<Double>? = nil, speaker: String?, label: String,
    gender: String? = nil, language: String? = nil, sentence: String? = nil,
    intensity: String? = nil, split: String? = nil,
    statedS: Double? = nil
  ) {
    self.id = id
    self.filePath = filePath
    self.span = span
    self.speaker = speaker
    self.label = label.lowercased()
    self.gender = gender
    self.language = language
    self.sentence = sentence
    self.intensity = intensity
    self.split = split
    self.statedS = statedS
  }
}

/// Named speech data: what an adapter read from a folder.
package struct Corpus: Sendable {
  /// The name that the experiment file gives it.
  package let name: String
  /// The folder that utterance ids are relative to.
  package let root: URL
  /// The utterances, ordered by id; ids are unique.
  package let utterances: [Utterance]
  /// Files that were found but are no utterances, each with the reason in one sentence.
  package let skipped: [SkippedFile]
  /// Sentences for the reader of the results, for example that the speech is synthetic.
  package let remarks: [String]

  /// Puts a corpus together; sorts the utterances.
  package init(
    name: String, root: URL, utterances: [Utterance], skipped: [SkippedFile] = [],
    remarks: [String] = []
  ) {
    self.name = name
    self.root = root
    let isSorted = zip(utterances, utterances.dropFirst()).allSatisfy { $0.isBefore($1) }
    self.utterances = isSorted ? utterances : utterances.sorted { $0.isBefore($1) }
    self.skipped = skipped
    self.remarks = remarks
  }
}

/// A file in a corpus folder that is not used, and why.
package struct SkippedFile: Hashable, Sendable {
  /// The path below the corpus folder.
  package let id: String
  /// Why, in one sentence.
  package let reason: String

  /// Notes a file and the reason.
  package init(id: String, reason: String) {
    self.id = id
    self.reason = reason
  }
}
