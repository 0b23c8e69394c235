/// The measures of a classification, by the names that results carry.
///
/// Tables, figures, `metrics.json` and the commands take their measures from here; the compiler asks for
/// the formula of a new one (`ClassCounts`), for its value by chance (`ReferenceLevels`) and for what
/// intervals and tests have to know of it (below).
package enum MetricName: String, Codable, Hashable, Sendable, CaseIterable {
  /// Unweighted average recall: the mean of the classes' recalls; also called balanced accuracy.
  case uar
  /// The share of right predictions; also called weighted accuracy, WAR.
  case accuracy
  /// The mean of the classes' F1.
  case macroF1 = "macro_f1"
  /// The mean of the classes' F1, weighted by their support.
  case weightedF1 = "weighted_f1"

  /// The name in tables and figures.
  package var title: String {
    switch self {
    case .uar: "UAR"
    case .accuracy: "accuracy"
    case .macroF1: "macro F1"
    case .weightedF1: "weighted F1"
    }
  }

  /// The least value; the greatest is 1.
  ///
  /// Intervals stay between the two.
  var least: Double {
    switch self {
    case .uar, .accuracy, .macroF1, .weightedF1: 0
    }
  }

  /// Whether every class has the same weight, however many utterances it has.
  var weighsClassesEqually: Bool {
    switch self {
    case .uar, .macroF1: true
    case .accuracy, .weightedF1: false
    }
  }

  /// Whether it is a weighted mean of right answers, with weights that depend on the true classes alone, so
  /// that an exchange of a speaker's answers adds to it or takes from it whatever the others said.
  var isSumOverUtterances: Bool {
    switch self {
    case .uar, .accuracy: true
    case .macroF1, .weightedF1: false
    }
  }
}
