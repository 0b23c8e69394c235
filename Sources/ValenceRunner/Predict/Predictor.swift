public import Foundation
import ValenceAudio
import ValenceCore
import ValenceFeatures
import ValenceKernels
import ValenceNN
import ValencePlan

/// Asks a trained network about audio files.
public struct Predictor {
  /// The class names, in order.
  public let classes: [String]
  /// A sentence on how inputs are normalized where that depends on the files at hand.
  public let remark: String?
  private let checkpoint: Checkpoint

  /// What the network says of a file.
  public struct Answer: Codable, Sendable {
    /// The file as it was named.
    public var file: String
    /// The most probable class.
    public var prediction: String
    /// The probability of each class, by name.
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
      Safetensors(decoding: data, name: file.path), name: file.path, batch: 16, threads: threads)
    classes = checkpoint.classes
    remark =
      checkpoint.settings.features.normalization.usesTestSpeech
      ? "This network was trained with statistics of each "
        + "\(checkpoint.settings.features.normalization.rawValue); the files given here are "
        + "normalized by their own statistics, all together." : nil
  }

  /// The probabilities of each class for each file, in the order of `files`.
  ///
  /// - Throws: a sentence that names the first file that cannot be used.
  public func predict(_ files: [URL]) throws -> [Answer] {
    let settings = checkpoint.settings
    let extractor = try FeatureExtractor(settings.features, rateHz: settings.audio.rateHz)
    let minimum = settings.minimumFrames
    let clips = try files.map { file in
      let clip = try extractor.extract(AudioReader.read(file, options: settings.audio))
      guard clip.frames >= minimum else {
        throw ClipError.tooShort(file: file.path, frames: clip.frames, minimum: minimum)
      }
      return clip
    }
    let normalizers = normalizers(for: clips)
    let input = checkpoint.network.input
    let fusion = FeatureFusion(settings.features)
    let inputs = fusion.branches.map { Floats(zeros: input.frames * $0.width) }
    return zip(files, clips).map { file, clip in
      var clip = clip
      if let normalizers { clip.normalize(by: normalizers) }
      for branch in inputs.indices {
        inputs[branch].fill(0)
        fusion.write(clip, branch: branch, into: inputs[branch])
      }
      let logits = checkpoint.network.logits(
        inputs: inputs, batch: BatchShape(frames: [clip.frames]))
      let probabilities = Evaluator.softmax(logits)
      let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
      return Answer(
        file: file.relativePath, prediction: classes[best],
        probabilities: Dictionary(uniqueKeysWithValues: zip(classes, probabilities)))
    }
  }

  /// The statistics to normalize by: the network's own, or for one that was trained with those of
  /// each corpus or speaker, those of the files at hand.
  private func normalizers(for clips: [ClipFeatures]) -> [FeatureKind: Normalizer]? {
    let features = checkpoint.settings.features
    guard features.normalization.usesTestSpeech else { return checkpoint.normalizers }
    return Dictionary(
      uniqueKeysWithValues: features.kinds.compactMap { kind in
        let moments = clips.compactMap { $0[kind].map(BinMoments.init) }
        return Normalizer.fit(on: moments, source: .corpus("predict")).map { (kind, $0) }
      })
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
