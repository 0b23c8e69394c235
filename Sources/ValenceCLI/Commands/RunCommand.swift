import ArgumentParser
import Dispatch
import Foundation
import ValenceCore
import ValencePlan
import ValenceRunner
import ValenceStore

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
    let plan = try plan.read()
    let experiment = try Experiment(
      plan, cache: .ofUser(environment: ProcessInfo.processInfo.environment))
    let chosen = try chosenTrials(of: experiment)
    let environment = ProcessInfo.processInfo.environment
    let terminal = Terminal.standardError(environment: environment)
    let progress = ProgressDisplay(terminal: terminal)
    let control = RunControl { progress.show($0) }
    let store = RunStore(results: folders.results, name: plan.name)
    let runner = Runner(
      experiment, store: store, cache: .ofUser(environment: environment), control: control)
    if dryRun {
      print(PlanSummary(experiment, runner: runner).text)
      return
    }
    let interruption = Interruption(control: control)
    defer { interruption.end() }
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let summary = try progress.finishing {
      try runner.run(jobs: jobs ?? cores, cores: cores) {
        chosen.contains($0.number)
      } finish: {
        progress.clear()
        try ResultIndex(results: folders.results).remake()
        ReportCommand.show(try ReportBuilder(store, plots: folders.plots).report())
      }
    }
    guard summary.failures.isEmpty else {
      for failure in summary.failures { terminal.print("\(failure.title): \(failure.reason)") }
      let count = summary.failures.count
      terminal.print("\(count == 1 ? "1 trial" : "\(count) trials") failed; the others are kept.")
      throw ExitCode(1)
    }
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

/// Turns Ctrl-C into a request to end, from the beginning of a run to its end.
struct Interruption {
  private let source: any DispatchSourceSignal

  init(control: RunControl) {
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler { @Sendable in control.interrupt() }
    source.resume()
  }

  func end() {
    source.cancel()
    signal(SIGINT, SIG_DFL)
  }
}
