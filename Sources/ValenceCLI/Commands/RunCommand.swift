import ArgumentParser
import Foundation
import ValenceCore
import ValenceData
import ValencePlan
import ValenceReport
import ValenceStore
import ValenceTraining

/// `valence run`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Trains what is missing of an experiment, evaluates it and reports.",
    discussion: """
      Each (variant, training corpus, fold, seed) is trained once and tested on every test corpus. \
      A finished trial is not trained again: it is known by its settings, its data's content and \
      the code's revision. A trial that fails is recorded and stops no other.

      Examples:
        valence run Experiments/quickstart.yaml
        valence run Experiments/quickstart.yaml features.fusion=mel seeds=[1]
        valence run Experiments/quickstart.yaml --only 'ravdess fold 1' --jobs 1
      """)

  @OptionGroup var plan: PlanArguments
  @OptionGroup var folders: FolderOptions

  @Option(
    help: ArgumentHelp(
      "How many trials run side by side; default: one a core. Fewer do where memory is short.",
      valueName: "n"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp(
      "Run only trials whose title (variant · corpus fold · seed) contains this text.",
      valueName: "pattern"))
  var only: String?

  @Flag(help: "Say what would be done, and do nothing.")
  var dryRun = false

  func validate() throws {
    if let jobs, jobs < 1 {
      throw ValidationError("--jobs \(jobs): at least one trial has to run at a time.")
    }
  }

  func run() throws {
    let interruption = Interruption()
    defer { interruption.end() }
    let plan = try plan.read()
    let experiment = try Experiment(
      plan, cache: .ofUser(environment: ProcessInfo.processInfo.environment))
    let chosen = try chosenTrials(of: experiment)
    let environment = ProcessInfo.processInfo.environment
    let terminal = Terminal.standardError(environment: environment)
    let progress = ProgressDisplay(terminal: terminal)
    let store = RunStore(results: folders.results, name: plan.name)
    let cache = FeatureCache.ofUser(environment: environment)
    if dryRun {
      let runner = Runner(experiment, store: store, cache: cache, control: RunControl { _ in })
      try say(PlanSummary(experiment, runner: runner).text)
      return
    }
    let control = RunControl(stop: interruption.listen()) { progress.show($0) }
    let runner = Runner(experiment, store: store, cache: cache, control: control)
    let cores = ProcessInfo.processInfo.activeProcessorCount
    var areFiguresDrawn = true
    do {
      let summary = try progress.finishing {
        try runner.run(jobs: jobs ?? cores, cores: cores) {
          chosen.contains($0.number)
        } finish: {
          progress.clear()
          areFiguresDrawn = try report(store, control: control)
        }
      }
      try tell(summary.failures, before: summary.failedBefore, on: terminal)
    } catch let halted as RunHalted {
      list(halted.failures, on: terminal)
      terminal.print("\(halted)")
      throw ExitCode(1)
    }
    if !areFiguresDrawn { throw ExitCode(1) }
  }

  /// Makes tables and figures of what is there, unless there is nothing: then it says so, and the
  /// failures say why.
  ///
  /// - Returns: whether every figure could be drawn; if not, the reasons are on standard error.
  private func report(_ store: RunStore, control: RunControl) throws -> Bool {
    do {
      let report = try ReportBuilder(store, plots: folders.plots).report(control: control)
      try ReportCommand.show(report)
      return report.failures.isEmpty
    } catch let error as StoreError {
      guard case .nothingFinished = error else { throw error }
      control.report(.remark("\(error)"))
      return true
    }
  }

  /// Lists what failed, now and before.
  ///
  /// - Throws: the exit status of a run that failed in part.
  private func tell(
    _ failures: [(title: String, reason: String)], before: [(title: String, reason: String)],
    on terminal: Terminal
  ) throws {
    guard !failures.isEmpty || !before.isEmpty else { return }
    list(failures, on: terminal)
    list(before, on: terminal)
    if !failures.isEmpty {
      let count = failures.count
      terminal.print("\(Wording.counted(count, "trial")) failed; the others are kept.")
    }
    if !before.isEmpty {
      let count = before.count
      terminal.print(
        "\(Wording.counted(count, "trial")) failed before and "
          + "\(count == 1 ? "is" : "are") not tried again until the settings change.")
    }
    throw ExitCode(1)
  }

  private func list(_ failures: [(title: String, reason: String)], on terminal: Terminal) {
    for failure in failures { terminal.print("\(failure.title): \(failure.reason)") }
  }

  /// The numbers of the trials that `--only` accepts.
  private func chosenTrials(of experiment: Experiment) throws -> Set<Int> {
    guard let only else { return Set(experiment.trials.map(\.number)) }
    let chosen = experiment.trials.filter { $0.title.localizedCaseInsensitiveContains(only) }
    if chosen.isEmpty, let first = experiment.trials.first {
      throw Problems([
        Problem("--only '\(only)': no trial's title has this in it; the first is '\(first.title)'.")
      ])
    }
    return Set(chosen.map(\.number))
  }
}
