import Foundation
import ValenceCore
import ValenceEvaluation
import ValenceStore
import ValenceTestSupport

/// A small trial as training would leave it; nothing in it is special.
func sampleTrial(_ key: String = "0123456789abcdef") -> RunStore.TrialFiles {
  var record = TrialRecord(
    key: key, settings: "audio: {rate_hz: 8000}\n", seed: .max, classes: ["angry", "sad"],
    training: TrialRecord.Training(
      parameters: 7, epochs: 2, bestEpoch: 1, train: .init(utterances: 4, digest: "44"),
      validation: .init(utterances: 2, digest: "22")))
  record.training.trainCounts = [3, 1]
  record.warnings = [TrialWarning(rawValue: "a remark")]
  record.evaluations = [
    .init(corpus: "one", within: true, identity: "11", utterances: 2),
    .init(corpus: "two", within: false, identity: "22", utterances: 1),
  ]
  var files = RunStore.TrialFiles(
    record: record,
    history: [
      EpochRecord(
        epoch: 1, learningRate: 1e-3, trainLoss: 0.1 + 0.2, validationLoss: 1 / 3,
        validationUAR: 0.5),
      EpochRecord(
        epoch: 2, learningRate: 5e-300, trainLoss: 1e300, validationLoss: 0, validationUAR: 1),
    ],
    model: Safetensors(
      arrays: ["weight": .init(shape: [2, 1], values: [0.1, -.infinity])],
      metadata: ["format": "pt", "name": "Überprüfung, \"quoted\""]),
    predictions: [
      "one": [
        Prediction(
          segment: Segment(file: "a.wav", startS: 0, endS: 0.1 + 0.2), speaker: "s1", truth: 0,
          probabilities: [0.75, 0.25]),
        Prediction(
          segment: Segment(file: "b.wav", startS: 0, endS: 1 / 3), speaker: nil, truth: 1,
          probabilities: [0.5, 0.5]),
      ],
      "two": [
        Prediction(
          segment: Segment(file: "c.wav#1.5-2.25", startS: 1.5, endS: 2.25), speaker: "s2",
          truth: 1, probabilities: [0.1, 0.9])
      ],
    ],
    metrics: Data("{}\n".utf8))
  files.timing = ["training_s": 1.25, "evaluation_s": 0.5]
  return files
}

/// Every file below a folder with its content, by relative path.
func contents(of folder: URL) throws -> [String: Data] {
  let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
  return try paths.reduce(into: [:]) { files, path in
    let url = folder.appending(path: path)
    if try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
      files[path] = try Data(contentsOf: url)
    }
  }
}
