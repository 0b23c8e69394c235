import ValenceAudio
import ValenceClassic
import ValenceCore
import ValenceEncoders
import ValenceFeatures
import ValenceNN

/// Finds what does not fit together within one variant's settings.
///
/// Runs for each variant of the sweep while a file is read (`VariantExpansion`), after every value was
/// found within its range.
struct SettingsCheck {
  private let settings: Settings
  private let root: PlanNode
  private let file: String

  /// - Parameter root: the file with the variant's values in it, for the lines.
  init(_ settings: Settings, root: PlanNode, file: String) {
    self.settings = settings
    self.root = root
    self.file = file
  }

  /// All misfits; `classes` is nil where the corpora decide how many there are, and 0 where the file
  /// is wrong about them.
  func problems(classes: Int?) -> [Problem] {
    featureProblems()
      + nestedProblems()
      + (settings.classic == nil
        ? trainingProblems() + shapeProblems(classes: max(2, classes ?? 2)) : classicProblems())
  }

  private func problem(_ message: String, _ key: String, and other: String? = nil) -> Problem {
    Problem(message, at: root.place(ofAny: [key] + [other].compactMap { $0 }, file: file), key: key)
  }

  /// A misfit at the line of its key or, if the file does not have that, of the next one that it names.
  private func problem(_ misfit: Misfit<some PlanField>) -> Problem {
    Problem(misfit, at: root.place(ofAny: misfit.fields.map(\.key), file: file))
  }

  private func featureProblems() -> [Problem] {
    settings.features.misfits(rateHz: settings.audio.rateHz).map { problem($0) }
      + encoderProblems()
  }

  /// What only experiments must have: settings of a checkpoint know an encoder by its digest alone.
  private func encoderProblems() -> [Problem] {
    guard settings.features.kinds.contains(.encoder), let encoder = settings.features.encoder else {
      return []
    }
    var found: [Problem] = []
    if encoder.folder == nil {
      found.append(
        problem(
          "is missing; give the folder of \(encoder.identity.shortText).", "features.encoder.path",
          and: "features.encoder.digest"))
    }
    if settings.training.augmentation.noise != nil {
      found.append(
        problem(
          "noise differs from epoch to epoch, so every epoch would have to be encoded anew; leave it out "
            + "beside an encoder, or use speed.", "training.augmentation.noise"))
    }
    return found
  }

  private func trainingProblems() -> [Problem] {
    let training = settings.training
    var found: [Problem] = []
    if training.schedule.warmupEpochs >= training.epochs {
      found.append(
        problem(
          "\(training.schedule.warmupEpochs) is not below training.epochs, which is "
            + "\(training.epochs); 0 goes without warm-up.",
          "training.schedule.warmup_epochs", and: "training.epochs"))
    }
    if training.augmentation.mixup != nil, training.batch < 2 {
      found.append(
        problem(
          "mixes clips of a batch, but training.batch is \(training.batch); mixup needs at least 2.",
          "training.augmentation.mixup", and: "training.batch"))
    }
    found += selectionProblems()
    let schedule = training.schedule
    if schedule.name == .step, schedule.warmupEpochs + schedule.everyEpochs >= training.epochs {
      found.append(
        problem(
          "\(schedule.everyEpochs) epochs after a warm-up of \(schedule.warmupEpochs) the "
            + "\(training.epochs) training.epochs are over, so the rate never falls.",
          "training.schedule.every_epochs", and: "training.epochs"))
    }
    // Narrower branches, such as prosody, are masked as far as they reach, and encoders not at all.
    let images = settings.networkInput(frames: 1).branches.filter { $0.form == .image }
    if let most = images.map(\.bins).max(), let masks = training.augmentation.specaugment,
      masks.freqMasks > 0, masks.freqBins > most
    {
      found.append(
        problem(
          "\(masks.freqBins) bins are more than the \(most) that the features have.",
          "training.augmentation.specaugment.freq_bins",
          and: settings.features.kinds.contains(where: \.isOfMelBands)
            ? "features.mel.bands" : "features.fusion"))
    }
    return found
  }

  private func selectionProblems() -> [Problem] {
    let training = settings.training
    var found: [Problem] = []
    if case .average(let average) = training.selection, average.kind == .last,
      average.epochs > training.epochs
    {
      found.append(
        problem(
          "averages the last \(average.epochs) epochs, but training.epochs is \(training.epochs); "
            + "{average: last, epochs: n} takes fewer.", "training.selection",
          and: "training.epochs"))
    }
    if training.refit, !training.selection.needsValidation {
      found.append(
        problem(
          "trains anew for the epochs that validation chose, but training.selection is not "
            + "best_epoch, so none are chosen; set it to false.", "training.refit",
          and: "training.selection"))
    }
    return found
  }

  /// A choice by inner folds that the model does not make.
  private func nestedProblems() -> [Problem] {
    guard settings.features.usedEncoder?.layer == .nested else { return [] }
    let why: String? =
      switch settings.classic?.options.kind {
      case nil: "which networks do not have; give a layer, mean or weighted, or a model.classic."
      case .majority: "and majority hears nothing to choose by; give a layer."
      default: nil
      }
    return why.map {
      [
        problem(
          "'nested' chooses the layer by inner folds of the training speakers, \($0)",
          "features.encoder.layer", and: "model.classic")
      ]
    } ?? []
  }

  /// What a classic model, which sees one vector of a clip, cannot do.
  private func classicProblems() -> [Problem] {
    let features = settings.features
    var found: [Problem] = []
    let what: String? =
      switch features.fusion {
      case .stack: "lays features over each other as channels of an image"
      case .gated: "weighs features at each time step by learned gates"
      case .late: "averages whole networks"
      default: nil
      }
    if let what {
      found.append(
        problem(
          "'\(features.fusion.rawValue)' \(what), but a classic model sees one vector of a clip; use concat, "
            + "or branches where an encoder joins.", "features.fusion", and: "model.classic"))
    }
    if features.usedEncoder?.layer == .weighted {
      found.append(
        problem(
          "'weighted' learns the weights of layers with a network; a classic model needs one layer, mean, "
            + "or nested, which chooses one.", "features.encoder.layer", and: "model.classic"))
    }
    return found
  }

  private func shapeProblems(classes: Int) -> [Problem] {
    do {
      let input = settings.networkInput(frames: settings.frames)
      _ = try NetworkShape(model: settings.model, input: input, classes: classes)
      return []
    } catch {
      return [problem(error)]
    }
  }
}

extension PlanNode {
  /// The place of the first of `keys` that the file has; else of the map that the first belongs to.
  func place(ofAny keys: [String], file: String) -> SourcePlace {
    let paths = keys.map(PlanDocument.path)
    let given = paths.first { value(at: $0) != nil } ?? paths.first ?? []
    return place(of: given) ?? SourcePlace(file: file)
  }
}
