/// How far up a corpus's speech has sound, whatever its sampling rate promises.
///
/// Of a file: the upper edge of the highest band of 100 Hz whose mean power, over all frames of 32 ms with
/// a Hann window, lies within 60 dB of that of the strongest band. Fricatives of wideband speech lie 30 to
/// 50 dB below its strongest band; what resamplers, telephone channels and lossy codecs leave above their
/// cutoff lies 70 dB and more below it. So 8 kHz speech that was converted to 22 kHz has 4 kHz.
package struct EffectiveBandwidth: Codable, Hashable, Sendable {
  /// The median over the files that were measured, in Hz.
  package var medianHz: Double
  /// The least of them.
  package var lowestHz: Double
  /// The greatest of them.
  package var highestHz: Double
  /// How many files were measured: at most 16, evenly spaced in the corpus's order.
  package var files: Int
  /// The digest of the utterances, behind the decoders' revision.
  package var speech: String

  package init(
    medianHz: Double, lowestHz: Double, highestHz: Double, files: Int, speech: String
  ) {
    self.medianHz = medianHz
    self.lowestHz = lowestHz
    self.highestHz = highestHz
    self.files = files
    self.speech = speech
  }
}
