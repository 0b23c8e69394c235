import ArgumentParser
import Foundation
import ValenceCore
import ValenceData
import ValencePlan
import ValenceStore
import ValenceTraining

/// `valence plan`.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Shows the trials, folds, network shapes and cost of an experiment; trains nothing.")

  @OptionGroup var plan: PlanArguments
  @OptionGroup var folders: FolderOptions

  @Flag(help: "Print the experiment file with every default spelled out, and nothing else.")
  var resolved = false

  @Flag(help: "Print JSON for a program to read.")
  var json = false

  func validate() throws {
    if json, resolved {
      throw ValidationError(
        "Give either --json or --resolved: each prints the plan in its own form.")
    }
  }

  func run() throws {
    let plan = try plan.read()
    if resolved {
      try say(plan.resolvedYAML, terminator: "")
      return
    }
    let experiment = try Experiment(
      plan, cache: .ofUser(environment: ProcessInfo.processInfo.environment))
    let control = RunControl { _ in }
    let runner = Runner(
      experiment, store: RunStore(results: folders.results, name: plan.name),
      cache: .ofUser(environment: ProcessInfo.processInfo.environment), control: control)
    let summary = try PlanSummary(experiment, runner: runner)
    if json { return try printJSON(summary) }
    try say(summary.text)
  }
}
