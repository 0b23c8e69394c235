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
  private let annotation: Annotation

  /// The speaker; nil if the corpus does not say.
  package var speaker: String? { annotation.speaker }
  /// The label as the corpus has it, in lower case.
  package var label: String { annotation.label }
  package var gender: Gender? { annotation.gender }
  /// The language as an ISO 639-1 code, if known.
  package var language: String? { annotation.language }
  /// Which sentence is spoken, if known.
  package var sentence: String? { annotation.sentence }
  /// How strong the emotion was played, if known.
  package var intensity: String? { annotation.intensity }
  /// The official split that the publisher put it in, if any.
  package var split: SplitName? { annotation.split }
  /// How long it lasts in seconds by the publisher's table, if that says so; the audio may differ.
  package var statedS: Double? { annotation.statedS }

  /// The path of the file below the corpus folder: the id without the span.
  package var path: String {
    guard span != nil, let mark = id.lastIndex(of: "#") else { return id }
    return String(id[..<mark])
  }

  /// The audio file.
  package var file: URL { URL(filePath: filePath, directoryHint: .notDirectory) }

  /// Whether it comes first in a corpus.
  fileprivate func isBefore(_ other: Utterance) -> Bool { ExactName(id) < ExactName(other.id) }

  /// Whether its file is a container (MP4, Matroska, …) that takes ffmpeg to decode, by its extension.
  package var isMedia: Bool { CorpusFolder.kind(of: filePath) == .media }

  init(
    id: String, filePath: String, span: ClosedRange<Double>? = nil, _ annotation: Annotation
  ) {
    var annotation = annotation
    annotation.label = annotation.label.lowercased()
    (self.id, self.filePath, self.span, self.annotation) = (id, filePath, span, annotation)
  }

  /// A whole file of which no more is known than these.
  package init(id: String, filePath: String, speaker: String?, label: String) {
    self.init(id: id, filePath: filePath, Annotation(speaker: speaker, label: label))
  }

  /// Everything that a corpus says of an utterance; see the properties of `Utterance`.
  struct Annotation: Hashable, Sendable {
    var speaker: String?
    var label: String
    var gender: Gender?
    var language: String?
    var sentence: String?
    var intensity: String?
    var split: SplitName?
    var statedS: Double?
  }
}

/// A speaker's gender, as corpora annotate it.
package enum Gender: String, Hashable, Sendable, CaseIterable {
  case female, male
}

/// The sides of a split, by the names that publishers give them.
package enum SplitName: String, Hashable, Sendable, CaseIterable {
  case train, validation, test

  /// Reads a name in any case; `dev` and `valid` are validation.
  package init?(_ text: String) {
    switch text.lowercased() {
    case "train", "training": self = .train
    case "validation", "valid", "val", "dev", "devel", "development": self = .validation
    case "test", "testing", "eval": self = .test
    default: return nil
    }
  }
}

/// A named collection of speech, as an adapter read it from a folder.
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
