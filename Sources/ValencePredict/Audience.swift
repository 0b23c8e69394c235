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
  private let recordings: RecordingReader

  /// What a network says of a stretch.
  struct Saying {
    var startS: Double
    var endS: Double
    /// Nil where there is nothing but silence.
    var logits: [Float]?
  }

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
  /// - Parameter statistics: for each member what it is normalized by.
  /// - Throws: a sentence that names the file.
  func sayings(
    _ file: URL, inWindows: Bool, statistics: [AskedNetwork.Statistics]
  ) throws -> [[Saying]] {
    var sayings = members.map { _ in [Saying]() }
    try recordings.read(file, inWindows: inWindows) { stretches in
      for (row, member) in members.enumerated() {
        let logits = try? member.network.logits(stretches, statistics[row])
        guard let logits, logits.allSatisfy({ $0?.allSatisfy(\.isFinite) ?? true }) else {
          throw PredictionError.notFinite(file: file.relativePath, model: member.network.name)
        }
        sayings[row] += zip(stretches, logits).map { stretch, logits in
          Saying(startS: stretch.startS, endS: stretch.endS, logits: logits)
        }
      }
    }
    return sayings
  }

  /// What each member is normalized by: its own statistics, or those of the files at hand where it was trained
  /// with those of each corpus or speaker.
  func statistics(of files: [URL], inWindows: Bool) -> [AskedNetwork.Statistics] {
    guard members.contains(where: { $0.network.normalization.usesTestSpeech }) else {
      return members.map(\.network.ownStatistics)
    }
    var moments = members.map { _ in [AskedNetwork.Moments]() }
    for file in files {
      // What is wrong with a file is said when it is asked about.
      try? recordings.read(file, inWindows: inWindows) { stretches in
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
