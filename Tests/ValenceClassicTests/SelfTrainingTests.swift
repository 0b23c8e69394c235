import Testing
import ValenceCore

@testable import ValenceClassic

@Suite("Self-training of classic models")
struct SelfTrainingTests {
  /// Clips of one speaker who is apart from the training speakers, and their classes.
  private func moved(_ data: ClassicData, by offset: Float) -> ClassicData {
    var other = data
    for index in other.vectors.indices where index % data.dimensions < 6 {
      other.vectors[index] += offset
    }
    return other
  }

  private static let kinds = ClassicOptions.Kind.allCases.filter { $0 != .majority }

  private func recall(_ model: ClassicModel, _ data: ClassicData) throws -> Double {
    let scores = try model.scores(data.vectors, count: data.count)
    let right = zip(scores, data.targets).count { $0[...].firstGreatest == $1 }
    return Double(right) / Double(data.count)
  }

  @Test(
    "a model that is fitted anew to its own data is the same, and so is one that was stored",
    arguments: kinds)
  func refit(kind: ClassicOptions.Kind) throws {
    let data = SampleClips().data
    let model = try ClassicModel(fitting: data, ClassicOptions(kind))
    #expect(try model.refitted(to: data) == model)
    let stored = try ClassicModel(
      arrays: model.arrays, options: model.options, classCount: 3, dimensions: data.dimensions)
    let more = moved(data, by: 1)
    #expect(try stored.refitted(to: more) == model.refitted(to: more))
    #expect(try model.refitted(to: more).strength == model.strength)
  }

  @Test("rounds are what labeling and fitting by hand gives", arguments: kinds)
  func byHand(kind: ClassicOptions.Kind) throws {
    let data = SampleClips().data
    let other = moved(SampleClips(speakers: 3, seed: 1).data, by: 1.5)
    let model = try ClassicModel(fitting: data, ClassicOptions(kind))
    var options = SelfTrainingOptions()
    options.rounds = 2
    let adapted = try model.adapted(
      to: other.vectors, count: other.count, training: data, options)
    var byHand = model
    for _ in 0..<2 {
      var all = data
      all.vectors += other.vectors
      all.targets += try byHand.scores(other.vectors, count: other.count).map {
        $0[...].firstGreatest
      }
      all.speakers += other.speakers
      byHand = try byHand.refitted(to: all)
    }
    #expect(adapted == byHand)
  }

  @Test("a share believes the likeliest of each class; of no clips nothing is learned")
  func share() throws {
    let data = SampleClips().data
    let other = moved(SampleClips(speakers: 3, seed: 1).data, by: 1.5)
    let model = try ClassicModel(fitting: data, ClassicOptions(.ridge))
    var options = SelfTrainingOptions()
    (options.rounds, options.share) = (1, 0.25)
    let adapted = try model.adapted(
      to: other.vectors, count: other.count, training: data, options)
    let logits = try model.logProbabilities(other.vectors, count: other.count)
    var all = data
    for clip in 0..<other.count {
      let label = logits[clip][...].firstGreatest
      let rivals = logits.filter { $0[...].firstGreatest == label }.map { $0[label] }.sorted(by: >)
      let kept = rivals.prefix(Int((0.25 * Double(rivals.count)).rounded(.up)))
      guard let least = kept.last, logits[clip][label] >= least else { continue }
      all.vectors += other.vectors[clip * data.dimensions..<(clip + 1) * data.dimensions]
      all.targets.append(label)
      all.speakers.append(-1)
    }
    #expect(all.count > data.count && all.count < data.count + other.count / 2)
    #expect(try adapted == model.refitted(to: all))
    #expect(try model.adapted(to: [], count: 0, training: data, options) == model)
  }

  @Test("adapting to a corpus that is apart helps")
  func helps() throws {
    let data = SampleClips(noise: 1).data
    let other = moved(SampleClips(speakers: 6, noise: 1).data, by: 1.5)
    let model = try ClassicModel(fitting: data, ClassicOptions(.ridge))
    let adapted = try model.adapted(
      to: other.vectors, count: other.count, training: data, SelfTrainingOptions())
    #expect(try recall(adapted, other) > recall(model, other))
  }

  @Test("data of another shape are refused")
  func shape() throws {
    let data = SampleClips().data
    let model = try ClassicModel(fitting: data, ClassicOptions(.ridge))
    #expect(throws: ClassicError.self) {
      _ = try model.refitted(to: SampleClips(dimensions: 19).data)
    }
    #expect(throws: ClassicError.self) {
      _ = try model.refitted(to: SampleClips(classes: 4).data)
    }
  }
}
