import Foundation
import ValenceAudio
import ValenceCorpora
import ValenceEncoders
import ValenceFeatures
import ValencePlan

/// What the frames of an encoder will take: room in the cache and time, estimated from some clips.
package struct EncodingEstimate: Codable, Sendable {
  /// The encoder and what it is known by.
  package let encoder: String
  /// The layers that are kept, each once.
  package let layers: [String]
  /// The clips that are encoded: those of all corpora, and of training corpora at each other speed.
  package let clips: Int
  /// The length of their speech after trimming and cutting.
  package let audioS: Double
  /// The room of all kept layers, in bytes.
  package let cacheBytes: Int
  /// Floating-point operations of encoding each clip once.
  package let operations: Double

  /// The clips of each corpus that are decoded for the estimate.
  private static let sample = 32

  /// The encodings of an experiment, one for each encoder and each way of reading audio for it.
  ///
  /// - Throws: `EncoderError` if a folder cannot be read any more.
  package static func all(of experiment: Experiment) throws -> [EncodingEstimate] {
    let plan = experiment.plan
    var groups: [(settings: Settings, speeds: Set<Double>, layers: [EncoderLayer])] = []
    var places: [EncodingSettings: Int] = [:]
    for variant in plan.variants {
      let settings = variant.settings
      let extraction = ExtractionSettings(settings.features, audio: settings.audio)
      guard let encoder = settings.features.usedEncoder, let alike = extraction.encoding else {
        continue
      }
      let place = places[alike] ?? groups.count
      if place == groups.count {
        places[alike] = place
        groups.append((settings, [], []))
      }
      groups[place].speeds.formUnion(variant.otherSpeeds)
      if !groups[place].layers.contains(encoder.layer) {
        groups[place].layers.append(encoder.layer)
      }
    }
    return try groups.compactMap { group in
      guard let encoder = group.settings.features.encoder, let url = encoder.folder else {
        return nil
      }
      return EncodingEstimate(
        encoder, folder: try EncoderFolder(url), layers: group.layers,
        parts: experiment.corpora.flatMap { corpus in
          let isTrainedOn = plan.trainOn.contains(corpus.name)
          return [Part(corpus, group.settings.audio, speed: 1)]
            + (isTrainedOn
              ? group.speeds.sorted().map { Part(corpus, group.settings.audio, speed: $0) } : [])
        })
    }
  }

  /// The clips of a corpus at a speed, with the lengths of some of them in samples.
  private struct Part {
    let clips: Int
    let samples: [Int]

    init(_ corpus: PreparedCorpus, _ audio: AudioOptions, speed: Double) {
      let utterances = corpus.labeled.utterances
      clips = utterances.count
      let step = max(1, utterances.count / EncodingEstimate.sample)
      // A file that cannot be read says nothing here; a run will name it.
      samples = stride(from: 0, to: utterances.count, by: step).compactMap { index in
        let utterance = utterances[index].utterance
        return try? AudioReader.excerpt(
          utterance.file, span: utterance.span, options: audio, speed: speed
        ).waveform.samples.count
      }
    }

    /// The sum over all clips of something that their length gives.
    func total(_ value: (Int) -> Double) -> Double {
      samples.isEmpty
        ? 0 : samples.reduce(0) { $0 + value($1) } / Double(samples.count) * Double(clips)
    }
  }

  private init(
    _ options: EncoderOptions, folder: EncoderFolder, layers: [EncoderLayer], parts: [Part]
  ) {
    let shape = options.identity.shape
    func total(_ value: (Int) -> Double) -> Double { parts.reduce(0) { $0 + $1.total(value) } }
    encoder = "\(folder.name) (\(options.identity.shortText))"
    self.layers = layers.map(\.text)
    clips = parts.reduce(0) { $0 + $1.clips }
    audioS = total { Double($0) / Double(EncoderShape.rateHz) }
    let width = layers.reduce(0) { $0 + $1.states(shape) } * shape.width
    cacheBytes = Int(total { Double(shape.allFrames(samples: $0) * width * 4) })
    let depth = layers.map { $0.depth(shape) }.max() ?? 0
    operations = total {
      shape.parts(of: $0).reduce(0.0) { sum, part in
        sum
          + 2 * Double(folder.multiplyAdds(samples: part.count, depth: depth, padS: options.padS))
      }
    }
  }
}
