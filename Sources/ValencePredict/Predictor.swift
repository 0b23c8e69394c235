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
  private let networks: [AskedNetwork]
  private let audiences: [Audience]

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
  }

  /// The result for one file: predictions, or why there are none.
  package struct Reply: Sendable {
    /// The answers: by window where those are asked for, then by network, the ensemble's last.
    package var answers: [Answer] = []
    /// Why networks cannot be asked about it, in sentences that name it.
    package var faults: [String] = []
  }

  /// Reads networks: each a `model.safetensors`, or the folder of a trial that holds one.
  ///
  /// One that is named twice is asked once.
  ///
  /// - Parameter encoder: the folder of the encoder that they hear through; nil looks in
  ///   `$VALENCE_ENCODERS`.
  /// - Throws: a sentence that names the file if it holds no network of Valence, or the encoder that is not
  ///   there.
  package init(models paths: [URL], encoder: URL? = nil, threads: Int) throws {
    var seen: Set<ExactName> = []
    networks = try paths.compactMap { path in
      let inFolder = path.appending(path: TrialFile.model.path)
      let file = FileManager.default.fileExists(atPath: inFolder.path) ? inFolder : path
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
          of: options.identity, named: encoder)
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
  /// - Parameter windows: whether each window of a file that is longer than a network's clips gets
  ///   an answer; else the file gets one, formed as in training.
  package func predict(_ files: [URL], windows: Bool) -> [Reply] {
    let statistics = audiences.map { $0.statistics(of: files, inWindows: windows) }
    return files.map { file in
      var answers = networks.map { _ in [Answer]() }
      var faults = networks.map { _ in String?.none }
      for (audience, statistics) in zip(audiences, statistics) {
        let sayings = Result {
          try audience.sayings(file, inWindows: windows, statistics: statistics)
        }
        for (row, member) in audience.members.enumerated() {
          switch sayings {
          case .success(let all):
            let parts = windows ? all[row] : [Self.whole(all[row])]
            answers[member.position] = parts.map { answer($0, of: member.network, file) }
          case .failure(let error): faults[member.position] = "\(error)"
          }
        }
      }
      return Reply(
        answers: joined(answers, windows: windows && asksSeveral), faults: sentences(faults))
    }
  }

  /// One saying for all of a file: the mean of its windows, as in training.
  private static func whole(_ parts: [Audience.Saying]) -> Audience.Saying {
    let logits = parts.compactMap(\.logits)
    return Audience.Saying(
      startS: parts.first?.startS ?? 0, endS: parts.map(\.endS).max() ?? 0,
      logits: logits.isEmpty ? nil : Evaluator.mean(logits))
  }

  private func answer(
    _ saying: Audience.Saying, of network: AskedNetwork, _ file: URL
  ) -> Answer {
    let classes = network.checkpoint.classes
    let probabilities = saying.logits.map(Evaluator.softmax) ?? []
    let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] }
    return Answer(
      file: file.relativePath, model: asksSeveral ? network.name : nil, startS: saying.startS,
      endS: saying.endS, prediction: best.map { classes[$0] },
      probabilities: Dictionary(uniqueKeysWithValues: zip(classes, probabilities)))
  }
}

// MARK: - Several networks

extension Predictor {
  /// Remarks on the answers.
  ///
  /// - Parameter windows: whether each window gets an answer.
  package func remarks(windows: Bool) -> [String] {
    var remarks = FeatureOptions.Normalization.allCases.filter(\.usesTestSpeech)
      .compactMap(normalizationRemark)
    let first = networks[0]
    if let other = networks.first(where: { !agrees($0) }) {
      func listed(_ network: AskedNetwork) -> String {
        "\(network.name): \(network.checkpoint.classes.joined(separator: ", "))"
      }
      remarks.append(
        "The networks have different classes (\(listed(first)); \(listed(other))), so each answers "
          + "for itself and there is no mean.")
    } else if windows, Set(networks.map { WindowPlan($0.checkpoint.settings) }).count > 1 {
      remarks.append(
        "The networks hear different windows, as their audio settings or frames differ, so there is "
          + "a mean only of windows that all of them hear.")
    }
    return remarks
  }

  /// The settings that place a network's windows.
  private struct WindowPlan: Hashable {
    let waveform: WaveformSettings
    let framing: FramingOptions

    init(_ settings: Settings) {
      var audio = settings.audio
      // Windows are cut even if training crops long clips.
      audio.longClips = .windows
      (waveform, framing) = (WaveformSettings(audio), settings.features.framing)
    }
  }

  private func normalizationRemark(_ normalization: FeatureOptions.Normalization) -> String? {
    let count = networks.count { $0.normalization == normalization }
    if count == 0 { return nil }
    let (who, forWhom) =
      switch (count, networks.count) {
      case (1, 1): ("This network was", "")
      case (networks.count, _): ("These networks were", "")
      case (1, let all): ("1 of the \(all) networks was", "for it ")
      case (_, let all): ("\(count) of the \(all) networks were", "for them ")
      }
    return "\(who) trained with statistics of each \(normalization.rawValue); \(forWhom)the files "
      + "given here are normalized by their own statistics, all together."
  }

  /// Whether a network has the classes of the first, in any order.
  private func agrees(_ network: AskedNetwork) -> Bool {
    network.checkpoint.classes.sorted() == networks[0].checkpoint.classes.sorted()
  }

  /// The answers of one file in the order of their windows, then of the networks, with the mean of each.
  private func joined(_ answers: [[Answer]], windows: Bool) -> [Answer] {
    guard asksSeveral else { return answers[0] }
    let all = answers.flatMap(\.self)
    let parts =
      windows
      ? Dictionary(grouping: all) { [$0.startS, $0.endS] }
        .sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
      : [all]
    let isAgreed = networks.allSatisfy(agrees)
    return parts.flatMap { part in
      isAgreed && part.count == networks.count ? part + [mean(part)] : part
    }
  }

  /// The mean probabilities of all networks; none if one of them found only silence.
  private func mean(_ answers: [Answer]) -> Answer {
    var mean = answers[0]
    mean.model = Self.ensemble
    mean.startS = answers.map(\.startS).min() ?? mean.startS
    mean.endS = answers.map(\.endS).max() ?? mean.endS
    let isSilent = answers.contains { $0.prediction == nil }
    let probabilities =
      isSilent
      ? []
      : classes.map { name in
        Float(
          answers.reduce(0) { $0 + Double($1.probabilities[name] ?? 0) } / Double(answers.count))
      }
    let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] }
    mean.prediction = best.map { classes[$0] }
    mean.probabilities = Dictionary(uniqueKeysWithValues: zip(classes, probabilities))
    return mean
  }

  /// Each fault once, with the networks that it is about unless it is about all.
  private func sentences(_ faults: [String?]) -> [String] {
    var sentences: [String] = []
    for text in faults.compactMap(\.self) {
      let about = zip(networks, faults).filter { $0.1 == text }.map(\.0.name)
      let sentence =
        about.count == networks.count ? text : "\(Wording.list(about, limit: 1)): \(text)"
      if !sentences.contains(sentence) { sentences.append(sentence) }
    }
    return sentences
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
