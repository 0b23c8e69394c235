import Foundation
package import ValenceAudio
package import ValenceCore
package import ValenceFeatures
package import ValenceNN

/// Everything that a sweep can vary: what makes one trained network, or classic model, differ from another.
package struct Settings: Hashable, Sendable {
  /// How audio files become waveforms.
  package var audio = AudioOptions()
  /// How waveforms become features.
  package var features = FeatureOptions()
  /// The network.
  package var model = ModelOptions()
  /// How it is trained.
  package var training = TrainingOptions()
  /// The classic model in place of a network, beside which `model` and `training` have no effect and are
  /// the defaults; nil for a network.
  package var classic: ClassicSettings?

  package init() {}

  /// The top-level keys of the experiment file that settings are read from.
  static let keys = ["audio", "features", "model", "training"]
  /// Those of their keys that are paths.
  static let pathKeys: Set = ["features.encoder.path", "training.start_from.model"]
  /// The note of a checkpoint that has a variant's `identity`.
  package static let note = "valence.settings"

  /// Reads the settings from the keys of a whole file.
  init(from scope: inout PlanScope) {
    audio = scope.options("audio")
    features = scope.options("features")
    let planes = features.branches
    model = scope.nested("model") { scope in
      let model = ModelOptions(from: &scope)
      if planes.allSatisfy({ $0.form == .image }) { scope.setAside("projection") }
      if !planes.contains(where: { $0.form == .image }) { scope.setAside("cnn") }
      if !features.joinsVector { scope.setAside("modality_dropout") }
      let ofNetworks = scope.resolved.keys
      classic = scope.classic("classic")
      if classic != nil { for key in ofNetworks { scope.setAside(key) } }
      return model
    }
    training = scope.options("training")
    if classic != nil {
      scope.setAside("training")
      (model, training) = (ModelOptions(), TrainingOptions())
      // Functionals are a vector already.
      if features.isOneVector { scope.setAside(["model", "classic", "pooling"]) }
    }
    if !planes.contains(where: { $0.form == .image }) {
      // Bins without an order are not masked, nor is all that is known of a clip.
      let masks = ["training", "augmentation", "specaugment"]
      if planes.contains(where: { $0.form == .encoder }) {
        for key in ["freq_masks", "freq_bins"] { scope.setAside(masks + [key]) }
      } else {
        scope.setAside(masks)
      }
    }
  }

  /// Reads settings back from a variant's `identity`, as a checkpoint carries it.
  ///
  /// - Throws: `Problems` if the text of `file` is no such settings.
  package init(identity text: String, file: String) throws(Problems) {
    let folder = URL(filePath: file).deletingLastPathComponent()
    // Settings are whole; what they would extend is somebody's file.
    guard !text.contains("extends") else {
      throw Problems([Problem("settings extend nothing.", at: SourcePlace(file: file))])
    }
    try self.init(PlanDocument(text: text, file: file, folder: folder))
  }

  /// Reads settings from a text with no other keys and puts `overrides` (each `key=value`) over them,
  /// for a network of `classes` classes; messages call the text `name`.
  ///
  /// - Throws: `Problems` if something is no setting, or does not fit together.
  package init(
    text: String, named name: String, overrides: [String], classes: Int
  ) throws(Problems) {
    let folder = URL(filePath: ".", directoryHint: .isDirectory)
    let document = try PlanDocument(text: text, file: name, folder: folder, overrides: overrides)
    try self.init(document)
    let check = SettingsCheck(self, root: document.root, file: name)
    let misfits = check.problems(classes: classes)
    guard misfits.isEmpty else { throw Problems(misfits) }
  }

  private init(_ document: PlanDocument) throws(Problems) {
    var scope = PlanScope(
      document.root.entries ?? [], place: SourcePlace(file: document.file),
      context: PlanContext(folder: document.folder, environment: [:]))
    self.init(from: &scope)
    scope.finish()
    let problems = document.problems + scope.problems
    guard problems.isEmpty else { throw Problems(problems) }
  }

  /// The fewest frames of a clip that leave a frame after all pooling; 1 for a classic model.
  package var minimumFrames: Int {
    classic == nil ? networkInput(frames: 1).minimumFrames(model.cnn) : 1
  }

  /// The number of frames of a clip of `audio.clip_s`.
  package var frames: Int {
    features.frames(
      samples: Int((audio.clipS * Double(audio.rateHz)).rounded()), rateHz: audio.rateHz)
  }

  /// The network's input for clips of at most so many frames.
  package func networkInput(frames: Int) -> NetworkInput {
    let planes = features.branches
    // Beside images an encoder's frames become as many steps as the images do.
    let isBesideImages = planes.contains { $0.form == .image }
    let branches = planes.map { plane in
      let form: NetworkInput.Branch.Form =
        switch plane.form {
        case .image: .image
        case .encoder: .frames(averaging: isBesideImages ? model.cnn.minimumFrames : 1)
        case .vector: .vector
        }
      return NetworkInput.Branch(
        name: plane.name, channels: plane.channels, bins: plane.bins, form: form)
    }
    let join: NetworkInput.Join =
      switch features.fusion {
      case .gated: .gated
      case .late: .late
      case .mel, .mfcc, .prosody, .spectral, .functionals, .concat, .stack, .branches, .encoder:
        .sideBySide
      }
    return NetworkInput(branches: branches, frames: frames, join: join)
  }
}
