import CFFTW
import CKernels
import COneDNN
import COpenBLAS
import Foundation

/// Which libraries and kernels are in use in this process, for `valence doctor` and provenance.
///
/// Reading `current` for the first time sets the libraries up: OpenBLAS gets one thread a caller and,
/// on AMD processors with AVX-512, its Haswell kernels, which are faster there than its own choice.
/// Every kernel reads it before it calls a library, so nobody needs to do so by hand.
public struct KernelSetup: Hashable, Sendable {
  /// The widest vector extension that kernels use.
  public enum VectorExtension: String, Hashable, Sendable {
    /// What every processor of the architecture has.
    case baseline
    /// 256-bit vectors with fused multiply-add.
    case avx2 = "AVX2"
    /// 512-bit vectors.
    case avx512 = "AVX-512"
  }

  /// The processor's name.
  public let processor: String
  /// The widest vector extension that the processor and its system offer.
  public let vectorExtension: VectorExtension
  /// The name of the processor family whose kernels OpenBLAS uses.
  public let openBLASCore: String
  /// OpenBLAS's version and the choices that it was built with.
  public let openBLASConfiguration: String
  /// The version of FFTW and the vectors that it was built for: `3.3.10-sse2-avx`.
  public let fftwVersion: String
  /// The version of oneDNN; nil where plain C serves instead.
  public let oneDNNVersion: String?
  /// Whether `VALENCE_KERNELS=plain` asks for the plain C twins everywhere.
  public let isPlain: Bool

  /// Whether 3 × 3 convolutions of many channels run by Winograd's algorithm (Lavin and Gray, 2016).
  ///
  /// oneDNN 2.6 has it for AVX-512 and images in blocks of 16 channels. Without AVX-512 it has no
  /// fast code for such images at all; channels last serves there.
  public let usesWinograd: Bool

  /// What is in use; made when first read, then the same for the life of the process.
  public static let current = KernelSetup()

  private init() {
    processor = Self.processorName()
    switch valence_processor_isa() {
    case VALENCE_ISA_AVX512: vectorExtension = .avx512
    case VALENCE_ISA_AVX2: vectorExtension = .avx2
    default: vectorExtension = .baseline
    }
    isPlain = ProcessInfo.processInfo.environment["VALENCE_KERNELS"] == "plain"
    if vectorExtension == .avx512 && valence_processor_is_amd() {
      unsafe valence_openblas_choose_core("Haswell")
    }
    openblas_set_num_threads(1)
    openBLASConfiguration = unsafe String(cString: openblas_get_config())
    openBLASCore = unsafe String(cString: openblas_get_corename())
    let fftw = unsafe valence_fftw_version().map { unsafe String(cString: $0) } ?? "unknown"
    fftwVersion = fftw.replacing(/^fftw-/, with: "")
    let version = unsafe valence_dnn_version()
    oneDNNVersion = isPlain ? nil : unsafe version.map { unsafe String(cString: $0) }
    usesWinograd = oneDNNVersion != nil && valence_dnn_has_avx512()
  }

  private static func processorName() -> String {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = lines.split(separator: "\n").first { $0.hasPrefix("model name") }
    let name = line?.split(separator: ":", maxSplits: 1).last
    return name.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
  }
}
