import Foundation
import ValenceAudio
import ValenceFeatures
import ValencePlan
import ValenceTraining

/// A network that recordings are played to.
struct AskedNetwork {
  /// As the user named it.
  let name: String
  let checkpoint: Checkpoint
  private let batch: WindowBatch

  /// - Parameter checkpoint: a network that takes `WindowBatch.size` clips a batch.
  init(_ checkpoint: Checkpoint, name: String) {
    (self.checkpoint, self.name) = (checkpoint, name)
    batch = WindowBatch(checkpoint.network, features: checkpoint.settings.features)
  }

  /// By whose statistics its inputs are normalized.
  var normalization: FeatureOptions.Normalization {
    checkpoint.settings.features.normalization
  }

  /// The logits of each stretch; nil where there is nothing but silence.
  func logits(
    _ stretches: [RecordingReader.Window], _ normalizers: [FeatureKind: Normalizer]?
  ) -> [[Float]?] {
    let audible = stretches.compactMap(\.features).map { features in
      var features = features
      if let normalizers { features.normalize(by: normalizers) }
      return features
    }
    var rows = batch.logits(audible)[...]
    return stretches.map { $0.features == nil ? nil : rows.removeFirst() }
  }
}

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
  /// - Parameter statistics: what networks without statistics of their own are normalized by.
  /// - Throws: a sentence that names the file.
  func sayings(
    _ file: URL, inWindows: Bool, statistics: [FeatureKind: Normalizer]
  ) throws -> [[Saying]] {
    var sayings = members.map { _ in [Saying]() }
    try recordings.read(file, inWindows: inWindows) { stretches in
      for (row, member) in members.enumerated() {
        let normalizers =
          member.network.normalization.usesTestSpeech
          ? statistics : member.network.checkpoint.normalizers
        let logits = member.network.logits(stretches, normalizers)
        guard logits.allSatisfy({ $0?.allSatisfy(\.isFinite) ?? true }) else {
          throw PredictionError.notFinite(file: file.relativePath, model: member.network.name)
        }
        sayings[row] += zip(stretches, logits).map { stretch, logits in
          Saying(startS: stretch.startS, endS: stretch.endS, logits: logits)
        }
      }
    }
    return sayings
  }

  /// The statistics of the files at hand, for networks that were trained with those of each corpus or
  /// speaker; empty if there is no such network.
  func statistics(of files: [URL], inWindows: Bool) -> [FeatureKind: Normalizer] {
    guard members.contains(where: { $0.network.normalization.usesTestSpeech }) else { return [:] }
    var moments: [FeatureKind: [BinMoments]] = [:]
    for file in files {
      // What is wrong with a file is said when it is asked about.
      try? recordings.read(file, inWindows: inWindows) { stretches in
        for features in stretches.compactMap(\.features) {
          for kind in members[0].network.checkpoint.settings.features.kinds {
            features[kind].map { moments[kind, default: []].append(BinMoments($0)) }
          }
        }
      }
    }
    var normalizers: [FeatureKind: Normalizer] = [:]
    for (kind, clips) in moments {
      normalizers[kind] = Normalizer.fit(
        on: clips, source: .corpus("predict"), constant: kind.constantDeviation)
    }
    return normalizers
  }
}
