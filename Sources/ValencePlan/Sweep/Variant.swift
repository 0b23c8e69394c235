public import ValenceNN

/// One point of the sweep: every setting resolved.
public struct Variant: Hashable, Sendable {
  /// A setting that the sweep varies.
  public struct Axis: Hashable, Sendable {
    /// The full key, for example `features.fusion`.
    public let key: String
    /// The value as one line of YAML.
    public let value: String
  }

  /// `fusion=mel channels=16-32-64`, the name that the file gives it, or `base` without a sweep.
  public let name: String
  /// What sets it apart, in the order of the file.
  public let axes: [Axis]
  /// Every setting.
  public let settings: Settings
  /// The settings as canonical text, without those that have no effect (MFCC sizes where only mel
  /// bands are used, …): equal for equal trials, whatever the file's order, names and comments.
  public let identity: String

  /// What the variant's network sees of clips of at most so many frames.
  public func networkInput(frames: Int) -> NetworkInput { settings.networkInput(frames: frames) }
}
