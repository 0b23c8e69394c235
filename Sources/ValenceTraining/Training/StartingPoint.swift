import Foundation
import ValenceCore
import ValenceData
import ValenceFeatures
import ValenceKernels
import ValenceNN
import ValencePlan
import ValenceStore

/// The trained network that training starts from.
struct StartingPoint {
  let options: StartOptions
  private let body: Network
  /// The statistics that its inputs are normalized by, where these are its training fold's; nil otherwise.
  let normalizers: [FeatureKind: Normalizer]?
  /// Its classes, in order.
  let classes: [String]

  /// Reads the network; nil where the settings ask for none.
  ///
  /// - Throws: a sentence that names the file if it is not what it was when the plan was read, or damaged.
  init?(_ settings: Settings, workers: Workers) throws {
    guard settings.classic == nil, let options = settings.training.startFrom,
      let file = options.file
    else { return nil }
    self.options = options
    guard let data = try StoredFile.content(of: file), Digest(of: data) == options.digest else {
      throw TrainingError.changedBody(file: file.path)
    }
    try CheckpointFault.check(data, of: file, name: file.path)
    let checkpoint = try Checkpoint(
      Safetensors(decoding: data, name: file.path), name: file.path, batch: 1, workers: workers)
    guard case .network(let network, let normalizers) = checkpoint.model else {
      preconditionFailure("\(file.path): a plan with a classic model as a body was accepted")
    }
    (body, self.normalizers, classes) = (network, normalizers, checkpoint.classes)
  }

  /// Gives a new network for some classes the body, and the last layer's weights of the classes that both have.
  func begin(_ network: Network, classes: [String]) {
    network.start(from: body, classes: classes.map { self.classes.firstIndex(of: $0) })
    network.isBodyFrozen = options.freeze == .body
  }

  /// The record of a trial of some classes that starts here.
  func record(_ classes: [String], heard: BodyHistory) -> TrialRecord.Start {
    TrialRecord.Start(
      digest: options.digest.hex, freeze: options.freeze.rawValue,
      copiedClasses: classes.filter(self.classes.contains),
      drawnClasses: classes.filter { !self.classes.contains($0) }, heard: heard)
  }

  /// What settings start from, in a sentence; nil for random weights.
  static func sentence(of settings: Settings, _ experiment: Experiment) throws -> String? {
    guard let start = try StartingPoint(settings, workers: .single),
      let history = experiment.history(of: start.options)
    else { return nil }
    let record = start.record(experiment.space.classes, heard: history)
    return "Starts from network \(start.options.digest.short) "
      + "(\(start.options.file?.path ?? "")), which has heard \(record.heard); \(record.summary)."
  }

  /// Reads the networks that the variants of an experiment start from.
  ///
  /// - Throws: `Problems` about those that are damaged.
  static func check(_ experiment: Experiment) throws {
    var seen: Set<Digest> = []
    var problems: [Problem] = []
    for settings in experiment.plan.variants.map(\.settings) {
      guard let start = settings.training.startFrom, seen.insert(start.digest).inserted else {
        continue
      }
      do {
        _ = try StartingPoint(settings, workers: .single)
      } catch {
        let problem = Problem(
          "\(error)", key: "training.start_from.model", others: ["training.start_from", "sweep"])
        problems.append(
          Problem(
            problem.message, at: experiment.plan.place(of: problem), key: problem.key))
      }
    }
    guard problems.isEmpty else { throw Problems(problems) }
  }
}

extension TrialRecord.Start {
  /// What was taken over and what was not, in a clause: `all layers are trained on; weights of angry and sad are
  /// its own, those of fear are new`.
  var summary: String {
    let body =
      freeze == StartOptions.Freeze.body.rawValue
      ? "its body is kept as it was" : "all of its layers are trained further"
    let parts = [
      copiedClasses.isEmpty
        ? "" : "the last layer begins with its weights of \(Wording.list(copiedClasses))",
      drawnClasses.isEmpty ? "" : "with new ones of \(Wording.list(drawnClasses))",
    ].filter { !$0.isEmpty }
    let joined = parts.joined(separator: " and ")
    return "\(body); " + (copiedClasses.isEmpty ? "the last layer begins " + joined : joined)
  }
}
