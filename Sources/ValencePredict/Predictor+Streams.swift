package import Foundation
import ValenceAudio
import ValenceFeatures
import ValencePlan
import ValenceTraining

/// What a stream has to bring to be heard by a model.
package struct ModelInput: Codable, Hashable, Sendable {
  /// The model as it was named.
  package let name: String
  /// Its classes, in order.
  package let classes: [String]
  /// The rate that it hears, in samples a second.
  package let rateHz: Int
  /// The longest window, in seconds.
  package let clipS: Double
  /// Whose statistics normalize what it hears: none, train, corpus or speaker.
  package let normalization: String
  /// The models with the same number hear the same windows and share their features.
  package let group: Int

  /// Whether it needs speech of the speaker or corpus that it is asked about for its statistics.
  package var usesTestSpeech: Bool {
    FeatureOptions.Normalization(rawValue: normalization)?.usesTestSpeech ?? false
  }
}

/// What models of a group are normalized by while a stream goes on.
package struct StreamStatistics: Sendable {
  /// For each model of the group the sums over what it has learned from; nil of one that has statistics of its
  /// own.
  fileprivate var moments: [AskedNetwork.Moments?]
  /// How many windows they were formed over.
  package fileprivate(set) var windows = 0
  /// Whether they stay as they are.
  package var isFixed = false
}

// MARK: - Streams

extension Predictor {
  /// What each model hears, in the order in which they were named.
  package var inputs: [ModelInput] {
    var groups = networks.map { _ in 0 }
    for (group, audience) in audiences.enumerated() {
      for member in audience.members { groups[member.position] = group }
    }
    return zip(networks, groups).map { network, group in
      ModelInput(
        name: network.name, classes: network.checkpoint.classes,
        rateHz: network.checkpoint.settings.audio.rateHz,
        clipS: network.checkpoint.settings.audio.clipS,
        normalization: network.normalization.rawValue, group: group)
    }
  }

  /// The samples of a group's windows and of the step between them, at the group's rate.
  ///
  /// - Throws: `WindowFault` for a length or hop that its models cannot have.
  package func windowSamples(
    _ options: WindowOptions, group: Int
  ) throws(WindowFault) -> (window: Int, hop: Int) {
    let lengths = try audiences[group].recordings.lengths(options)
    return (lengths.window, lengths.hop)
  }

  /// Whether all models can hear such windows.
  ///
  /// - Throws: `WindowFault` for the first that cannot.
  package func check(_ options: WindowOptions) throws(WindowFault) {
    for group in audiences.indices { _ = try windowSamples(options, group: group) }
  }

  /// Statistics of no speech yet, that grow with what is heard.
  package func runningStatistics(group: Int) -> StreamStatistics {
    StreamStatistics(moments: audiences[group].members.map { _ in nil })
  }

  /// The statistics of recordings of the speaker or corpus that will be heard, in windows.
  ///
  /// - Throws: a sentence that names the file that cannot be read.
  package func statistics(
    of files: [URL], group: Int
  ) throws -> StreamStatistics {
    var statistics = runningStatistics(group: group)
    let audience = audiences[group]
    for file in files {
      try audience.recordings.read(file, in: WindowOptions()) { stretches in
        for features in stretches.compactMap(\.features) {
          audience.learn(features, &statistics)
        }
      }
    }
    statistics.isFixed = true
    return statistics
  }

  /// The samples of a recording at a group's rate, a block at a time, as windows are cut from them.
  ///
  /// - Throws: a sentence that names the file.
  package func decode(
    _ file: URL, group: Int, _ body: ([Float]) throws -> Void
  ) throws {
    try audiences[group].recordings.decode(file, body)
  }

  /// What each model of a group says of a window, or of an utterance that is shorter.
  ///
  /// - Parameters:
  ///   - samples: at the group's rate, at most a window.
  ///   - start: the position of the first in the stream.
  ///   - statistics: what the group is normalized by; running statistics learn from it first, fixed ones do not.
  /// - Returns: for each model its position and saying, which is without logits where there is nothing but
  ///   silence, too little to hear, or too little to form statistics of.
  /// - Throws: a sentence where an encoder cannot hear it or a model's numbers are not finite.
  package func sayings(
    of samples: [Float], from start: Int, group: Int, statistics: inout StreamStatistics
  ) throws -> [StreamSaying] {
    let audience = audiences[group]
    let reader = audience.recordings
    let features = try reader.features(of: samples)
    if let features { audience.learn(features, &statistics) }
    let rate = Double(reader.settings.audio.rateHz)
    let window = RecordingReader.Window(
      startS: Double(start) / rate, endS: Double(start + samples.count) / rate, features: features)
    let said = try audience.sayings(
      of: [window], name: "stream", statistics: audience.statistics(statistics))
    return zip(audience.members, said).flatMap { member, sayings in
      sayings.map { StreamSaying(position: member.position, saying: $0) }
    }
  }

  /// What models say of parts of a stream as answers, in the order of their parts, then of the models, with
  /// the mean of each part that all models of the same classes answered.
  package func answers(_ sayings: [StreamSaying]) -> [Answer] {
    var answers = networks.map { _ in [Answer]() }
    for said in sayings {
      answers[said.position].append(answer(said.saying, of: said.position, name: "stream"))
    }
    return joined(answers, windows: asksSeveral)
  }
}

/// What a model says of a part of a stream.
package struct StreamSaying: Sendable {
  /// The position of the model among all.
  package let position: Int
  package let saying: Predictor.Saying

  package init(position: Int, saying: Predictor.Saying) {
    (self.position, self.saying) = (position, saying)
  }
}

extension Audience {
  /// Adds a window to running statistics.
  fileprivate func learn(_ features: ClipFeatures, _ statistics: inout StreamStatistics) {
    guard usesTestSpeech, !statistics.isFixed else { return }
    for (row, member) in members.enumerated() where member.network.normalization.usesTestSpeech {
      let own = member.network.moments(of: features)
      if statistics.moments[row] == nil {
        statistics.moments[row] = own
      } else {
        statistics.moments[row]?.merge(own)
      }
    }
    statistics.windows += 1
  }

  /// What each member is normalized by; nil where too little has been heard to form statistics of.
  fileprivate func statistics(_ running: StreamStatistics) -> [AskedNetwork.Statistics?] {
    zip(members, running.moments).map { member, moments in
      let network = member.network
      guard network.normalization.usesTestSpeech else { return network.ownStatistics }
      // The deviation of a few vectors is that of what happens to be said.
      if network.hearsVectors, running.windows < Self.leastVectors { return nil }
      return moments.map { network.statistics([$0]) }
    }
  }

  /// The fewest windows over which statistics of vectors are formed.
  private static let leastVectors = 5
}
