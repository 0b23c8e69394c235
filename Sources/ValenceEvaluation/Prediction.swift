import Foundation
import ValenceCore

/// The part of an audio file that an utterance is, as audformat's segmented index names it.
package struct Segment: Hashable, Sendable {
  /// The path of the audio file below the corpus folder.
  package let file: String
  /// The start in the file, in seconds; 0 where the corpus names no part of it.
  ///
  /// This is the utterance as the corpus defines it. Trimming and cutting belong to the settings and do
  /// not change it.
  package let startS: Double
  /// The end in the file, in seconds; the file's length where the corpus names no part of it.
  package let endS: Double

  package init(file: String, startS: Double, endS: Double) {
    self.file = file
    self.startS = startS
    self.endS = endS
  }

  /// Identifies the utterance within its corpus.
  ///
  /// Swift compares strings by canonical equivalence, so two files whose names differ only in Unicode
  /// normalization would share an id. A name that is not in composed form gets a digest of its bytes.
  package var id: String {
    let id = "\(file)#\(startS)-\(endS)"
    if file.utf8.allSatisfy({ $0 < 0x80 }) { return id }
    let composed = file.precomposedStringWithCanonicalMapping
    return composed.utf8.elementsEqual(file.utf8) ? id : "\(id)#\(Digest(of: file).short)"
  }
}

/// One network's output for one utterance.
package struct Prediction: Hashable, Sendable {
  /// The utterance.
  package let segment: Segment
  /// The speaker, if known.
  package let speaker: String?
  /// The true class (a position in the label space).
  package let truth: Int
  /// The predicted class: the most probable one, the first of equals.
  package let prediction: Int
  /// The probability of each class; they add up to 1.
  package let probabilities: [Float]

  /// The utterance's id; see `Segment.id`.
  package var id: String { segment.id }

  /// Notes a prediction; see the properties.
  package init(segment: Segment, speaker: String?, truth: Int, probabilities: [Float]) {
    self.segment = segment
    self.speaker = speaker
    self.truth = truth
    self.probabilities = probabilities
    prediction = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
  }
}
