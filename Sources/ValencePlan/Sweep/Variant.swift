package import ValenceNN

/// One point of the sweep: every setting resolved.
package struct Variant: Hashable, Sendable {
  /// A setting that the sweep varies.
  package struct Axis: Hashable, Sendable {
    /// The full key, for example `features.fusion`.
    package let key: String
    /// The value as one line of YAML.
    package let value: String
  }

  /// `fusion=mel channels=16-32-64`, the name that the file gives it, or `base` without a sweep.
  package let name: String
  /// The settings that set it apart, in the order of the file.
  package let axes: [Axis]
  /// Every setting.
  package let settings: Settings
  /// The settings as canonical text, without those that have no effect (MFCC sizes where only mel
  /// bands are used, …): equal for equal trials, with any order, names and comments.
  package let identity: String

  /// What listings call a variant where it is scored on speakers that it has not adapted to; no variant of a
  /// file can have a name with such a space.
  static func nameOfOthers(_ name: String) -> String { "\(name) (other speakers)" }

  /// The input of the variant's network for clips of at most so many frames.
  package func networkInput(frames: Int) -> NetworkInput { settings.networkInput(frames: frames) }
}
