/// The measures of a classification, by the names that results carry.
///
/// Tables, figures, `metrics.json` and the commands take their measures from here; the compiler asks for
/// the formula of a new one (`ClassCounts`) and for its value by chance (`ReferenceLevels`).
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
}
