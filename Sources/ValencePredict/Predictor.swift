package import Foundation
import ValenceAudio
import ValenceCore
import ValenceFeatures
import ValenceKernels
import ValencePlan
import ValenceStore
import ValenceTraining

/// Asks one trained network, or several together, about audio files of any length.
package struct Predictor {
  /// The class names, in order; of several networks those of the first, then what others add.
  package let classes: [String]
  let networks: [AskedNetwork]
  let audiences: [Audience]

  /// The `model` of answers that are the mean over all networks.
  package static let ensemble = "ensemble"

  /// The prediction for a file, or for one window of it.
  package struct Answer: Codable, Hashable, Sendable {
    /// The file as it was named.
    package var file: String
    /// The network as it was named, or `ensemble`; nil where only one is asked.
    package var model: String?
    /// The start of the part that was used, in seconds.
    package var startS: Double
    /// Where it ends, in seconds.
    package var endS: Double
    /// The most probable class; nil where there is nothing but silence.
    package var prediction: String?
    /// The probability of each class, by name; none for silence.
    package var probabilities: [String: Float]

    package init(
      file: String, model: String?, span: ClosedRange<Double>, prediction: String?,
      probabilities: [String: Float]
    ) {
      (self.file, self.model) = (file, model)
      (startS, endS) = (span.lowerBound, span.upperBound)
      (self.prediction, self.probabilities) = (prediction, probabilities)
    }
  }

  /// What a network says of a stretch of speech.
  package struct Saying: Sendable {
    package var startS: Double
    package var endS: Double
    /// Nil where there is nothing but silence.
    var logits: [Float]?

    init(startS: Double, endS: Double, logits: [Float]?) {
      (self.startS, self.endS, self.logits) = (startS, endS, logits)
    }

    /// Nothing, of a stretch without voice.
    package init(silentFromS startS: Double, toS endS: Double) {
      self.init(startS: startS, endS: endS, logits: nil)
    }
  }

  /// The mean of what is said of the windows of a file or utterance, of which it keeps only sums.
  package struct MeanSaying: Sendable {
    private var span: (startS: Double, endS: Double)?
    private var sums: [Double] = []
    private var count = 0

    package init() {}

    /// Adds the next window; one of nothing but silence changes only the end.
    package mutating func add(_ part: Saying) {
      span = (span?.startS ?? part.startS, max(span?.endS ?? part.endS, part.endS))
      guard let logits = part.logits else { return }
      if sums.isEmpty { sums = [Double](repeating: 0, count: logits.count) }
      for index in logits.indices { sums[index] += Double(logits[index]) }
      count += 1
    }

    /// The mean logits; none of silence.
    package var saying: Saying {
      Saying(
        startS: span?.startS ?? 0, endS: span?.endS ?? 0,
        logits: count == 0 ? nil : sums.map { Float($0 / Double(count)) })
    }
  }

  /// The result for one file: predictions, or why there are none.
  package struct Reply: Sendable {
    /// The answers: by window where those are asked for, then by network, the ensemble's last.
    package var answers: [Answer] = []
    /// Why networks cannot be asked about it, in sentences that name it.
    package var faults: [String] = []

    package init(answers: [Answer] = [], faults: [String] = []) {
      (self.answers, self.faults) = (answers, faults)
    }
  }

  /// Reads networks: each a `model.safetensors`, the folder of a trial that holds one, or a bundle.
  ///
  /// One that is named twice is asked once.
  ///
  /// - Parameter encoder: the folder of the encoder that they hear through; nil takes that of a bundle, or
  ///   looks in `$VALENCE_ENCODERS`.
  /// - Throws: a sentence that names the file if it holds no network of Valence, or the encoder that is not
  ///   there.
  package init(models paths: [URL], encoder: URL? = nil, threads: Int) throws {
    var seen: Set<ExactName> = []
    networks = try paths.compactMap { path in
      let place = try ModelPlace(path)
      let file = place.file
      guard seen.insert(ExactName(file.resolvingSymlinksInPath().path)).inserted else { return nil }
      guard let data = try StoredFile.content(of: file) else {
        throw PredictionError.noNetwork(path: path.relativePath)
      }
      try CheckpointFault.check(data, of: file, name: file.path)
      var checkpoint = try Checkpoint(
        Safetensors(decoding: data, name: file.path, isOwn: true), name: file.path,
        batch: WindowBatch.size,
        workers: Workers(threads: threads))
      if let options = checkpoint.settings.features.encoder {
        checkpoint.settings.features.encoder?.folder = try KnownEncoders.folder(
          of: options.identity, named: encoder ?? place.bundle?.encoder)
      }
      return AskedNetwork(checkpoint, name: path.relativePath)
    }
    audiences = try Audience.all(of: networks, threads: threads)
    var names: Set<String> = []
    classes = networks.flatMap(\.checkpoint.classes).filter { names.insert($0).inserted }
  }

  /// Whether several networks are asked.
  package var asksSeveral: Bool { networks.count > 1 }

  /// The answers for each file, in the order of `files`: of each network one, or one for each window.
  ///
  /// Several networks with the same classes are joined by an answer of their mean probabilities, where
  /// all of them heard the file, or that very window. Files are read a minute or some at a time, so that
  /// memory does not grow with their length, and once for all networks that hear the same of them.
  ///
  /// - Parameter windows: the windows of a file that each get an answer; nil gives the file one, formed as in
  ///   training.
  package func predict(_ files: [URL], windows: WindowOptions?) -> [Reply] {
    let statistics = audiences.map { $0.statistics(of: files, in: windows) }
    return files.map { file in
      var answers = networks.map { _ in [Answer]() }
      var faults = networks.map { _ in String?.none }
      for (audience, statistics) in zip(audiences, statistics) {
        let sayings = Result { try audience.sayings(file, in: windows, statistics: statistics) }
        for (row, member) in audience.members.enumerated() {
          switch sayings {
          case .success(let all):
            let parts = windows == nil ? [Self.whole(all[row])] : all[row]
            answers[member.position] = parts.map {
              answer($0, of: member.position, name: file.relativePath)
            }
          case .failure(let error): faults[member.position] = "\(error)"
          }
        }
      }
      return Reply(
        answers: joined(answers, windows: windows != nil && asksSeveral), faults: sentences(faults))
    }
  }

  /// One saying for all of a file or utterance: the mean of its windows, as in training.
  private static func whole(_ parts: [Saying]) -> Saying {
    var mean = MeanSaying()
    for part in parts { mean.add(part) }
    return mean.saying
  }

  /// A network's saying as an answer about what `name` names.
  package func answer(_ saying: Saying, of position: Int, name: String) -> Answer {
    let network = networks[position]
    let classes = network.checkpoint.classes
    let probabilities = saying.logits.map(Evaluator.softmax) ?? []
    let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] }
    return Answer(
      file: name, model: asksSeveral ? network.name : nil,
      span: saying.startS...max(saying.startS, saying.endS), prediction: best.map { classes[$0] },
      probabilities: Dictionary(uniqueKeysWithValues: zip(classes, probabilities)))
  }
}

/// Why a network cannot predict.
enum PredictionError: Error, CustomStringConvertible {
  /// There is no network at the path.
  case noNetwork(path: String)
  /// A network's numbers grow beyond all bounds.
  case notFinite(file: String, model: String)

  var description: String {
    switch self {
    case .noNetwork(let path):
      "\(path): there is no network here; give a model.safetensors, or the folder of a trial that "
        + "holds one."
    case .notFinite(let file, let model):
      "\(file): \(model) gives numbers for it that are not finite; its weights are damaged or edited."
    }
  }
}
