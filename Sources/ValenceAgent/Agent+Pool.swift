package import Foundation
import Synchronization
package import ValenceLive
import ValencePredict

extension Agent {
  /// An agent whose recordings are heard by a pool's threads.
  ///
  /// - Parameters:
  ///   - models: the models of the pool.
  ///   - results: the folder of results; nil if there is none to be asked about.
  package convenience init(
    models: [Model], pool: ScoringPool, results: URL? = nil, limits: Limits = Limits()
  ) {
    self.init(models: models, results: results, limits: limits) { file, windows in
      // A request that is cancelled while it waits for a thread is not heard any more.
      let isCancelled = Atomic(false)
      return try await withTaskCancellationHandler {
        try await pool.run { predictor in
          if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
          if let windows { try predictor.check(windows) }
          let reply = predictor.predict([file], windows: windows)[0]
          return Heard(
            answers: reply.answers, faults: reply.faults,
            remarks: predictor.remarks(windows: windows))
        }
      } onCancel: {
        isCancelled.store(true, ordering: .relaxed)
      }
    }
  }
}
