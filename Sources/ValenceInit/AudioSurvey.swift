import Foundation
import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValenceData

/// The rates, channels and lengths of the audio files of a corpus, and the files that cannot be used.
struct AudioSurvey {
  /// A file that cannot be used.
  struct Odd: Hashable {
    /// The utterance.
    var id: String
    /// Why, in one sentence.
    var reason: String
  }

  /// An utterance that can be used, as far as is known.
  private struct Usable {
    var id: String
    var durationS: Double
    var info: AudioInfo
  }

  private(set) var odd: [Odd] = []
  /// By length.
  private var usable: [Usable] = []
  /// Whether every file was decoded, not only its header read.
  private(set) var isDecoded = false

  /// More speech than this is not decoded.
  static let decodedS = 3 * 3600.0

  /// Reads the header of every file.
  init(_ corpus: Corpus, threads: Int) {
    let found = OrderedPool(jobs: threads).map(corpus.utterances) { utterance in
      Result { () throws(AudioError) in try AudioReader.inspect(utterance.file) }
    }
    for (utterance, result) in zip(corpus.utterances, found) {
      switch result {
      case .failure(let error): odd.append(Odd(id: utterance.id, reason: "\(error)"))
      case .success(let info):
        let durationS = utterance.span.map { $0.upperBound - $0.lowerBound } ?? info.durationS
        usable.append(Usable(id: utterance.id, durationS: durationS, info: info))
      }
    }
    usable.sort { ($0.durationS, ExactName($0.id)) < ($1.durationS, ExactName($1.id)) }
  }

  /// Decodes every file as a run would and adds those that are damaged, silent or too short; nothing
  /// where there is more speech than `decodedS`.
  ///
  /// - Parameter fewestS: the shortest clip that the network takes, after trimming.
  mutating func decode(_ corpus: Corpus, options: AudioOptions, fewestS: Double, threads: Int) {
    guard totalS <= Self.decodedS else { return }
    isDecoded = true
    let known = oddNames
    let rest = corpus.utterances.filter { !known.contains(ExactName($0.id)) }
    let found = OrderedPool(jobs: threads).map(rest) { utterance -> Odd? in
      do throws(AudioError) {
        let waveform = try AudioReader.read(
          utterance.file, span: utterance.span, options: options)
        guard waveform.durationS < fewestS else { return nil }
        let left = "\(NumberText.decimal(waveform.durationS, 2)) s of speech"
        return Odd(id: utterance.id, reason: "\(utterance.id): \(left) are too short to use.")
      } catch {
        return Odd(id: utterance.id, reason: "\(error)")
      }
    }
    odd = (odd + found.compactMap(\.self)).sorted { ExactName($0.id) < ExactName($1.id) }
    let lost = oddNames
    usable.removeAll { lost.contains(ExactName($0.id)) }
  }

  /// The utterances that cannot be used.
  var oddNames: Set<ExactName> { Set(odd.map { ExactName($0.id) }) }

  /// The length of each usable utterance in seconds, ascending.
  var durationsS: [Double] { usable.map(\.durationS) }
  /// How many of them have each rate.
  var rates: [Int: Int] { tally(\.rateHz) }
  /// How many of them have each number of channels.
  var channels: [Int: Int] { tally(\.channels) }
  /// How many of them have each format.
  var formats: [String: Int] { tally(\.format) }

  private func tally<Value: Hashable>(_ property: KeyPath<AudioInfo, Value>) -> [Value: Int] {
    usable.reduce(into: [:]) { $0[$1.info[keyPath: property], default: 0] += 1 }
  }

  /// All speech together.
  var totalS: Double { durationsS.reduce(0, +) }

  /// The quantile of their lengths in seconds for a probability from 0 to 1; nil without any.
  func durationS(quantile: Double) -> Double? {
    usable.isEmpty ? nil : Quantiles(durationsS).at(quantile)
  }
}
