import Synchronization

/// The progress events of long work, and the request to end it.
package struct RunControl: Sendable {
  /// Something that has happened.
  package enum Event: Sendable {
    /// So many of so many clips of a corpus have their features.
    case features(corpus: String, done: Int, of: Int)
    /// So many trials will be trained; so many finished ones will be scored on test corpora that are
    /// new to them; so many need nothing.
    case trials(toTrain: Int, toScore: Int, done: Int)
    /// A finished trial counts for nothing any more and is trained again.
    case outdated(number: Int, title: String, reason: String)
    /// A trial begins; `number` counts from 1 in the plan's order.
    case began(number: Int, title: String)
    /// A trial has finished an epoch.
    case epoch(number: Int, title: String, record: EpochProgress)
    /// A trial is finished.
    case finished(number: Int, title: String, summary: String)
    /// A trial failed.
    case failed(number: Int, title: String, reason: String)
    /// A sentence for the person who started the work.
    case remark(String)
  }

  /// An epoch as progress shows it.
  package struct EpochProgress: Sendable {
    /// From 1.
    package let epoch: Int
    /// The most epochs that there can be.
    package let epochs: Int
    package let trainLoss: Double
    /// Nil without validation utterances.
    package let validationUAR: Double?
    /// The seconds that the epoch took.
    package let seconds: Double

    package init(
      epoch: Int, epochs: Int, trainLoss: Double, validationUAR: Double?, seconds: Double
    ) {
      self.epoch = epoch
      self.epochs = epochs
      self.trainLoss = trainLoss
      self.validationUAR = validationUAR
      self.seconds = seconds
    }
  }

  /// Receives every event; called from several threads.
  package let report: @Sendable (Event) -> Void
  private let stop: StopRequest

  /// Makes a control whose events go to `report`.
  ///
  /// - Parameter stop: what asks the work to end, beside `interrupt`.
  package init(
    stop: StopRequest = StopRequest(), report: @escaping @Sendable (Event) -> Void
  ) {
    (self.stop, self.report) = (stop, report)
  }

  /// The same control, whose events go to `listener` first.
  package func heard(by listener: @escaping @Sendable (Event) -> Void) -> RunControl {
    RunControl(stop: stop) { [report] event in
      listener(event)
      report(event)
    }
  }

  /// A control of a part of the work: it ends with the whole, and can be ended alone.
  package func part() -> RunControl { RunControl(stop: StopRequest(within: stop), report: report) }

  /// Asks the run to end: trials that are under way are given up, finished ones are kept.
  package func interrupt() { stop.make() }

  /// Whether the run was asked to end.
  package var isInterrupted: Bool { stop.isMade }

  /// Ends the work at hand if the run was asked to end.
  ///
  /// - Throws: `CancellationError`.
  package func checkInterruption() throws {
    if isInterrupted { throw CancellationError() }
  }
}

/// A request that work ends, which can be made from a signal's handler.
package final class StopRequest: Sendable {
  private let flag = Atomic(false)
  private let whole: StopRequest?

  /// A request that has not been made yet.
  package init() { whole = nil }

  /// A request of its own that counts as made when `whole` is.
  init(within whole: StopRequest) { self.whole = whole }

  /// Makes the request; returns whether it had been made before.
  @discardableResult
  package func make() -> Bool { flag.exchange(true, ordering: .relaxed) }

  package var isMade: Bool { flag.load(ordering: .relaxed) || whole?.isMade == true }
}
