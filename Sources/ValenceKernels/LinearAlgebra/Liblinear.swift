import CLiblinear
import COpenBLAS
import Foundation

/// Linear classifiers by liblinear (Fan et al., 2008): one against the rest, the offset as a column of ones.
///
/// Both solvers minimize ½|w|² + C Σ loss in w itself by a trust-region Newton method (Lin, Weng and Keerthi,
/// 2008). liblinear's dual solvers draw an order of clips by `rand()`, whose state all threads share, so
/// their last digits would depend on what else runs; these two draw nothing.
package enum Liblinear {
  /// What is minimized, and how closely.
  package struct Options: Hashable, Sendable {
    /// The loss of a clip.
    package enum Loss: Hashable, Sendable {
      /// max(0, 1 − margin)²: a support vector machine.
      case squaredHinge
      /// log(1 + exp(−margin)): logistic regression.
      case logistic
    }

    package var loss: Loss
    /// How much a loss counts beside ½|w|².
    package var c: Double
    /// The solver stops where the gradient has fallen to `tolerance` times the share of the rarer side.
    package var tolerance: Double

    package init(loss: Loss, c: Double, tolerance: Double) {
      (self.loss, self.c, self.tolerance) = (loss, c, tolerance)
    }
  }

  /// Training vectors as liblinear wants them, shared by all fits to parts of them.
  ///
  /// Unchecked: the memory is written by `init` alone.
  @safe
  package final class Vectors: @unchecked Sendable {
    /// How many there are, and of how many numbers.
    package let (count, columns): (Int, Int)
    /// The first node of each row, and behind the last row's end.
    fileprivate let starts: [Int]
    fileprivate let nodes: UnsafeMutableBufferPointer<feature_node>

    /// Takes in the rows of a matrix; zeros cost nothing.
    package init(_ matrix: Matrix) {
      (count, columns) = (matrix.rows, matrix.columns)
      let used = matrix.values.count { $0 != 0 }
      unsafe nodes = .allocate(capacity: used + 2 * count)
      var (starts, at) = ([0], 0)
      for row in 0..<count {
        for (column, value) in matrix.row(row).enumerated() where value != 0 {
          unsafe nodes.initializeElement(
            at: at, to: feature_node(index: Int32(column + 1), value: value))
          at += 1
        }
        // The column of ones that the offset belongs to, and the end of the row.
        unsafe nodes.initializeElement(
          at: at, to: feature_node(index: Int32(columns + 1), value: 1))
        unsafe nodes.initializeElement(at: at + 1, to: feature_node(index: -1, value: 0))
        at += 2
        starts.append(at)
      }
      self.starts = starts
    }

    deinit { unsafe nodes.deallocate() }
  }

  /// A fitted classifier: for each class that was there a row of weights, the offset last.
  package struct Fit: Sendable {
    /// The classes, in increasing order.
    package let classes: [Int]
    /// `[classes, columns + 1]`; of two classes the rows are opposite.
    package let weights: Matrix
    /// Whether every class's solver reached the tolerance.
    package let hasConverged: Bool
    /// The weights as liblinear keeps them.
    fileprivate let solution: [Double]
  }

  /// Which clips a classifier is fitted to.
  package struct Clips {
    /// Their vectors, in the order that they are summed in.
    package var picked: [Int]
    /// The class of each of them; at least two classes.
    package var targets: [Int]
    /// What a clip of a class counts where that class is told from the rest.
    ///
    /// As in liblinear, the clips of the rest then count 1, unless there are but two classes.
    package var classWeights: [Int: Double]

    package init(picked: [Int], targets: [Int], classWeights: [Int: Double]) {
      (self.picked, self.targets, self.classWeights) = (picked, targets, classWeights)
    }
  }

  /// Fits to some of the vectors; classes that none of them has are no part of it.
  ///
  /// - Parameter start: a fit to the same clips with another C, where the solver begins in place of zero.
  package static func fit(
    _ vectors: Vectors, _ clips: Clips, _ options: Options, from start: Fit? = nil
  ) -> Fit {
    let classes = Set(clips.targets).sorted()
    precondition(
      clips.picked.count == clips.targets.count && classes.count >= 2, "nothing to tell apart")
    _ = ear
    _ = KernelSetup.current
    Thread.current.threadDictionary[warning] = nil
    var starts: [UnsafeMutablePointer<feature_node>?] = unsafe clips.picked.map { row in
      unsafe vectors.nodes.baseAddress.map { unsafe $0 + vectors.starts[row] }
    }
    var labels = clips.targets.map(Double.init)
    let model = unsafe labels.withUnsafeMutableBufferPointer { labels in
      unsafe starts.withUnsafeMutableBufferPointer { starts in
        let problem = unsafe problem(
          l: Int32(labels.count), n: Int32(vectors.columns + 1), y: labels.baseAddress,
          x: starts.baseAddress, bias: 1)
        let weights = classes.map { clips.classWeights[$0] ?? 1 }
        return unsafe trained(
          problem, labels: classes.map(Int32.init), weights: weights, options, from: start?.solution
        )
      }
    }
    return Fit(
      classes: classes,
      weights: Matrix(
        rows: classes.count, columns: vectors.columns + 1,
        values: classes.flatMap { model.rows[$0] ?? [] }),
      hasConverged: Thread.current.threadDictionary[warning] == nil, solution: model.solution)
  }

  /// The weights as liblinear keeps them, and by class.
  private static func trained(
    _ problem: problem, labels: [Int32], weights: [Double], _ options: Options,
    from start: [Double]?
  ) -> (solution: [Double], rows: [Int: [Double]]) {
    var (problem, labels, weights, start) = unsafe (problem, labels, weights, start ?? [])
    let solver = options.loss == .logistic ? L2R_LR : L2R_L2LOSS_SVC
    var parameter = unsafe valence_liblinear_parameter(Int32(solver), options.tolerance, options.c)
    unsafe parameter.nr_weight = Int32(weights.count)
    var model = unsafe labels.withUnsafeMutableBufferPointer { labels in
      unsafe weights.withUnsafeMutableBufferPointer { weights in
        unsafe start.withUnsafeMutableBufferPointer { start in
          unsafe parameter.weight_label = labels.baseAddress
          unsafe parameter.weight = weights.baseAddress
          if !start.isEmpty { unsafe parameter.init_sol = start.baseAddress }
          return unsafe train(&problem, &parameter)
        }
      }
    }
    defer { unsafe free_and_destroy_model(&model) }
    guard let model = unsafe model?.pointee else { preconditionFailure("liblinear gave no model") }
    let (count, columns) = unsafe (Int(model.nr_class), Int(problem.n))
    // Of two classes there is one row, which speaks for the first label.
    let rows = count == 2 ? 1 : count
    let solution = (0..<columns * rows).map { unsafe model.w[$0] }
    var byClass: [Int: [Double]] = [:]
    for index in 0..<count {
      let (row, sign): (Int, Double) = rows == 1 ? (0, index == 0 ? 1 : -1) : (index, 1)
      let label = unsafe Int(model.label[index])
      byClass[label] = (0..<columns).map { sign * solution[$0 * rows + row] }
    }
    return (solution, byClass)
  }

  /// Keeps liblinear from printing, and notes on the thread that prints whether it gave up.
  ///
  /// Version 2.30 ends a thousandth Newton iteration as it does any other; later ones warn.
  private static let ear: Void = unsafe set_print_string_function { text in
    guard let text = unsafe text.map({ unsafe String(cString: $0) }) else { return }
    if text.hasPrefix("iter 1000 ") || text.contains("max number of Newton iterations") {
      Thread.current.threadDictionary[Liblinear.warning] = true
    }
  }

  private static let warning = "liblinear reached its last iteration"
}
