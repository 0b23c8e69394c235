import Foundation
import Synchronization
import Testing
import ValenceCore
import ValencePlan
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceReport
@testable import ValenceTraining

/// A folder with small corpora in which experiments run within a second.
struct Laboratory {
  let folder: TemporaryFolder

  /// Lends a laboratory.
  static func with<Result>(_ body: (Laboratory) throws -> Result) throws -> Result {
    try TemporaryFolder.with { try body(Laboratory(folder: $0)) }
  }

  /// Lends a laboratory with three corpora that differ in speakers and clips, all with speakers called s1 and
  /// so on.
  static func withThreeCorpora(_ body: (Laboratory) throws -> Void) throws {
    try with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(speakers: 5, clips: 2, seed: 2), as: "two")
      try laboratory.write(ToneCorpus(speakers: 3, clips: 1, seed: 3), as: "three")
      try body(laboratory)
    }
  }

  /// Where a path below the folder lies.
  func url(_ path: String) -> URL { folder.url.appending(path: path) }

  /// Writes a corpus under a name.
  func write(_ corpus: ToneCorpus, as name: String) throws { try corpus.write(to: url(name)) }

  /// The text of a plan over corpora of this folder; `changes` are further top-level keys.
  func plan(_ name: String = "study", corpora: [String] = ["one"], _ changes: String = "") -> String
  {
    TonePlan.text(name, corpora: corpora, changes)
  }

  /// Reads a plan and prepares its experiment; `overrides` are as on the command line.
  func experiment(_ text: String, _ overrides: [String] = []) throws -> Experiment {
    try folder.write(["plan.yaml": text])
    let document = try PlanDocument(contentsOf: url("plan.yaml").path, overrides: overrides)
    return try Experiment(
      PlanReader(document, environment: [:]).read(), cache: FeatureCache(folder: url("cache")))
  }

  /// How a test wants a run to go.
  struct Way {
    var results = "Results"
    var cache = "cache"
    var jobs = 1
    var cores = 1
    var only: (Trial) -> Bool = { _ in true }
    var control = RunControl { _ in }
    var memory: Int?
  }

  /// Runs an experiment.
  func run(_ experiment: Experiment, _ way: Way = Way()) throws -> Runner.Summary {
    let runner = Runner(
      experiment, store: store(experiment.plan.name, in: way.results),
      cache: FeatureCache(folder: url(way.cache)), control: way.control, memory: way.memory)
    return try runner.run(jobs: way.jobs, cores: way.cores, only: way.only)
  }

  /// Reads a plan, runs it and reports on it; returns the summary.
  @discardableResult
  func run(
    _ text: String, _ overrides: [String] = [], _ way: Way = Way()
  ) throws -> Runner.Summary {
    let experiment = try experiment(text, overrides)
    let summary = try run(experiment, way)
    do {
      try report(experiment.plan.name, in: way.results)
    } catch StoreError.nothingFinished {
      // As the command: the failures say why.
    }
    return summary
  }

  /// Reports on an experiment.
  func report(_ name: String = "study", in results: String = "Results") throws {
    _ = try ReportBuilder(store(name, in: results), plots: url("Plots")).report()
  }

  /// The results of an experiment.
  func store(_ name: String = "study", in results: String = "Results") -> RunStore {
    RunStore(results: url(results), name: name)
  }

  /// Every file below a folder by its path, but those that may differ between identical runs.
  func files(_ path: String) throws -> [String: Data] {
    let root = url(path)
    return try FileManager.default.subpathsOfDirectory(atPath: root.path).reduce(into: [:]) {
      let file = root.appending(path: $1)
      guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true,
        file.lastPathComponent != "timing.json"
      else { return }
      $0[$1] = try Data(contentsOf: file)
    }
  }

  /// One file of an experiment.
  func text(_ path: String) throws -> String {
    try String(contentsOf: url(path), encoding: .utf8)
  }

  /// The sentence of an error that `body` throws; nil if it throws none.
  func sentence(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return "\(error)".replacingOccurrences(of: folder.url.path + "/", with: "")
    }
  }
}

/// Expects the same files with the same bytes; names those that differ or that one side lacks.
func expectSame(
  _ a: [String: Data], _ b: [String: Data], sourceLocation: SourceLocation = #_sourceLocation
) {
  let different = Set(a.keys).union(b.keys).filter { a[$0] != b[$0] }.sorted()
  #expect(different == [], sourceLocation: sourceLocation)
}

/// Notes what a run tells.
final class Diary: Sendable {
  private let lines = Mutex<[String]>([])

  func note(_ event: RunControl.Event) {
    let line: String
    switch event {
    case .features(let corpus, let done, let total): line = "features \(corpus) \(done)/\(total)"
    case .trials(let toTrain, let toScore, let done): line = "\(toTrain) \(toScore) \(done)"
    case .outdated(let number, _, let reason): line = "outdated \(number) \(reason)"
    case .began(let number, _): line = "began \(number)"
    case .epoch(let number, _, let record): line = "epoch \(number) \(record.epoch)"
    case .finished(let number, _, _): line = "finished \(number)"
    case .failed(let number, _, let reason): line = "failed \(number) \(reason)"
    case .remark(let sentence): line = "remark \(sentence)"
    }
    lines.withLock { $0.append(line) }
  }

  var all: [String] { lines.withLock { $0 } }
}

extension RunStore {
  /// The finished trials, in the plan's order.
  func records() throws -> [TrialRecord] {
    try read([TrialListing].self, from: .trials).compactMap { try trial($0.key) }
  }
}
