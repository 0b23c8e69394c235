import ValenceCore

/// p-values of several comparisons, corrected to control the familywise error rate.
///
/// Each statistic is put on the scale of the normal distribution by its own p-value; under the
/// hypothesis that no two systems differ, the statistics are then jointly normal, and a corrected
/// p-value is the probability that the largest of them all is as large as the one observed (the
/// maximum of the joint statistics, single-step; Hothorn, Bretz and Westfall, 2008). Their
/// correlation is estimated: for comparisons on the same speakers from the speakers' pseudo-values,
/// for comparisons with a system in common from that system's seeds as well. The probability comes
/// from `draws` seeded draws and is at most m times the p-value (Bonferroni) for m comparisons, so
/// that a p-value below the resolution of the draws is not lost.
///
/// Reports compute it anew: other draws move corrected p-values of finished experiments, and no revision
/// tells. `ComparisonFamilyTests` hold them within the draws' error and the same in each run.
package struct ComparisonFamily: Sendable {
  /// The number of draws of the joint distribution.
  static let draws = 20_000

  /// The statistic of one comparison.
  private struct Statistic {
    let p: Double
    /// Identifies the test speakers; only comparisons on the same ones are correlated.
    let group: [String]
    /// Its loadings on the speakers and on the systems' seeds; the squares add up to 1.
    let speakers: [Double]
    let systems: [(name: String, weight: Double)]
  }

  private var members: [Statistic?] = []

  private let drawCount: Int

  /// A family without comparisons.
  package init() { drawCount = Self.draws }

  /// A family that uses another number of draws.
  init(draws: Int) { drawCount = draws }

  /// Adds a comparison.
  ///
  /// - Parameters:
  ///   - first: identifies the first system among all systems; `second` likewise.
  ///   - group: identifies the test speakers among those of all comparisons.
  package mutating func add(
    _ difference: PairedDifference, first: String, second: String, group: String
  ) {
    guard let p = difference.p, let parts = difference.components else {
      members.append(nil)
      return
    }
    let size = parts.deviations.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let speakers = (parts.speakers / parts.variance).squareRoot()
    // Without deviations there is no direction to share: the statistic stays uncorrelated with others.
    let weights = size > 0 ? parts.deviations.map { $0 / size * speakers } : []
    let shares = difference.seedShares
    let total = shares.reduce(0, +)
    let seeds = total > 0 ? parts.seeds / parts.variance / total : 0
    members.append(
      Statistic(
        p: p, group: [group] + difference.clusterNames, speakers: weights,
        systems: [
          ("\(group)\n\(first)", (seeds * shares[0]).squareRoot()),
          ("\(group)\n\(second)", -(seeds * shares[1]).squareRoot()),
        ]))
  }

  /// The corrected p-values in the order of addition; nil where a comparison has no p-value.
  package var adjusted: [Double?] {
    let tested = members.compactMap { $0 }
    guard tested.count > 1 else { return members.map { $0?.p } }
    let largest = Self.largest(Self.factor(Self.correlation(tested)), draws: drawCount)
    return members.map { member in
      member.map { member in
        let size = Normal.size(ofTwoSided: member.p) - 1e-9
        let atLeast = largest.count - Self.firstIndex(of: largest, atLeast: size)
        let drawn = Double(1 + atLeast) / Double(largest.count + 1)
        return max(member.p, min(1, drawn, Double(tested.count) * member.p))
      }
    }
  }

  private static func correlation(_ members: [Statistic]) -> [[Double]] {
    members.indices.map { a in
      members.indices.map { b in
        guard a != b else { return 1 }
        let (one, other) = (members[a], members[b])
        guard one.group == other.group else { return 0 }
        var sum = zip(one.speakers, other.speakers).reduce(0) { $0 + $1.0 * $1.1 }
        for mine in one.systems {
          for theirs in other.systems where mine.name == theirs.name {
            sum += mine.weight * theirs.weight
          }
        }
        return sum
      }
    }
  }

  /// L with L·Lᵀ = the matrix, up to rounding: Cholesky decomposition with the largest pivot first,
  /// since comparisons that share systems can make the matrix singular.
  private static func factor(_ matrix: [[Double]]) -> [[Double]] {
    var rest = matrix.indices.map { matrix[$0][$0] }
    var columns: [[Double]] = []
    while let pivot = rest.indices.max(by: { rest[$0] < rest[$1] }), rest[pivot] > 1e-10 {
      let root = rest[pivot].squareRoot()
      let column = matrix.indices.map { row in
        (matrix[row][pivot] - columns.reduce(0) { $0 + $1[row] * $1[pivot] }) / root
      }
      for row in rest.indices { rest[row] -= column[row] * column[row] }
      rest[pivot] = 0
      columns.append(column)
      guard columns.count < matrix.count else { break }
    }
    return columns
  }

  /// The largest absolute statistic of each draw, sorted.
  private static func largest(_ columns: [[Double]], draws: Int) -> [Double] {
    var random = RandomStream(seed: 0, "comparison family")
    let count = columns.first?.count ?? 0
    var values: [Double] = []
    values.reserveCapacity(draws)
    for _ in 0..<draws {
      var statistics = [Double](repeating: 0, count: count)
      for column in columns {
        let normal = random.normal()
        for row in 0..<count { statistics[row] += normal * column[row] }
      }
      values.append(statistics.reduce(0) { max($0, abs($1)) })
    }
    return values.sorted()
  }

  private static func firstIndex(of sorted: [Double], atLeast value: Double) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
