import Foundation
import Synchronization
package import ValenceCore
import ValenceData
import ValenceFeatures
import ValenceFigures
package import ValencePlan
import ValenceReport
import ValenceStore
import ValenceTraining

/// How long an experiment takes from raw audio to figures.
package struct SweepTimes: Encodable, Sendable {
  /// Always `sweep`.
  package let what = "sweep"
  package var name: String
  /// The networks that were trained.
  package var trials: Int
  /// How many of them side by side.
  package var jobs: Int
  package var threads: Int
  /// Decoding and extracting, with a cache that was empty.
  package var featuresS: Double
  /// Training and testing.
  package var trainingS: Double
  /// Tables and figures.
  package var reportS: Double
  package var wallS: Double
  /// The greatest memory of the process so far.
  package var peakMib: Int
  /// How far what was checked is from plain C's at the most: ‖difference‖ / ‖plain C's‖.
  package var checkDifference: Double

  /// A few lines for people.
  package var text: String {
    let parts = [
      ("features", featuresS), ("training", trainingS), ("report", reportS), ("in all", wallS),
    ]
    let times = parts.map { name, seconds in
      "  \(name.padding(toLength: 10, withPad: " ", startingAt: 0))"
        + "\(NumberText.decimal(seconds, 1)) s\n"
    }
    return "sweep: \(name), \(trials) trials, \(jobs) at a time on \(threads) threads\n"
      + times.joined()
      + "  memory    \(peakMib) MiB at the most\n"
      + "  check     within \(BenchResult.scientific(checkDifference)) of plain C\n"
  }
}

extension Bench {
  /// Runs an experiment from nothing, with a feature cache and results of its own that are deleted
  /// afterwards, and times its parts.
  ///
  /// - Throws: `Problems` if the features or gradients of a variant are not plain C's, or a trial
  ///   fails; any error of a run and its report.
  package static func sweep(
    _ plan: Plan, jobs: Int, threads: Int, control: RunControl
  ) throws -> SweepTimes {
    let difference = try check(plan)
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "valence-bench-\(ProcessInfo.processInfo.processIdentifier)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let clock = ContinuousClock()
    let trainingBegan = Mutex<ContinuousClock.Instant?>(nil)
    let control = control.heard { event in
      guard case .began = event else { return }
      trainingBegan.withLock { $0 = $0 ?? clock.now }
    }
    let began = clock.now
    let experiment = try Experiment(plan)
    let store = RunStore(results: folder.appending(path: "Results"), name: plan.name)
    let runner = Runner(
      experiment, store: store, cache: FeatureCache(folder: folder.appending(path: "cache")),
      control: control)
    let summary = try runner.run(jobs: jobs, cores: threads)
    let trained = clock.now
    try refuseFailures(summary)
    do {
      _ = try ReportBuilder(store, plots: folder.appending(path: "Plots")).report()
    } catch let error as FigureError {
      throw Problems([Problem("\(error)")])
    }
    let ended = clock.now
    let middle = trainingBegan.withLock { $0 } ?? trained
    return SweepTimes(
      name: plan.name, trials: summary.trained, jobs: jobs, threads: threads,
      featuresS: (middle - began).seconds, trainingS: (trained - middle).seconds,
      reportS: (ended - trained).seconds, wallS: (ended - began).seconds,
      peakMib: BenchResult.peakMemory, checkDifference: difference)
  }

  /// Checks the features and the network of each variant, those that several share once.
  private static func check(_ plan: Plan) throws -> Double {
    var extractions: Set<Settings> = []
    var networks: Set<Settings> = []
    var greatest = 0.0
    for variant in plan.variants {
      var settings = Settings()
      (settings.audio, settings.features) = (variant.settings.audio, variant.settings.features)
      settings.features.normalization = .none
      if extractions.insert(settings).inserted {
        let difference = try checkFeatures(settings.features, audio: settings.audio)
        greatest = max(greatest, difference)
      }
      guard variant.settings.classic == nil else { continue }
      settings.model = variant.settings.model
      if networks.insert(settings).inserted {
        let work = NetworkWorkload(settings, frames: [settings.frames])
        let difference = try check("gradients", samples: samplesOfGradients) {
          try work.sample($0).gradients()
        }
        greatest = max(greatest, difference)
      }
    }
    return greatest
  }

  private static func refuseFailures(_ summary: Runner.Summary) throws {
    guard let first = summary.failures.first else { return }
    throw Problems([
      Problem(
        "\(summary.failures.count) of \(summary.failures.count + summary.trained) trials failed, so "
          + "the times mean nothing; the first is \(first.title): \(first.reason)")
    ])
  }
}
