import Foundation
import Testing
import ValenceCore
import ValenceFeatures
import ValenceTestSupport

@testable import ValencePlan

/// The five lines that most plans of these tests begin with; a test's own lines start at line 6.
let head = """
  name: trial
  corpora:
    ravdess: {adapter: ravdess, path: corpora/ravdess}
    emovo: {adapter: emovo, path: "${CORPORA}/emovo"}
  labels: emotion4

  """

/// The folder that the plans' relative paths start from.
let folder = Fixture(.module).folder

/// Reads a plan as if it stood in `exp.yaml` in a folder: that of the fixtures.
func readPlan(
  _ text: String, overrides: [String] = [], in folder: URL = folder,
  environment: [String: String] = environment
) throws(Problems) -> Plan {
  let document = try PlanDocument(
    text: text, file: "exp.yaml", folder: folder, overrides: overrides)
  return try PlanReader(document, environment: environment).read()
}

/// The words of `features.fusion`, as messages list them.
let fusions = FeatureOptions.Fusion.allCases.map(\.rawValue).joined(separator: ", ")

let environment = [
  "CORPORA": "corpora", "HOME": folder.path, "ENCODERS": encoders?.path ?? "missing",
  "MODELS": models?.path ?? "missing",
]

/// A folder with two encoders, `one` and `other`, that differ in their weights.
let encoders: URL? = {
  let parent = FileManager.default.temporaryDirectory.appending(
    path: "valence-plan-tests-\(ProcessInfo.processInfo.processIdentifier)")
  do {
    _ = try TinyEncoder(in: parent, name: "one", seed: 1)
    _ = try TinyEncoder(in: parent, name: "other", seed: 2)
    return parent
  } catch {
    Issue.record("no encoders could be written: \(error)")
    return nil
  }
}()

/// A folder with the files of networks, none of which has weights, since a plan does not read them.
///
/// `one` and `other` have the settings of a plan that sets nothing, `wide` has more mel bands, and `classic` is
/// no network.
let models: URL? = {
  let parent = FileManager.default.temporaryDirectory.appending(
    path: "valence-plan-models-\(ProcessInfo.processInfo.processIdentifier)")
  do {
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    for (name, overrides) in [
      ("one", []), ("other", []), ("wide", ["features.mel.bands=80"]),
      ("classic", ["model.classic=ridge"]),
    ] {
      let plan = try readPlan(head, overrides: overrides, environment: ["CORPORA": "corpora"])
      let file = Safetensors(
        metadata: ["valence.settings": plan.variants[0].identity, "name": name])
      try file.encoded().write(to: parent.appending(path: "\(name).safetensors"))
    }
    return parent
  } catch {
    Issue.record("no models could be written: \(error)")
    return nil
  }
}()

/// What starts training from a network of `MODELS`.
func overrides(model name: String) -> [String] {
  ["training.start_from.model=${MODELS}/\(name).safetensors"]
}

/// What makes an encoder of `ENCODERS` the only feature.
func overrides(encoder name: String) -> [String] {
  ["features.fusion=encoder", "features.encoder.path=${ENCODERS}/\(name)"]
}

/// What is wrong with a plan, one line a problem; empty if nothing is.
func complaints(_ text: String, overrides: [String] = []) -> String {
  do {
    _ = try readPlan(text, overrides: overrides)
    return ""
  } catch {
    return error.description.replacingOccurrences(
      of: folder.standardizedFileURL.path, with: "FOLDER")
  }
}

/// Compares with a text that was recorded; `VALENCE_RECORD=1` records it anew and fails.
func expectGolden(_ text: String, _ name: String) throws {
  guard ProcessInfo.processInfo.environment["VALENCE_RECORD"] == nil else {
    let here = URL(filePath: #filePath).deletingLastPathComponent()
    try Data(text.utf8).write(to: here.appending(path: "Fixtures/\(name)"))
    Issue.record("recorded \(name); look at it, and run again without VALENCE_RECORD")
    return
  }
  let expected = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  #expect(text == expected)
}
