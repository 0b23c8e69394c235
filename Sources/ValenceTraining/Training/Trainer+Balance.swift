import ValenceData
import ValenceNN

extension Trainer {
  /// How much each training clip counts; nil where all count the same.
  ///
  /// A weight in the loss does what drawing clips of a small corpus more often would, and every clip is still
  /// met once an epoch.
  var clipWeights: [Double]? {
    options.balance == .corpus ? source.balancedWeights(of: train) : nil
  }

  /// The sum of the weights of each class's clips.
  func weightOfClasses(_ weights: [Double]?) -> [Double] {
    var sums = [Double](repeating: 0, count: classes)
    for (position, index) in train.enumerated() {
      sums[source.target(of: index)] += weights?[position] ?? 1
    }
    return sums
  }
}

extension ClipSource {
  /// What each of some clips counts where every corpus counts the same: 1 in the mean.
  func balancedWeights(of indices: [Int]) -> [Double] {
    let corpora = indices.map(corpus(of:))
    let counts = corpora.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
    let share = Double(indices.count) / Double(max(counts.count, 1))
    return corpora.map { share / Double(counts[$0] ?? 1) }
  }
}
