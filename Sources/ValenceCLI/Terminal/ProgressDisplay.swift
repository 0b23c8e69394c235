import Foundation
import Synchronization
import ValenceCore

/// Shows a run's progress on standard error: bars on a terminal, plain lines elsewhere.
final class ProgressDisplay: Sendable {
  private let state: Mutex<ProgressState>
  private let terminal: Terminal

  init(terminal: Terminal) {
    self.terminal = terminal
    state = Mutex(ProgressState(started: .now))
  }

  /// Takes note of an event and shows it.
  func show(_ event: RunControl.Event) {
    state.withLock { state in
      let line = state.note(event)
      guard terminal.isInteractive else {
        if let line { terminal.print(line) }
        return
      }
      terminal.erase(lines: state.shownLines)
      if let line, state.isWorthKeeping(event) { terminal.print(line) }
      let bars = state.bars(width: terminal.columns)
      for bar in bars { terminal.printCut(bar) }
      state.shownLines = bars.count
    }
  }

  /// Does work that is shown, and removes the bars after it.
  func finishing<Value>(_ work: () throws -> Value) rethrows -> Value {
    defer { clear() }
    return try work()
  }

  /// Removes the bars before other output.
  func clear() {
    state.withLock { state in
      if terminal.isInteractive { terminal.erase(lines: state.shownLines) }
      state.shownLines = 0
    }
  }
}

/// The progress of a run.
private struct ProgressState {
  struct Running {
    var title: String
    var epoch = 0
    var epochs = 1
    var uar: Double?
  }

  let started: ContinuousClock.Instant
  var toRun = 0
  var ended = 0
  var running: [Int: Running] = [:]
  var features: (corpus: String, done: Int, of: Int)?
  var shownLines = 0

  /// Takes note of an event; returns the line that says it where there are no bars.
  mutating func note(_ event: RunControl.Event) -> String? {
    switch event {
    case .features(let corpus, let done, let total):
      features = done < total ? (corpus, done, total) : nil
      return done == total ? "features of \(corpus): \(total) clips" : nil
    case .trials(let toTrain, let toScore, let done):
      toRun = toTrain + toScore
      let scoring = toScore > 0 ? "\(toScore) to score on other speech, " : ""
      return
        "\(Wording.counted(toTrain, "trial")) to train, \(scoring)\(done) finished before"
    case .outdated(let number, let title, let reason):
      toRun += 1
      return "[\(number)] \(title): trained again: \(reason)"
    case .began(let number, let title):
      running[number] = Running(title: title)
      return nil
    case .epoch(let number, let title, let record):
      running[number] = Running(
        title: title, epoch: record.epoch, epochs: record.epochs, uar: record.validationUAR)
      let uar = record.validationUAR.map { String(format: ", validation UAR %.3f", $0) } ?? ""
      return String(
        format: "[%d] %@: epoch %d/%d, loss %.3f%@, %.1f s", number, title, record.epoch,
        record.epochs, record.trainLoss, uar, record.seconds)
    case .finished(let number, let title, let summary):
      return end(number, "[\(number)] \(title): \(summary)")
    case .failed(let number, let title, let reason):
      return end(number, "[\(number)] \(title): FAILED: \(reason)")
    case .remark(let sentence):
      return "Note: \(sentence)"
    }
  }

  private mutating func end(_ number: Int, _ line: String) -> String {
    running[number] = nil
    ended += 1
    return line
  }

  /// Whether an event's line stays on a terminal above the bars.
  func isWorthKeeping(_ event: RunControl.Event) -> Bool {
    switch event {
    case .finished, .failed, .trials, .outdated, .remark: true
    default: false
    }
  }

  /// The bars: one for each running trial, one for the whole.
  func bars(width: Int) -> [String] {
    if let features {
      let share = Double(features.done) / Double(max(features.of, 1))
      return [bar(share, "features of \(features.corpus)", width)]
    }
    guard toRun > 0, ended < toRun else { return [] }
    var lines = running.sorted { $0.key < $1.key }.map { _, trial in
      let share = Double(trial.epoch) / Double(trial.epochs)
      let uar = trial.uar.map { "  validation UAR \(NumberText.decimal($0, 3))" } ?? ""
      return bar(share, "\(trial.title)  \(trial.epoch)/\(trial.epochs)\(uar)", width)
    }
    let underWay = running.values.reduce(0) { $0 + Double($1.epoch) / Double($1.epochs) }
    let share = (Double(ended) + underWay) / Double(toRun)
    lines.append(bar(share, "all: \(ended) of \(toRun) trials\(timeLeft(share))", width))
    return lines
  }

  private func timeLeft(_ share: Double) -> String {
    guard share > 0.01 else { return "" }
    let elapsed = Double((ContinuousClock.now - started).components.seconds)
    let left = Int(elapsed / share * (1 - share))
    return left < 90 ? ", \(left) s left" : ", \((left + 30) / 60) min left"
  }

  private func bar(_ share: Double, _ text: String, _ width: Int) -> String {
    let cells = 24
    let full = min(cells, Int((share * Double(cells)).rounded()))
    let line =
      String(repeating: "█", count: full) + String(repeating: "░", count: cells - full) + " " + text
    return String(line.prefix(max(width - 1, 20)))
  }
}
