package import Foundation
package import ValencePredict

/// Threads with a predictor each, which many sessions and requests share.
///
/// A job has a predictor to itself while it runs, so answers do not depend on how many threads there are.
package final class ScoringPool: Sendable {
  /// The models, in the order in which they were named.
  package let inputs: [ModelInput]
  /// Their class names, in order.
  package let classes: [String]
  private let jobs = JobQueue()

  /// Starts threads, each of which reads the models for itself.
  ///
  /// - Throws: a sentence that names the model that cannot be asked.
  package init(models: [URL], encoder: URL? = nil, threads: Int) throws {
    let started = JobQueue.Started()
    let jobs = jobs
    for _ in 0..<max(1, threads) {
      let thread = Thread {
        do {
          let predictor = try Predictor(models: models, encoder: encoder, threads: 1)
          started.report(.success((predictor.inputs, predictor.classes)))
          while let job = jobs.next() { job(predictor) }
        } catch {
          started.report(.failure(error))
        }
      }
      thread.name = "valence scoring"
      // Decoders and networks need more than the half megabyte of a secondary thread.
      thread.stackSize = 8 << 20
      thread.start()
    }
    do {
      var first: ([ModelInput], [String]) = ([], [])
      for _ in 0..<max(1, threads) { first = try started.next() }
      (inputs, classes) = first
    } catch {
      jobs.close()
      throw error
    }
  }

  deinit { jobs.close() }

  /// How many jobs wait for a thread.
  package var waiting: Int { jobs.count }

  /// Runs a job on one of the threads, in the order in which jobs come.
  package func run<Value: Sendable>(
    _ job: @Sendable @escaping (Predictor) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      let accepted = jobs.add { predictor in
        continuation.resume(with: Result { try job(predictor) })
      }
      if !accepted { continuation.resume(throwing: CancellationError()) }
    }
  }
}

/// Jobs that wait for a thread.
private final class JobQueue: @unchecked Sendable {
  typealias Job = @Sendable (Predictor) -> Void

  /// What threads report when they have read their models.
  final class Started: @unchecked Sendable {
    private let condition = NSCondition()
    private var results: [Result<([ModelInput], [String]), any Error>] = []

    func report(_ result: Result<([ModelInput], [String]), any Error>) {
      condition.withLock {
        results.append(result)
        condition.signal()
      }
    }

    func next() throws -> ([ModelInput], [String]) {
      try condition.withLock {
        while results.isEmpty { condition.wait() }
        return results.removeFirst()
      }.get()
    }
  }

  // All that follows is only touched within the lock of the condition.
  private let condition = NSCondition()
  private var jobs: [Job] = []
  private var isClosed = false

  var count: Int { condition.withLock { jobs.count } }

  /// Adds a job; false after the end.
  func add(_ job: @escaping Job) -> Bool {
    condition.withLock {
      if isClosed { return false }
      jobs.append(job)
      condition.signal()
      return true
    }
  }

  /// The next job, as soon as there is one; nil after the end.
  func next() -> Job? {
    condition.withLock {
      while jobs.isEmpty, !isClosed { condition.wait() }
      return jobs.isEmpty ? nil : jobs.removeFirst()
    }
  }

  func close() {
    condition.withLock {
      isClosed = true
      condition.broadcast()
    }
  }
}
