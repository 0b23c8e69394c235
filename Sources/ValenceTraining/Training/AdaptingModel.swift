import ValenceClassic
import ValenceCore
import ValenceData
import ValenceFeatures
import ValencePlan

/// A classic model that adapts to the unlabeled speech of each test set before it is scored on it.
///
/// What a trial keeps is the model as it was fitted; each test set has its own adapted one, which follows from
/// it, the training clips and the test clips.
struct AdaptingModel {
  private let model: ClassicModel
  private let options: SelfTrainingOptions
  private let training: ClassicData
  /// How much a test set counts beside all training clips, where corpora are balanced.
  private let share: Double

  /// Nil where the trial's settings do not ask for self-training.
  init?(
    _ model: ClassicModel, of clips: ClassicClips, _ classic: ClassicSettings?,
    data: () throws -> ClassicData
  )
    throws
  {
    guard let options = classic?.selfTraining else { return nil }
    (self.model, self.options) = (model, options)
    training = try data()
    share = 1 / Double(max(clips.corpora, 1))
  }

  /// The log probabilities of a test set's clips.
  ///
  /// - Parameter speakers: the number of each clip's speaker; -1 where nobody knows.
  func logits(
    of vectors: [Float], speakers: [Int], corpus: String
  ) throws -> [[Float]] {
    switch options.score {
    case .all:
      return try logits(of: Array(speakers.indices), adaptedTo: Array(speakers.indices), vectors)
    case .others:
      let halves = Self.halves(speakers)
      guard !halves[0].isEmpty, !halves[1].isEmpty else {
        throw TrainingError.oneTestSpeaker(of: corpus)
      }
      var result = [[Float]](repeating: [], count: speakers.count)
      for (own, other) in [(halves[0], halves[1]), (halves[1], halves[0])] {
        for (clip, logits) in zip(own, try logits(of: own, adaptedTo: other, vectors)) {
          result[clip] = logits
        }
      }
      return result
    }
  }

  /// The clips of every second speaker, and those of the others; clips of unknown speakers stay together.
  private static func halves(_ speakers: [Int]) -> [[Int]] {
    let known = Set(speakers).sorted()
    let half = Dictionary(uniqueKeysWithValues: zip(known, known.indices.map { $0 % 2 }))
    return [0, 1].map { side in speakers.indices.filter { half[speakers[$0]] == side } }
  }

  private func logits(
    of clips: [Int], adaptedTo others: [Int], _ vectors: [Float]
  ) throws -> [[Float]] {
    func picked(_ clips: [Int]) -> [Float] {
      clips.flatMap { vectors[$0 * model.dimensions..<($0 + 1) * model.dimensions] }
    }
    do throws(ClassicError) {
      let adapted = try model.adapted(
        to: picked(others), count: others.count, training: training, options, share: share)
      return try adapted.logProbabilities(picked(clips), count: clips.count)
        .map { $0.map(Float.init) }
    } catch {
      throw TrainingError.classic(error)
    }
  }
}
