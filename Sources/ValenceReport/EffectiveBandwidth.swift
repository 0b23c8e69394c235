/// The bandwidth of a corpus's speech, which may be less than its sampling rate allows.
///
/// Of a file: the upper edge of the highest band of 100 Hz whose mean power, over all frames of 32 ms with
/// a Hann window, is within 60 dB of the strongest band's. Fricatives of wideband speech are 30 to 50 dB
/// below the strongest band; residues of resamplers, telephone channels and lossy codecs above their cutoff
/// are at least 70 dB below it. So speech recorded at 8 kHz and converted to 22 kHz has 4 kHz.
package struct EffectiveBandwidth: Codable, Hashable, Sendable {
  /// The median over the files that were measured, in Hz.
  package var medianHz: Double
  /// The smallest of them, in Hz.
  package var lowestHz: Double
  /// The largest of them, in Hz.
  package var highestHz: Double
  /// The number of files measured: at most 16, evenly spaced in the corpus's order.
  package var files: Int
  /// The decoders' revision and the digest of the utterances, which the measurement is valid for.
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
