package import Foundation
import ValenceAudio
import ValenceClassic
package import ValenceCore
import ValenceFeatures
package import ValenceKernels
import ValenceNN
package import ValencePlan
import ValenceStore

/// A network or classic model on disk with all that is needed to ask it about new speech.
///
/// Beside the model's own arrays it holds the statistics that its inputs are normalized by
/// (`normalization.<feature>.means` and `.deviations`, of a classic model `normalization.vector.`), and in its
/// notes the classes and settings.
package struct Checkpoint {
  /// Its settings, with what inner folds chose of a clip's vector in the place of the choice; the folder of an
  /// encoder is for the user of the network to find.
  package var settings: Settings
  package let classes: [String]
  package let model: TrainedModel

  static let prefix = "normalization."
  /// What the statistics of a classic model's vectors are called.
  static let vectorName = "vector"
  /// The names, a line each.
  private static let classNote = "valence.classes"
  /// The names as a JSON list, where lines do not keep them.
  private static let classListNote = "valence.class_list"

  /// The file of a model.
  static func make(_ model: TrainedModel, variant: Variant, classes: [String]) -> Safetensors {
    var file: Safetensors
    let statistics: [(name: String, normalizer: Normalizer)]
    switch model {
    case .network(let network, let normalizers):
      file = network.checkpoint()
      statistics = (normalizers ?? [:]).map { ($0.key.rawValue, $0.value) }
    case .classic(let classic, let normalizer):
      file = Safetensors(arrays: classic.arrays)
      statistics = normalizer.map { [(vectorName, $0)] } ?? []
    }
    file.metadata = [
      "format": "pt", classNote: classes.joined(separator: "\n"),
      Settings.note: variant.identity,
    ]
    if lines(of: file.metadata[classNote] ?? "") != classes,
      let list = try? JSONEncoder().encode(classes)
    {
      file.metadata[classListNote] = String(decoding: list, as: UTF8.self)
    }
    for (name, normalizer) in statistics {
      let shape = [normalizer.means.count]
      file.arrays["\(prefix)\(name).means"] =
        Safetensors.Array(shape: shape, values: normalizer.means)
      file.arrays["\(prefix)\(name).deviations"] =
        Safetensors.Array(shape: shape, values: normalizer.deviations)
    }
    return file
  }

  /// Reads a model back.
  ///
  /// - Throws: a sentence that names the file, and the array at fault, if it is no checkpoint of Valence,
  ///   or one that could give no true answer.
  package init(_ file: Safetensors, name: String, batch: Int, workers: Workers) throws {
    guard let text = file.metadata[Settings.note] else {
      throw CheckpointFault(file: name, kind: .noNote(Settings.note))
    }
    classes = try Self.classes(of: file, name: name)
    var settings = try Settings(identity: text, file: name)
    do throws(FeatureError) {
      _ = try FeatureExtractor(settings.features, rateHz: settings.audio.rateHz)
    } catch .options(let misfit) {
      throw CheckpointFault(file: name, kind: .noFeatures(Problem(misfit).description))
    } catch {
      throw CheckpointFault(file: name, kind: .noFeatures("\(error)"))
    }
    if settings.classic != nil {
      model = try Self.classic(file, settings: &settings, classes: classes.count, name: name)
      self.settings = settings
      return
    }
    self.settings = settings
    let features = settings.features
    let statistics = try Self.statistics(
      of: file,
      Dictionary(uniqueKeysWithValues: features.kinds.map { ($0.rawValue, features.bins(of: $0)) }),
      features.normalization, name: name)
    let input = settings.networkInput(frames: settings.frames)
    let shape: NetworkShape
    do {
      shape = try NetworkShape(model: settings.model, input: input, classes: classes.count)
    } catch {
      throw CheckpointFault(file: name, kind: .noShape(Problem(error).description))
    }
    let values = file.arrays.values.reduce(0) { $0 + $1.values.count }
    guard shape.cost.parameters <= values else {
      throw CheckpointFault(
        file: name, kind: .tooSmall(parameters: shape.cost.parameters, values: values))
    }
    var weights = file
    weights.arrays = file.arrays.filter { !$0.key.hasPrefix(Self.prefix) }
    let network = Network(shape, maxClips: batch, seed: 0, workers: workers)
    try network.load(weights, name: name)
    model = .network(
      network,
      normalizers: statistics.map { found in
        Dictionary(
          uniqueKeysWithValues: features.kinds.compactMap { kind in
            found[kind.rawValue].map { (kind, $0) }
          })
      })
  }

  // MARK: - Classes

  private static func lines(of text: String) -> [String] {
    text.unicodeScalars.split(separator: "\n").map { String($0) }
  }

  private static func classes(of file: Safetensors, name: String) throws -> [String] {
    guard let note = file.metadata[classNote] else {
      throw CheckpointFault(file: name, kind: .noNote(classNote))
    }
    var classes = lines(of: note)
    if let list = file.metadata[classListNote] {
      guard let names = try? JSONDecoder().decode([String].self, from: Data(list.utf8)) else {
        throw CheckpointFault(file: name, kind: .noNote(classListNote))
      }
      classes = names
    }
    guard !classes.isEmpty else { throw CheckpointFault(file: name, kind: .noClasses) }
    if classes.contains("") { throw CheckpointFault(file: name, kind: .emptyClass) }
    var seen: Set<String> = []
    if let twin = classes.first(where: { !seen.insert($0).inserted }) {
      throw CheckpointFault(file: name, kind: .classTwice(twin))
    }
    return classes
  }

  // MARK: - Statistics

  /// The statistics of a file that normalizes by those of training; nil of one that does not.
  ///
  /// - Parameter sizes: the names that there must be, each with its number of bins.
  static func statistics(
    of file: Safetensors, _ sizes: [String: Int],
    _ normalization: FeatureOptions.Normalization, name: String
  ) throws -> [String: Normalizer]? {
    let needed = normalization == .train ? sizes.keys.sorted() : []
    let names = needed.flatMap { ["\(prefix)\($0).means", "\(prefix)\($0).deviations"] }
    if let missing = names.first(where: { file.arrays[$0] == nil }) {
      throw CheckpointFault(file: name, kind: .missingStatistics(missing))
    }
    let found = file.arrays.keys.filter { $0.hasPrefix(prefix) }
    if let other = found.first(where: { !names.contains($0) }) {
      throw CheckpointFault(
        file: name, kind: .needlessStatistics(other, normalization.rawValue))
    }
    if needed.isEmpty { return nil }
    var normalizers: [String: Normalizer] = [:]
    for kind in needed {
      func values(_ what: String) throws -> [Float] {
        let array = "\(prefix)\(kind).\(what)"
        let found = file.arrays[array] ?? Safetensors.Array(shape: [0], values: [])
        let bins = sizes[kind] ?? 0
        guard found.shape == [bins] else {
          throw CheckpointFault(file: name, kind: .shape(array, found.shape, bins: bins))
        }
        guard found.values.allSatisfy(\.isFinite) else {
          throw CheckpointFault(file: name, kind: .notFinite(array))
        }
        return found.values
      }
      let (means, deviations) = (try values("means"), try values("deviations"))
      if let bin = deviations.firstIndex(where: { $0 <= 0 }) {
        throw CheckpointFault(
          file: name,
          kind: .deviation("\(prefix)\(kind).deviations", bin: bin, deviations[bin]))
      }
      normalizers[kind] = Normalizer(means: means, deviations: deviations, source: .trainingFold)
    }
    return normalizers
  }
}

/// Why a file is no checkpoint that can be asked, beside what the network itself refuses.
package struct CheckpointFault: Error, Hashable, CustomStringConvertible {
  enum Kind: Hashable {
    case noNote(String)
    case noClasses
    case emptyClass
    case classTwice(String)
    case missingStatistics(String)
    case needlessStatistics(String, String)
    case shape(String, [Int], bins: Int)
    case notFinite(String)
    case noFeatures(String)
    case noShape(String)
    /// The arrays are none of the classic model that the settings name.
    case noClassic(String)
    case tooSmall(parameters: Int, values: Int)
    case deviation(String, bin: Int, Float)
    /// The digest in the `trial.json` beside it is that of other bytes.
    case changed
    /// The `trial.json` beside it is damaged.
    case noRecord
  }

  /// The file, as the user knows it.
  let file: String
  let kind: Kind

  package var description: String {
    let damaged = "the file was damaged or edited"
    return switch kind {
    case .noNote(let note):
      "\(file): it holds no network of Valence (its note \(note) is missing or no such note)."
    case .noClasses: "\(file): its note valence.classes names no class; \(damaged)."
    case .emptyClass: "\(file): one of its classes has an empty name; \(damaged)."
    case .classTwice(let name): "\(file): its class '\(name)' stands there twice; \(damaged)."
    case .missingStatistics(let array):
      "\(file): it lacks \(array), by which its settings (normalization: train) normalize what it hears; "
        + "\(damaged)."
    case .needlessStatistics(let array, let normalization):
      "\(file): it holds \(array), which its settings (normalization: \(normalization)) have no use for; "
        + "\(damaged)."
    case .shape(let array, let found, let bins):
      "\(file): \(array) has the shape \(found) where its settings make \(bins) bins; \(damaged)."
    case .notFinite(let array):
      "\(file): \(array) holds numbers that are not finite; \(damaged)."
    case .noFeatures(let reason):
      "\(file): its settings make no features: \(reason)"
    case .noShape(let reason):
      "\(file): its settings make no network: \(reason)"
    case .noClassic(let reason): "\(file): it holds no such classic model: \(reason)"
    case .tooSmall(let parameters, let values):
      "\(file): its settings and classes make a network of \(parameters) numbers, but it holds \(values); "
        + "\(damaged)."
    case .deviation(let array, let bin, let value):
      "\(file): \(array) is \(value) at bin \(bin + 1), where only numbers above 0 can be; \(damaged)."
    case .changed:
      "\(file): its bytes are not those that the trial.json beside it was written for; take both from one "
        + "run, or the model without trial.json if it was changed on purpose."
    case .noRecord:
      "\(file): the trial.json beside it cannot be read, so nothing vouches for the model; take both from "
        + "one run, or the model without trial.json."
    }
  }
}

extension CheckpointFault {
  private struct Record: Decodable {
    var files: [String: String]
  }

  /// Holds a model to the digest in the `trial.json` beside it, where there is one.
  ///
  /// - Throws: `CheckpointFault` if the bytes are others than those of the trial.
  package static func check(_ data: Data, of file: URL, name: String) throws {
    let real = file.resolvingSymlinksInPath()
    let record = real.deletingLastPathComponent().appending(path: TrialFile.record.path)
    guard FileManager.default.fileExists(atPath: record.path) else { return }
    guard let text = try? Data(contentsOf: record),
      let files = try? JSONDecoder().decode(Record.self, from: text).files
    else { throw CheckpointFault(file: name, kind: .noRecord) }
    guard let digest = files[real.lastPathComponent] else { return }
    guard digest == Digest(of: data).hex else { throw CheckpointFault(file: name, kind: .changed) }
  }
}
