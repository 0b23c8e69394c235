public import Foundation
import ValenceAudio
import ValenceCore
import ValenceFeatures
import ValenceKernels
import ValenceNN
import ValencePlan

/// Asks a trained network about audio files of any length.
public struct Predictor {
  /// The class names, in order.
  public let classes: [String]
  /// A sentence on how inputs are normalized where that depends on the files at hand.
  public let remark: String?
  private let checkpoint: Checkpoint
  private let recordings: RecordingReader
  private let batch: WindowBatch

  /// What the network says of a file, or of a window of it.
  public struct Answer: Codable, Sendable {
    /// The file as it was named.
    public var file: String
    /// Where it begins, in seconds.
    public var startS: Double
    /// Where it ends, in seconds.
    public var endS: Double
    /// The most probable class; nil where there is nothing but silence.
    public var prediction: String?
    /// The probability of each class, by name; none for silence.
    public var probabilities: [String: Float]
  }

  /// Reads a network: a `model.safetensors`, or the folder of a trial that holds one.
  ///
  /// - Throws: a sentence that names the file if it holds no network of Valence.
  public init(model path: URL, threads: Int) throws {
    let inFolder = path.appending(path: "model.safetensors")
    let file = FileManager.default.fileExists(atPath: inFolder.path) ? inFolder : path
    guard let data = try? Data(contentsOf: file) else {
      throw PredictionError.noNetwork(path: path.relativePath)
    }
    checkpoint = try Checkpoint(
      Safetensors(decoding: data, name: file.path), name: file.path, batch: WindowBatch.size,
      threads: threads)
    recordings = try RecordingReader(checkpoint.settings)
    batch = WindowBatch(checkpoint.network, features: checkpoint.settings.features)
    classes = checkpoint.classes
    remark =
      checkpoint.settings.features.normalization.usesTestSpeech
      ? "This network was trained with statistics of each "
        + "\(checkpoint.settings.features.normalization.rawValue); the files given here are "
        + "normalized by their own statistics, all together." : nil
  }

  /// The answers for each file, in the order of `files`: one, or one for each window.
  ///
  /// Files are read a minute at a time, so that memory does not grow with their length.
  ///
  /// - Parameter windows: whether each window of a file that is longer than the network's clips gets
  ///   an answer; else the file gets one, formed as in training.
  /// - Returns: for a file that cannot be used, the error whose description names it.
  public func predict(_ files: [URL], windows: Bool) -> [Result<[Answer], any Error>] {
    let statistics = normalizers(for: files, windows: windows)
    return files.map { file in Result { try answers(file, windows: windows, statistics) } }
  }

  private func answers(
    _ file: URL, windows: Bool, _ normalizers: [FeatureKind: Normalizer]?
  ) throws -> [Answer] {
    var answers: [Answer] = []
    var logits: [[Float]] = []
    var end = 0.0
    func answer(_ stretch: RecordingReader.Stretch, _ row: [Float]?) -> Answer {
      let probabilities = row.map(Evaluator.softmax) ?? []
      let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] }
      return Answer(
        file: file.relativePath, startS: stretch.startS, endS: stretch.endS,
        prediction: best.map { classes[$0] },
        probabilities: Dictionary(uniqueKeysWithValues: zip(classes, probabilities)))
    }
    try recordings.read(file, inWindows: windows) { stretches in
      let audible = stretches.compactMap(\.features).map { features in
        var features = features
        if let normalizers { features.normalize(by: normalizers) }
        return features
      }
      var rows = batch.logits(audible)[...]
      for stretch in stretches {
        let row = stretch.features == nil ? nil : rows.removeFirst()
        if windows { answers.append(answer(stretch, row)) }
        if !windows, let row { logits.append(row) }
        end = max(end, stretch.endS)
      }
    }
    if windows { return answers }
    let whole = RecordingReader.Stretch(startS: 0, endS: end, features: nil)
    return [answer(whole, logits.isEmpty ? nil : Evaluator.mean(logits))]
  }

  /// The statistics to normalize by: the network's own, or for one that was trained with those of
  /// each corpus or speaker, those of the files at hand.
  private func normalizers(for files: [URL], windows: Bool) -> [FeatureKind: Normalizer]? {
    let options = checkpoint.settings.features
    guard options.normalization.usesTestSpeech else { return checkpoint.normalizers }
    var moments: [FeatureKind: [BinMoments]] = [:]
    for file in files {
      // What is wrong with a file is said when it is asked about.
      try? recordings.read(file, inWindows: windows) { stretches in
        for features in stretches.compactMap(\.features) {
          for kind in options.kinds {
            features[kind].map { moments[kind, default: []].append(BinMoments($0)) }
          }
        }
      }
    }
    return moments.compactMapValues { Normalizer.fit(on: $0, source: .corpus("predict")) }
  }
}

/// Why a network cannot be asked.
enum PredictionError: Error, CustomStringConvertible {
  /// Nothing that could be a network lies at the path.
  case noNetwork(path: String)

  /// One sentence.
  var description: String {
    switch self {
    case .noNetwork(let path):
      "\(path): there is no network here; give a model.safetensors, or the folder of a trial that "
        + "holds one."
    }
  }
}
