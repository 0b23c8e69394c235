import ValenceAudio
import ValenceCore
import ValenceFeatures
import ValenceNN

/// Finds what does not fit together within one variant's settings.
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
    melProblems() + mfccProblems() + trainingProblems()
      + shapeProblems(classes: max(2, classes ?? 2))
  }

  private func problem(_ message: String, _ key: String, and other: String? = nil) -> Problem {
    Problem(message, at: root.place(ofAny: [key] + [other].compactMap { $0 }, file: file), key: key)
  }

  private func melProblems() -> [Problem] {
    let mel = settings.features.mel
    var found: [Problem] = []
    let highest = Double(settings.audio.rateHz) / 2
    if mel.highHz > highest {
      found.append(
        problem(
          "\(text(mel.highHz)) Hz is above half of audio.rate_hz, which is \(text(highest)) Hz.",
          "features.mel.high_hz", and: "audio.rate_hz"))
    }
    if mel.lowHz >= mel.highHz {
      found.append(
        problem(
          "\(text(mel.lowHz)) Hz is not below features.mel.high_hz, which is "
            + "\(text(mel.highHz)) Hz.",
          "features.mel.low_hz", and: "features.mel.high_hz"))
    }
    return found
  }

  private func mfccProblems() -> [Problem] {
    let (mel, mfcc) = (settings.features.mel, settings.features.mfcc)
    guard settings.features.fusion.usesMFCC else { return [] }
    let key = "features.mfcc.coefficients"
    if mfcc.coefficients > mel.bands {
      return [
        problem(
          "\(mfcc.coefficients) coefficients cannot be made from the \(mel.bands) bands of "
            + "features.mel.bands.", key, and: "features.mel.bands")
      ]
    }
    if settings.features.fusion == .stack, mfcc.coefficients != mel.bands {
      return [
        problem(
          "features.fusion is stack, which needs as many coefficients as features.mel.bands, "
            + "but there are \(mfcc.coefficients) and \(mel.bands).", key, and: "features.fusion")
      ]
    }
    return []
  }

  private func trainingProblems() -> [Problem] {
    let training = settings.training
    var found: [Problem] = []
    if training.schedule.warmupEpochs >= training.epochs {
      found.append(
        problem(
          "\(training.schedule.warmupEpochs) is not below training.epochs, which is "
            + "\(training.epochs).",
          "training.schedule.warmup_epochs", and: "training.epochs"))
    }
    let branches = settings.networkInput(frames: settings.frames).branches
    let fewest = branches.map(\.bins).min() ?? 0
    if let masks = training.augmentation.specaugment, masks.freqMasks > 0, masks.freqBins > fewest {
      found.append(
        problem(
          "\(masks.freqBins) bins are more than the \(fewest) that the features have.",
          "training.augmentation.specaugment.freq_bins", and: "features.mel.bands"))
    }
    return found
  }

  private func shapeProblems(classes: Int) -> [Problem] {
    do {
      let input = settings.networkInput(frames: settings.frames)
      _ = try NetworkShape(model: settings.model, input: input, classes: classes)
      return []
    } catch {
      return [problem(error.message, error.key, and: "model.cnn.channels")]
    }
  }

  private func text(_ value: Double) -> String { ResolvedValue.number(value).flow }
}

extension PlanNode {
  /// Where the first of `keys` stands that the file has; else the map that the first belongs to.
  func place(ofAny keys: [String], file: String) -> SourcePlace {
    let paths = keys.map { $0.split(separator: ".").map(String.init) }
    let given = paths.first { value(at: $0) != nil } ?? paths.first ?? []
    return place(of: given) ?? SourcePlace(file: file)
  }
}
