import Foundation
import ValenceAudio
import ValenceFeatures
import ValencePlan
import ValenceTraining

/// Networks with the same input, for which each recording is read once.
struct Audience {
  /// The settings that determine a network's input.
  private struct InputSettings: Hashable {
    let extraction: ExtractionSettings
    let minimumFrames: Int

    init(_ settings: Settings) {
      extraction = ExtractionSettings(settings.features, audio: settings.audio)
      minimumFrames = settings.minimumFrames
    }
  }

  /// The networks with their positions among all that are asked.
  private(set) var members: [(position: Int, network: AskedNetwork)]
  let recordings: RecordingReader

  typealias Saying = Predictor.Saying

  /// The networks in groups that hear the same.
  ///
  /// - Throws: `FeatureError` for options that cannot be extracted.
  static func all(of networks: [AskedNetwork], threads: Int) throws -> [Audience] {
    var audiences: [Audience] = []
    var places: [InputSettings: Int] = [:]
    for (position, network) in networks.enumerated() {
      let input = InputSettings(network.checkpoint.settings)
      if let place = places[input] {
        audiences[place].members.append((position, network))
      } else {
        places[input] = audiences.count
        audiences.append(
          Audience(
            members: [(position, network)],
            recordings: try RecordingReader(network.checkpoint.settings, threads: threads)))
      }
    }
    return audiences
  }

  /// What each member says of a file, stretch by stretch.
  ///
  /// - Parameters:
  ///   - windows: the windows that each get a saying; nil for the stretches that clips of training had.
  ///   - statistics: for each member what it is normalized by.
  /// - Throws: a sentence that names the file.
  func sayings(
    _ file: URL, in windows: WindowOptions?, statistics: [AskedNetwork.Statistics]
  ) throws -> [[Saying]] {
    var sayings = members.map { _ in [Saying]() }
    try read(file, in: windows) { stretches in
      for (row, said) in try self.sayings(
        of: stretches, name: file.relativePath, statistics: statistics
      ).enumerated() {
        sayings[row] += said
      }
    }
    return sayings
  }

  /// What each member says of some stretches of what `name` names; nothing where it has no statistics.
  ///
  /// - Throws: `PredictionError` for a network whose numbers are not finite.
  func sayings(
    of stretches: [RecordingReader.Window], name: String, statistics: [AskedNetwork.Statistics?]
  ) throws -> [[Saying]] {
    try zip(members, statistics).map { member, statistics in
      guard let statistics else {
        return stretches.map { Saying(silentFromS: $0.startS, toS: $0.endS) }
      }
      let logits = try? member.network.logits(stretches, statistics)
      guard let logits, logits.allSatisfy({ $0?.allSatisfy(\.isFinite) ?? true }) else {
        throw PredictionError.notFinite(file: name, model: member.network.name)
      }
      return zip(stretches, logits).map { stretch, logits in
        Saying(startS: stretch.startS, endS: stretch.endS, logits: logits)
      }
    }
  }

  private func read(
    _ file: URL, in windows: WindowOptions?, _ body: ([RecordingReader.Window]) throws -> Void
  ) throws {
    if let windows {
      try recordings.read(file, in: windows, body)
    } else {
      try recordings.read(file, body)
    }
  }

  /// Whether a member is normalized by statistics of the speech that it is asked about.
  var usesTestSpeech: Bool { members.contains { $0.network.normalization.usesTestSpeech } }

  /// What each member is normalized by: its own statistics, or those of the files at hand where it was trained
  /// with those of each corpus or speaker.
  func statistics(of files: [URL], in windows: WindowOptions?) -> [AskedNetwork.Statistics] {
    guard usesTestSpeech else { return members.map(\.network.ownStatistics) }
    var moments = members.map { _ in [AskedNetwork.Moments]() }
    for file in files {
      // What is wrong with a file is said when it is asked about.
      try? read(file, in: windows) { stretches in
        for (row, member) in members.enumerated()
        where member.network.normalization.usesTestSpeech {
          moments[row] += stretches.compactMap(\.features).map(member.network.moments)
        }
      }
    }
    return zip(members, moments).map { member, moments in
      member.network.normalization.usesTestSpeech
        ? member.network.statistics(moments) : member.network.ownStatistics
    }
  }
}
