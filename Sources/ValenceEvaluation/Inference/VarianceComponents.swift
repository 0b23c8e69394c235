/// The variance of a mean over speakers and seeds, or of the difference of two such means.
///
/// With dᵢ the pseudo-values of speaker i (`SystemScores`), averaged over the seeds of a side and
/// subtracted between sides: their variance over the S speakers, divided by S, is V₁. The variance
/// of the scores of a side's R seeds, pooled over the sides, times Σ 1/R is V₂. Both contain the
/// interaction of speaker and seed; V₃ is that part, from the pseudo-values less the means of their
/// speaker and their seed. So the variance of the mean is V₁ + X with X = max(0, V₂ − V₃).
///
/// Its degrees of freedom are Satterthwaite's (1946) for the two components, with ν = (V₁ + X)² /
/// (V₁²/ν₁ + X·(X + 4·V₃/ν₂)/ν₂): ν₁ = the effective number of speakers less 1, ν₂ = Σ (R − 1). The
/// term with V₃ lowers ν where seeds are few and V₂ is little larger than V₃; without it, tests of
/// equal systems reject too often there. Size, power
/// and coverage by simulation: `Tests/ValenceEvaluationTests/Fixtures/inference/README.md`.
struct VarianceComponents: Hashable, Sendable {
  /// V₁: the variance due to speakers.
  let speakers: Double
  /// X: the variance due to seeds alone; 0 where seeds are not part of it.
  let seeds: Double
  /// The degrees of freedom of `variance`.
  let degrees: Double
  /// Whether V₁ was raised to `least`.
  let isLeast: Bool
  let speakerDegrees: Double
  /// The lower bound of `speakers`: the variance that a single changed answer would cause.
  ///
  /// Where no speaker differs from another the estimate is 0, and every difference would be significant.
  let least: Double
  /// Each speaker's deviation from the mean, from which `speakers` is computed.
  let deviations: [Double]

  /// The variance of the mean.
  var variance: Double { speakers + seeds }

  /// The components of one system (`second` nil), or of the first minus the second; both must have been
  /// tested on the same speakers and have no gap.
  ///
  /// - Parameter withSeeds: whether seeds are part of it; every side that seeds move must then have two or
  ///   more.
  init(_ first: SystemScores, minus second: SystemScores? = nil, withSeeds: Bool) {
    let sides = [first] + (second.map { [$0] } ?? [])
    let count = Double(first.clusters.count)
    let means = sides.map { side in
      first.clusters.indices.map { index in
        side.pseudovalues.reduce(0) { $0 + $1[index] } / Double(side.scores.count)
      }
    }
    let differences =
      means.count > 1 ? zip(means[0], means[1]).map { $0 - $1 } : means[0]
    let center = differences.reduce(0, +) / count
    deviations = differences.map { $0 - center }
    let fewest = sides.map(\.scores.count).min() ?? 1
    let step = first.step / Double(fewest)
    least = step * step
    let found = deviations.reduce(0) { $0 + $1 * $1 } / (count - 1) / count
    isLeast = found < least
    speakers = max(found, least)
    speakerDegrees = max(1, sides.map(\.effectiveClusters).reduce(.infinity, min) - 1)
    // What no seed moves adds nothing to the variance over seeds.
    let moved = zip(sides, means).filter(\.0.isSeeded)
    guard withSeeds, !moved.isEmpty else {
      (seeds, degrees) = (0, speakerDegrees)
      return
    }
    let seedDegrees = moved.reduce(0) { $0 + Double($1.0.scores.count - 1) }
    let shares = moved.reduce(0) { $0 + 1 / Double($1.0.scores.count) }
    let between = moved.reduce(0) { $0 + Self.squares($1.0.scores) } / seedDegrees * shares
    let rest =
      moved.reduce(0) { $0 + Self.residualSquares($1.0, means: $1.1) }
      / (seedDegrees * (count - 1)) * shares / count
    seeds = max(0, between - rest)
    let spread =
      speakers * speakers / speakerDegrees
      + seeds * (seeds + 4 * rest / seedDegrees) / seedDegrees
    degrees = (speakers + seeds) * (speakers + seeds) / spread
  }

  private static func squares(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }

  /// The squares of pseudo-values less the means of their speaker and seed.
  private static func residualSquares(_ side: SystemScores, means: [Double]) -> Double {
    let center = means.reduce(0, +) / Double(means.count)
    return side.pseudovalues.reduce(0) { sum, values in
      let own = values.reduce(0, +) / Double(values.count)
      return sum
        + zip(values, means).reduce(0) { sum, pair in
          let rest = pair.0 - pair.1 - own + center
          return sum + rest * rest
        }
    }
  }
}
