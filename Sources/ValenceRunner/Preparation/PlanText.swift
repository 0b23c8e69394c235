import Foundation
import ValenceCore
import ValenceCorpora
import ValenceFigures
import ValenceNN
import ValencePlan

/// What `valence plan` prints: folds, shapes, cost and the state of every trial.
public struct PlanText {
  private let experiment: Experiment
  private let runner: Runner

  /// Describes an experiment and what `runner` would do with it.
  public init(experiment: Experiment, runner: Runner) {
    self.experiment = experiment
    self.runner = runner
  }

  /// Everything.
  public var whole: String {
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
      columns: [.init("corpus"), .init("utterances", .right), .init("speakers", .right)]
        + classes.map { .init($0, .right) } + [.init("left out", .right)], rows: rows
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
        .init("corpus"), .init("fold"), .init("train", .right), .init("validation", .right),
        .init("test", .right), .init(""),
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
          .init("layer"), .init("output", .right), .init("parameters", .right),
          .init("multiply-adds (M)", .right),
        ], rows: rows)
      return "\(variant.name): \(summary(shape.cost, training: variant.settings.training))\n"
        + table.text
    }
  }

  /// Parameters, arithmetic, memory, and how long a trial takes at the most.
  private func summary(_ cost: NetworkCost, training: TrainingOptions) -> String {
    let clips = experiment.trials.map(\.fold.train.count).max() ?? 0
    // Backward takes about twice forward.
    let operations = 3 * Double(cost.forwardOperations) * Double(clips * training.epochs)
    let seconds = operations / KernelReport.trainingOperationsPerSecond
    let time =
      seconds < 90 ? "\(Int(seconds.rounded(.up))) s" : "\(Int((seconds / 60).rounded(.up))) min"
    return "\(cost.parameters) parameters, \(millions(cost.multiplyAdds)) million multiply-adds "
      + "a clip, about \(cost.trainingBytes(batch: training.batch, optimizer: training.optimizer) >> 20) MiB in training, roughly "
      + "\(time) a trial on one core if all \(training.epochs) epochs are needed"
  }

  private var trials: String {
    let states = experiment.trials.map { runner.state(of: $0) }
    let missing = states.count { $0 == .missing }
    let rows = zip(experiment.trials, states).map { trial, state in
      [
        "\(trial.number)", trial.variant.name, trial.train, trial.fold.name, "\(trial.seed)",
        trial.key, state.rawValue,
      ]
    }
    let table = ReportTable(
      columns: [
        .init("", .right), .init("variant"), .init("corpus"), .init("fold"),
        .init("seed", .right), .init("trial"), .init("state"),
      ], rows: rows)
    return "\(experiment.trials.count) trials, \(missing) to train\n\(table.text)"
  }

  private func millions(_ count: Int) -> String { String(format: "%.2f", Double(count) / 1e6) }
}
