package import Foundation
import ValenceAudio
package import ValenceCore
import ValenceCorpora
import ValenceFeatures
package import ValencePlan
package import ValenceStore

/// The features of an experiment file's settings, to be looked at or used elsewhere: as they are before
/// normalization.
package struct FeatureExport: Sendable {
  private let plan: Plan
  private let settings: Settings
  private let work: ClipLoader.Work

  /// Exports the features of a plan's settings, those outside of the sweep.
  ///
  /// - Throws: `FeatureError` for settings that do not fit together.
  package init(_ plan: Plan) throws {
    self.plan = plan
    settings = plan.base
    work = try ClipLoader.Work.all([
      ExtractionSettings(settings.features, audio: settings.audio)
    ])[0]
  }

  package struct CorpusFeatures: Sendable {
    /// An array `[frames, bins]` for each feature and utterance, named `mel/03-01-01-01-01-01-01.wav`; as
    /// metadata all that moves their numbers, the names of bins, and labels and speakers.
    ///
    /// Programs outside read names and metadata by what they are called: `Tests/consumers` and
    /// `FeatureExportTests`.
    package let file: Safetensors
    /// How many utterances have their features in it.
    package let utterances: Int
    /// Files that cannot be used and are left out, each with the reason.
    package let leftOut: [String]
  }

  /// Extracts every utterance of a corpus, whatever its label; from the cache where it can.
  ///
  /// - Throws: `Problems` for a name that is no corpus of the plan, and for files that cannot be used
  ///   unless the plan drops such; `StoreError` if the cache cannot be written; `MachineFault` if a file
  ///   cannot be read or changes meanwhile.
  package func corpus(_ name: String, cache: FeatureCache, threads: Int) throws -> CorpusFeatures {
    guard let options = plan.corpora.first(where: { $0.name == name }) else {
      let hint = NearestWord(among: plan.corpora.map(\.name)).hint(for: name)
      throw Problems([Problem("--corpus \(name): the plan has no such corpus; \(hint)")])
    }
    let corpus: Corpus
    do {
      corpus = try CorpusLoader.load(options)
    } catch {
      throw Problems(error, corpus: name)
    }
    let labeled = try corpus.labeled(by: .native(labels: Set(corpus.utterances.map(\.label))))
    let files = KnownFiles()
    let contents = try files.contents(
      of: labeled.utterances, record: DigestCache(beside: cache, of: corpus.root.path))
    let loader = ClipLoader(
      corpus: PreparedCorpus(
        corpus: corpus, labeled: labeled, contents: contents, files: files),
      cache: cache)
    let clips = try OrderedPool(jobs: threads).map(Array(labeled.utterances.indices)) { index in
      Result { try loader.prepare(index, for: [work]).clip }
    }.map { try $0.get() }
    let faults = clips.compactMap(\.fault)
    if !faults.isEmpty, settings.audio.unreadable == .stop {
      let advice = Problem(
        "drop would leave such files out and list them.", key: "audio.unreadable")
      throw Problems(faults.map { Problem($0, key: "corpora.\(name)") } + [advice])
    }
    let usable = zip(labeled.utterances, clips).filter { $1.fault == nil }.map(\.0.utterance)
    var file = Safetensors(metadata: try metadata(of: usable, in: corpus.name))
    for (index, item) in labeled.utterances.enumerated() where clips[index].fault == nil {
      let features = try loader.features(of: index, work)
      for kind in settings.features.kinds {
        guard let matrix = features[kind] else { continue }
        file.arrays["\(kind.rawValue)/\(item.utterance.id)"] = Safetensors.Array(
          shape: [matrix.frames, matrix.bins], values: matrix.values)
      }
    }
    return CorpusFeatures(
      file: file, utterances: clips.count - faults.count, leftOut: faults)
  }

  /// The features of one file: a row a frame, its center's time in seconds first, then the features' bins
  /// by name.
  ///
  /// Time counts from the beginning of the part that is used: quiet edges and what is longer than
  /// `clip_s` are cut off before. Functionals, which are of that part as a whole, are the same in each row.
  ///
  /// - Throws: `AudioError`, or `Problems` that name the file where no features can be extracted.
  package func clip(_ audio: URL) throws -> Table {
    let waveform = try AudioReader.read(audio, options: settings.audio)
    let features: ClipFeatures
    do {
      features = try work.extractor.extract(waveform)
    } catch {
      throw Problems([Problem("\(audio.relativePath): \(error)")])
    }
    let framer = Framer(settings.features.framing, rateHz: settings.audio.rateHz)
    let hopS = Double(framer.hopSamples) / Double(framer.rateHz)
    let firstS = settings.features.firstCenterS
    let kinds = settings.features.kinds
    let matrices = kinds.compactMap { features[$0] }
    let rows = (0..<features.frames).map { frame -> [String] in
      var row = [Self.decimal(firstS + Double(frame) * hopS)]
      for matrix in matrices {
        let start = min(frame, matrix.frames - 1) * matrix.bins
        row += matrix.values[start..<start + matrix.bins].map { value in String(value) }
      }
      return row
    }
    return Table(
      columns: ["time_s"] + kinds.flatMap { settings.features.binNames(of: $0) }, rows: rows)
  }

  /// Rounded to a millionth, with the fewest digits that say it: `0.0`, `0.02`.
  private static func decimal(_ seconds: Double) -> String {
    "\((seconds * 1e6).rounded() / 1e6)"
  }

  // MARK: - Metadata

  /// What is said of each utterance beside its features.
  private struct Utterance: Encodable {
    var id: String
    var label: String
    var speaker: String?
  }

  /// Every parameter of the extraction by its name in keys of the cache (`rate_hz`, `hop_ms`, `mel.bands`),
  /// which is not the whole key of the experiment file; of each kind its revision and the names of its bins;
  /// and the utterances as JSON.
  private func metadata(
    of utterances: [ValenceCorpora.Utterance], in corpus: String
  ) throws -> [String: String] {
    var notes = ["valence": Version.number, "corpus": corpus]
    for kind in settings.features.kinds {
      for entry in work.extraction.entries(of: kind) where entry.name != "feature" {
        // The one name that kinds do not share the value of; and a word without a value is true.
        let name = entry.name == "features_revision" ? "\(kind.rawValue).revision" : entry.name
        notes[name] = entry.value ?? "true"
      }
      notes["\(kind.rawValue).names"] = settings.features.binNames(of: kind).joined(separator: " ")
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let utterances = utterances.map {
      Utterance(id: $0.id, label: $0.label, speaker: $0.speaker)
    }
    notes["utterances"] = String(decoding: try encoder.encode(utterances), as: UTF8.self)
    return notes
  }
}
