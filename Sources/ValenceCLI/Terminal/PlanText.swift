import Foundation
import ValenceFigures
import ValenceNN
import ValencePlan
import ValenceRunner

/// What `valence plan` prints: folds, shapes, cost and the state of every trial.
struct PlanText {
  let experiment: Experiment
  let runner: Runner

  /// Everything.
  var whole: String {
    var parts = ["\(experiment.plan.title)", corpora, folds]
    parts += shapes
    parts.append(trials)
    return parts.joined(separator: "\n\n")
  }

  private var corpora: String {
    let classes = experiment.space.classes
    let rows = experiment.corpora.map { corpus in
      [corpus.name, "\(corpus.labeled.utterances.count)", "\(corpus.labeled.speakers.count)"]
        + corpus.labeled.classCounts.map(String.init) + ["\(corpus.labeled.dropped.count)"]
    }
    return ReportTable(
      columns: [.init("corpus"), .init("utterances", .trailing), .init("speakers", .trailing)]
        + classes.map { .init($0, .trailing) } + [.init("left out", .trailing)], rows: rows
    ).text
  }

  private var folds: String {
    let rows = experiment.corpora.flatMap { corpus in
      corpus.folds.map { fold in
        [
          corpus.name, fold.name, "\(fold.train.count)", "\(fold.validation.count)",
          "\(fold.test.count)",
          fold.sharedSpeakers.isEmpty ? "" : "\(fold.sharedSpeakers.count) speakers shared",
        ]
      }
    }
    return ReportTable(
      columns: [
        .init("corpus"), .init("fold"), .init("train", .trailing), .init("validation", .trailing),
        .init("test", .trailing), .init(""),
      ], rows: rows
    ).text
  }

  private var shapes: [String] {
    experiment.plan.variants.map { variant in
      guard
        let shape = try? NetworkShape(
          model: variant.settings.model,
          input: variant.networkInput(frames: variant.settings.frames),
          classes: experiment.space.classes.count)
      else { preconditionFailure("a plan with impossible shapes was accepted") }
      let rows = shape.layers.map {
        [$0.name, $0.output, "\($0.parameters)", millions($0.multiplyAdds)]
      }
      let table = ReportTable(
        columns: [
          .init("layer"), .init("output", .trailing), .init("parameters", .trailing),
          .init("multiply-adds (M)", .trailing),
        ], rows: rows)
      let parameters = shape.layers.reduce(0) { $0 + $1.parameters }
      let multiplyAdds = shape.layers.reduce(0) { $0 + $1.multiplyAdds }
      return "\(variant.name): \(parameters) parameters, \(millions(multiplyAdds)) million "
        + "multiply-adds a clip\n\(table.text)"
    }
  }

  private var trials: String {
    let states = experiment.trials.map { runner.state(of: $0) }
    let missing = states.count { $0 == .missing }
    let rows = zip(experiment.trials, states).map { trial, state in
      ["\(trial.number)", trial.variant.name, trial.train, trial.fold.name, "\(trial.seed)",
       trial.key, state.rawValue]
    }
    let table = ReportTable(
      columns: [
        .init("", .trailing), .init("variant"), .init("corpus"), .init("fold"),
        .init("seed", .trailing), .init("trial"), .init("state"),
      ], rows: rows)
    return "\(experiment.trials.count) trials, \(missing) to train\n\(table.text)"
  }

  private func millions(_ count: Int) -> String { String(format: "%.2f", Double(count) / 1e6) }
}
