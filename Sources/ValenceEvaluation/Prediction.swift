import Foundation
import ValenceCore

/// One network's prediction for one utterance.
package struct Prediction: Hashable, Sendable {
  /// The path of the audio file below the corpus folder.
  package let file: String
  /// Which part of its file the utterance is, in seconds; all of it, where the corpus names no part.
  ///
  /// That is what audformat's `start` and `end` say. What a network hears of an utterance, after trimming
  /// and cutting, is the settings' matter.
  package let startS: Double
  /// See `startS`.
  package let endS: Double
  /// The speaker, if known.
  package let speaker: String?
  /// The true class (a position in the label space).
  package let truth: Int
  /// The predicted class: the most probable one, the first of equals.
  package let prediction: Int
  /// The probability of each class; they add up to 1.
  package let probabilities: [Float]

  /// The utterance's identity within its corpus: the file and its span.
  ///
  /// Of names that differ in Unicode normalization only, which Swift takes for equal texts, the ids differ.
  package var id: String {
    let id = "\(file)#\(startS)-\(endS)"
    if file.utf8.allSatisfy({ $0 < 0x80 }) { return id }
    let composed = file.precomposedStringWithCanonicalMapping
    return composed.utf8.elementsEqual(file.utf8) ? id : "\(id)#\(Digest(of: file).short)"
  }

  /// Notes a prediction; see the properties.
  package init(
    file: String, startS: Double, endS: Double, speaker: String?, truth: Int,
    probabilities: [Float]
  ) {
    self.file = file
    self.startS = startS
    self.endS = endS
    self.speaker = speaker
    self.truth = truth
    self.probabilities = probabilities
    prediction = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
  }
}
