import Foundation
import ValenceAudio
import ValenceCore
import ValenceFeatures
import ValencePlan
import ValenceTraining

extension Predictor {
  /// Remarks on the answers.
  ///
  /// - Parameter windows: the windows that each get an answer.
  package func remarks(windows: WindowOptions?) -> [String] {
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
    } else if let windows, Set(networks.map { WindowPlan($0, windows) }).count > 1 {
      remarks.append(
        "The networks hear different windows, as their audio settings differ, so there is a mean only of "
          + "windows that all of them hear.")
    }
    return remarks
  }

  /// What places a network's windows.
  private struct WindowPlan: Hashable {
    let rateHz: Int
    let windowS: Double

    init(_ network: AskedNetwork, _ options: WindowOptions) {
      let audio = network.checkpoint.settings.audio
      (rateHz, windowS) = (audio.rateHz, options.windowS ?? audio.clipS)
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
  func joined(_ answers: [[Answer]], windows: Bool) -> [Answer] {
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
  func sentences(_ faults: [String?]) -> [String] {
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
