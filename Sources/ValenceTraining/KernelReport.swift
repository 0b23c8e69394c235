import ValenceAudio
import ValenceKernels
import ValenceStore

/// The libraries and kernels in use, as `valence doctor` and `provenance.json` name them.
package enum KernelReport {
  package struct Part: Sendable {
    /// The library or choice, for example `oneDNN`.
    package let name: String
    /// The version or choice in use.
    package let value: String
    /// A remark on a choice that is not the best; else empty.
    package let remark: String
  }

  /// Floating-point operations a second that training reaches on one core: a rough figure for
  /// estimates, half of what a current processor's kernels reach at their best.
  static var trainingOperationsPerSecond: Double {
    switch KernelSetup.current.vectorExtension {
    case .avx512: 80e9
    case .avx2: 40e9
    case .baseline: 2e9
    }
  }

  /// Floating-point operations a second that an encoder reaches on one core: nearly those of a matrix
  /// product, as its layers are little else.
  static var encodingOperationsPerSecond: Double { 1.5 * trainingOperationsPerSecond }

  package static var processor: String { KernelSetup.current.processor }

  /// The parts that make a trial's numbers, beside the processor.
  static var numeric: [Part] { current.filter { !["processor", "SQLite"].contains($0.name) } }

  /// Every part.
  package static var current: [Part] {
    let setup = KernelSetup.current
    let oneDNN = setup.oneDNNVersion
    return [
      Part(name: "processor", value: setup.processor, remark: ""),
      Part(
        name: "vectors", value: setup.vectorExtension.rawValue,
        remark: setup.vectorExtension == .baseline ? "no AVX2: training is many times slower" : ""),
      Part(
        name: "OpenBLAS",
        value: setup.openBLASConfiguration.split(separator: " ").prefix(2).joined(separator: " "),
        remark: ""),
      Part(
        name: "OpenBLAS kernels", value: setup.openBLASCore,
        remark: setup.openBLASCore == setup.openBLASOwnCore
          ? "" : "faster here than \(setup.openBLASOwnCore), which it would take by itself"),
      Part(
        name: "oneDNN", value: oneDNN ?? "not in use",
        remark: oneDNN == nil ? "kernels that are not 3 × 3 run in plain C, many times slower" : ""),
      Part(
        name: "convolution", value: setup.isPlain ? "plain C" : "Winograd where kernels are 3 × 3",
        remark: ""),
      Part(name: "FFTW", value: setup.fftwVersion, remark: ""),
      Part(name: "libsndfile", value: AudioLibraries.sndfileVersion, remark: ""),
      Part(name: "libmpg123", value: AudioLibraries.mpg123Version, remark: ""),
      Part(name: "soxr", value: AudioLibraries.soxrVersion, remark: ""),
    ]
  }
}
