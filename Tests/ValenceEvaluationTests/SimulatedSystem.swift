import ValenceCore

@testable import ValenceEvaluation

/// Speakers of whom a system recognizes a share of their own, trained from several seeds that differ.
struct SimulatedSystem {
  var speakers = 12
  var each = 24
  /// The mean chance of knowing the class; without, one of four is guessed.
  var skill = 0.5
  /// How much systems differ on a speaker, and seeds in all: half the width of a uniform spread.
  var bySystem = 0.0
  var bySeed = 0.0

  /// The true UAR.
  var uar: Double { skill + (1 - skill) / 4 }

  /// What each speaker makes of a system, equal for all systems on the same `seed`.
  func speakerSkills(_ random: inout RandomStream) -> [Double] {
    (0..<speakers).map { _ in skill + 0.3 * (random.uniform() - 0.5) }
  }

  /// A system's scores for so many seeds.
  func scores(
    _ skills: [Double], seeds: Int, _ random: inout RandomStream, gain: Double = 0
  ) -> SystemScores {
    let own = skills.map { $0 + gain + 2 * bySystem * (random.uniform() - 0.5) }
    let sets = (0..<seeds).map { _ -> [[Prediction]] in
      let shift = 2 * bySeed * (random.uniform() - 0.5)
      return [
        own.indices.flatMap { speaker in
          (0..<each).map { number in
            let truth = number % 4
            let said = random.uniform() < own[speaker] + shift ? truth : random.below(4)
            return prediction(
              "\(speaker)-\(number)", truth, said, classes: 4, speaker: "s\(speaker)")
          }
        }
      ]
    }
    return SystemScores(of: .uar, sets, classCount: 4)
  }
}
