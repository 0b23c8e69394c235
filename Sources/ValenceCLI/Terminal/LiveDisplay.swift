import Foundation
import ValenceCore
import ValenceLive

/// Shows what is said of a stream: lines of JSON, or on a terminal bars and a line for each utterance.
struct LiveDisplay {
  let showsBars: Bool
  let classes: [String]
  private let terminal = Terminal.standardError(environment: ProcessInfo.processInfo.environment)
  private var shownLines = 0

  init(showsBars: Bool, classes: [String]) {
    (self.showsBars, self.classes) = (showsBars, classes)
  }

  /// Shows an event.
  ///
  /// - Throws: `OutputFault` where standard output cannot be written.
  mutating func show(_ event: LiveEvent) throws {
    guard showsBars else {
      try StandardOutput.write(event.line())
      return
    }
    switch event.event {
    case .window: draw(event)
    case .final:
      terminal.erase(lines: shownLines)
      shownLines = 0
      try say(Self.line(event))
    case .start, .onset, .offset, .end: break
    }
  }

  private static func line(_ event: LiveEvent) -> String {
    let span = [event.startS, event.endS].map { NumberText.decimal($0 ?? 0, 1) }
    let best = event.prediction.flatMap { event.probabilities?[$0] }
    let model = event.model.map { "\($0): " } ?? ""
    return "\(span[0])–\(span[1]) s  \(model)\(event.prediction ?? "(too little speech)")"
      + (best.map { " \(NumberText.decimal(Double($0), 2))" } ?? "")
  }

  /// A bar for each class: the smoothed probabilities, and the window's own in digits.
  private mutating func draw(_ event: LiveEvent) {
    terminal.erase(lines: shownLines)
    let width = classes.map(\.count).max() ?? 0
    let voice = event.prediction == nil ? "no voice" : event.prediction ?? ""
    let head =
      "\(NumberText.decimal(event.endS ?? 0, 1)) s  \(event.model.map { "\($0): " } ?? "")\(voice)"
      + (event.normalization?.warm == false ? "  (statistics still warm up)" : "")
    let lines =
      [head]
      + classes.map { name in
        let smoothed = Double(event.smoothed?[name] ?? 0)
        let full = Int((smoothed * 24).rounded())
        let own = event.probabilities?[name].map { NumberText.decimal(Double($0), 2) } ?? "–"
        return name.padding(toLength: width, withPad: " ", startingAt: 0) + "  "
          + String(repeating: "█", count: full) + String(repeating: "░", count: 24 - full)
          + " \(NumberText.decimal(smoothed, 2))  now \(own)"
      }
    for line in lines { terminal.printCut(line) }
    shownLines = lines.count
  }
}
