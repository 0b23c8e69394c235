import Foundation
package import ValenceCore
package import ValenceEvaluation

/// Reads and writes predictions in audformat's form: `file,start,end,speaker,truth,prediction,p_…`.
///
/// Reports are made from these tables, and `Tests/consumers` read them with audformat. A table of another
/// form counts as damaged, so a new form must go on reading those of finished trials (`PredictionTableTests`).
package enum PredictionTable {
  /// The predictions as a table; times in seconds, probabilities with the digits that a float has.
  package static func table(_ predictions: [Prediction], classes: [String]) -> Table {
    let columns =
      ["file", "start", "end", "speaker", "truth", "prediction"] + classes.map { "p_\($0)" }
    let rows = predictions.map { prediction in
      [
        prediction.segment.file, String(prediction.segment.startS),
        String(prediction.segment.endS),
        prediction.speaker ?? "", classes[prediction.truth], classes[prediction.prediction],
      ] + prediction.probabilities.map { String($0) }
    }
    return Table(columns: columns, rows: rows)
  }

  /// Reads predictions back.
  ///
  /// - Throws: `StoreError.damaged` that names the file and row.
  package static func predictions(
    in table: Table, classes: [String], name: String
  ) throws -> [Prediction] {
    let expected =
      ["file", "start", "end", "speaker", "truth", "prediction"] + classes.map { "p_\($0)" }
    guard table.columns == expected else {
      throw StoreError.damaged(file: name, reason: "its columns are not \(expected)")
    }
    return try table.rows.enumerated().map { index, row in
      guard let start = Double(row[1]), let end = Double(row[2]),
        start.isFinite, end.isFinite, let truth = classes.firstIndex(of: row[4]),
        case let probabilities = row[6...].compactMap({ Float($0) }),
        probabilities.count == classes.count, probabilities.allSatisfy(\.isFinite)
      else { throw StoreError.damaged(file: name, reason: "row \(index + 1) cannot be read") }
      let prediction = Prediction(
        segment: Segment(file: row[0], startS: start, endS: end),
        speaker: row[3].isEmpty ? nil : row[3], truth: truth, probabilities: probabilities)
      guard row[5] == classes[prediction.prediction] else {
        throw StoreError.damaged(
          file: name, reason: "row \(index + 1) predicts another class than its probabilities")
      }
      return prediction
    }
  }
}
