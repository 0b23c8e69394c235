/// How audio files become waveforms.
package struct AudioOptions: Hashable, Sendable {
  /// Which part of a clip that is longer than `clipS` is kept.
  package enum Crop: String, Hashable, Sendable, CaseIterable {
    /// The middle.
    case center
    /// The beginning.
    case start
    case end
  }

  /// The use of a clip that is longer than `clipS`.
  package enum LongClips: String, Hashable, Sendable, CaseIterable {
    /// It is cut to `clipS`.
    case crop
    /// It is kept whole; networks hear windows of `clipS`.
    case windows
  }

  /// The consequence of a file that cannot be used.
  package enum Unreadable: String, Hashable, Sendable, CaseIterable {
    /// It stops the run before anything is trained.
    case stop
    /// It is left out, and listed in `dropped.csv`.
    case drop
  }

  /// Samples a second after resampling.
  package var rateHz = 16000
  /// The level below a clip's loudest frame, in dB, under which its edges are cut off; nil keeps them.
  ///
  /// The pauses around the words differ between recordings more than between emotions: on RAVDESS, with
  /// about a second of near-silence at both ends, networks recognize far more with 35 dB.
  package var trimDb: Double?
  /// The longest input of a network, in seconds; shorter clips keep their length.
  package var clipS = 3.0
  /// The use of a longer clip.
  package var longClips = LongClips.crop
  /// Which part of a longer clip is kept, where it is cut.
  package var crop = Crop.center
  /// The consequence of a file that cannot be used.
  package var unreadable = Unreadable.stop

  /// The defaults: 16 kHz, quiet edges kept, the middle three seconds, unreadable files stop the run.
  package init() {}

  package static let rateHzRange = 4000...192_000
  /// The legal depths of trimming.
  package static let trimDbRange = 10.0...100.0
  package static let clipSRange = 0.1...600.0
}
