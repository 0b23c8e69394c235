import ValenceKernels

/// What a classic model is fitted to: one vector a clip.
package struct ClassicData: Sendable {
  /// Row after row, a row for each clip; standardized by the caller.
  package var vectors: [Float]
  /// The class of each clip, from 0.
  package var targets: [Int]
  /// The speaker of each clip, by a number of the caller's; −1 where nobody knows.
  ///
  /// Inner folds keep them apart. All clips whose speaker is not known stay together.
  package var speakers: [Int]
  package var classCount: Int
  /// Which numbers of a vector belong to a group of features, each to one; empty for one group of all.
  package var groups: [Range<Int>]
  /// How much each clip counts beside others of its class; empty where all count the same.
  package var weights: [Double] = []

  package init(
    vectors: [Float], targets: [Int], speakers: [Int], classCount: Int, groups: [Range<Int>] = []
  ) {
    (self.vectors, self.targets, self.speakers) = (vectors, targets, speakers)
    (self.classCount, self.groups) = (classCount, groups)
  }

  package var count: Int { targets.count }
  /// The numbers of a vector.
  package var dimensions: Int { count == 0 ? 0 : vectors.count / count }

  /// Throws unless a model can be fitted.
  func check() throws(ClassicError) {
    guard count > 0, dimensions > 0, vectors.count == count * dimensions, speakers.count == count
    else {
      throw .shape(
        "\(vectors.count) numbers, \(count) targets and \(speakers.count) speakers do not fit together; give "
          + "each clip a vector of one length, a target and a speaker.")
    }
    guard classCount >= 2 else {
      throw .shape("there is \(classCount) class; a classic model tells two or more apart.")
    }
    if let clip = targets.firstIndex(where: { !(0..<classCount).contains($0) }) {
      throw .shape("clip \(clip) has the target \(targets[clip]); give 0…\(classCount - 1).")
    }
    try Self.checkFinite(vectors, dimensions: dimensions)
    let absent = (0..<classCount).filter { !Set(targets).contains($0) }
    guard absent.isEmpty else { throw .absentClasses(absent) }
    try Self.checkGroups(groups, dimensions: dimensions)
    guard weights.isEmpty || weights.count == count && weights.allSatisfy({ $0.isFinite && $0 > 0 })
    else {
      throw .shape(
        "the weights of clips are not \(count) finite numbers above 0, one for each clip.")
    }
  }

  /// The same clips by some of their numbers, which are grouped otherwise.
  package func picking(_ columns: [Range<Int>], groups: [Range<Int>]) -> ClassicData {
    var picked: [Float] = []
    picked.reserveCapacity(count * columns.reduce(0) { $0 + $1.count })
    for start in stride(from: 0, to: vectors.count, by: max(dimensions, 1)) {
      for column in columns {
        picked += vectors[start + column.lowerBound..<start + column.upperBound]
      }
    }
    var result = self
    (result.vectors, result.groups) = (picked, groups)
    return result
  }

  static func checkFinite(_ vectors: [Float], dimensions: Int) throws(ClassicError) {
    if let at = vectors.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(clip: at / dimensions, number: at % dimensions)
    }
  }

  static func checkGroups(_ groups: [Range<Int>], dimensions: Int) throws(ClassicError) {
    if groups.isEmpty { return }
    var end = 0
    for group in groups {
      guard group.lowerBound == end, !group.isEmpty else {
        throw .shape(
          "the feature group \(group) does not begin at \(end); give groups that adjoin.")
      }
      end = group.upperBound
    }
    guard end == dimensions else {
      throw .shape("the feature groups end at \(end), but a vector has \(dimensions) numbers.")
    }
  }
}

/// Some of the clips of a model's training data, as one fit sees them.
struct ClassicPart {
  let data: ClassicData
  /// Which clips, in increasing order.
  let clips: [Int]
  let targets: [Int]
  /// How many clips a class has.
  let counts: [Int]

  init(_ data: ClassicData, _ clips: [Int]) {
    (self.data, self.clips) = (data, clips)
    targets = clips.map { data.targets[$0] }
    var counts = Array(repeating: 0, count: data.classCount)
    for target in targets { counts[target] += 1 }
    self.counts = counts
  }

  /// The classes that are there.
  var classes: [Int] { counts.indices.filter { counts[$0] > 0 } }

  /// What a clip of each class counts: 1 in the mean over clips.
  func weights(_ choice: ClassicOptions.ClassWeights) -> [Double] {
    let share = Double(clips.count) / Double(classes.count)
    return counts.map { choice == .balanced && $0 > 0 ? share / Double($0) : 1 }
  }

  /// What each clip counts: 1 in the mean over clips.
  func clipWeights(_ choice: ClassicOptions.ClassWeights) -> [Double] {
    guard !data.weights.isEmpty else {
      let ofClasses = weights(choice)
      return targets.map { ofClasses[$0] }
    }
    let own = clips.map { data.weights[$0] }
    let sums = sums(own)
    let total = sums.reduce(0, +)
    return zip(targets, own).map { target, weight in
      switch choice {
      case .none: weight * Double(own.count) / total
      case .balanced: weight * Double(own.count) / Double(classes.count) / sums[target]
      }
    }
  }

  /// The sum of some numbers of the clips over each class.
  func sums(_ values: [Double]) -> [Double] {
    var sums = Array(repeating: 0.0, count: data.classCount)
    for (target, value) in zip(targets, values) { sums[target] += value }
    return sums
  }

  /// The vectors of the clips.
  var vectors: Matrix { Matrix(clips, of: data.vectors, columns: data.dimensions) }

  /// +1 where a clip is of a class and −1 where not, `[clips, classes]`.
  var signs: Matrix {
    var result = Matrix(zeros: clips.count, data.classCount)
    result.update { row, column, _ in targets[row] == column ? 1 : -1 }
    return result
  }
}
