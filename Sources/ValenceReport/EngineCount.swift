import ValenceStore

/// Counts the kinds of kernels that computed an experiment's numbers.
struct EngineCount {
  private var trials: [String: Int] = [:]

  /// Counts a trial under each kind that trained or scored it.
  mutating func add(_ record: TrialRecord, _ evaluations: [TrialRecord.Evaluation]) {
    let makers = [record.made] + evaluations.map { $0.made ?? record.made }
    for engine in Set(makers.compactMap { $0?.engine }) { trials[engine, default: 0] += 1 }
  }

  /// The remark that several kinds computed the numbers; nil if it was one.
  var remark: String? {
    guard trials.count > 1 else { return nil }
    let kinds = trials.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { engine, count in
      "\(count == 1 ? "1 trial" : "\(count) trials") by \(engine)"
    }
    return "computed by kernels of \(trials.count) kinds, whose last digits differ: "
      + kinds.joined(separator: "; ")
  }
}
