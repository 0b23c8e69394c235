import CFFTW
import CKernels
import COneDNN
import COpenBLAS
import Foundation

/// Which libraries and kernels are in use in this process, for `valence doctor` and provenance.
///
/// Reading `current` for the first time sets the libraries up: OpenBLAS gets one thread a caller and
/// the kernels of `openBLASCore(_:isAMD:own:)`, unless `OPENBLAS_CORETYPE` names others. Every kernel reads it
/// before it calls a library.
package struct KernelSetup: Hashable, Sendable {
  /// The widest vector extension that kernels use.
  package enum VectorExtension: String, Hashable, Sendable {
    /// The vectors that every processor of the architecture has.
    case baseline
    /// 256-bit vectors with fused multiply-add.
    case avx2 = "AVX2"
    /// 512-bit vectors.
    case avx512 = "AVX-512"
  }

  package let processor: String
  /// The widest vector extension that the processor and its system offer.
  package let vectorExtension: VectorExtension
  /// The name of the processor family whose kernels OpenBLAS uses.
  package let openBLASCore: String
  /// The family that OpenBLAS had taken by itself, or that `OPENBLAS_CORETYPE` made it take.
  package let openBLASOwnCore: String
  /// OpenBLAS's version and the choices that it was built with.
  package let openBLASConfiguration: String
  /// The version of FFTW and the vectors that it was built for: `3.3.10-sse2-avx`.
  package let fftwVersion: String
  /// The version of oneDNN; nil where plain C serves instead.
  package private(set) var oneDNNVersion: String?
  /// Whether plain C serves wherever a kernel has such a twin: where `VALENCE_KERNELS=plain` asks for
  /// it, and within `plainly`.
  package private(set) var isPlain: Bool

  /// Whether oneDNN needs images in blocks of 16 channels, the only order for which version 2.6 has fast
  /// code with AVX-512; without AVX-512 it has such code only for channels last.
  package private(set) var blocksChannels: Bool

  /// The kernels that the last digits of features depend on, in a word for the keys of the feature cache.
  package var kind: String {
    [vectorExtension.rawValue, openBLASCore, "FFTW-\(fftwVersion)"].joined(separator: "/")
      + (isPlain ? "/plain" : "")
  }

  /// The setup in use; made when first read, then the same for the life of the process, except within
  /// `plainly`.
  package static var current: KernelSetup { valence_thread_is_plain() ? plain : ordinary }

  /// Runs `body` with plain C wherever a kernel has such a twin: the definition that a bench holds the
  /// kernels in use against.
  ///
  /// Only on the calling thread: use `Workers.single` inside, and do not use a network that was made
  /// inside outside of it.
  package static func plainly<Value>(_ body: () throws -> Value) rethrows -> Value {
    let before = valence_set_thread_plain(true)
    defer { _ = valence_set_thread_plain(before) }
    return try body()
  }

  /// `current.isPlain` without a copy of all the rest (70 ns), for kernels that ask at each call.
  static var isPlainHere: Bool { valence_thread_is_plain() || ordinary.isPlain }

  private static let ordinary = KernelSetup()
  private static let plain: KernelSetup = {
    var setup = ordinary
    (setup.isPlain, setup.oneDNNVersion, setup.blocksChannels) = (true, nil, false)
    return setup
  }()

  private init() {
    processor = Self.processorName()
    switch valence_processor_isa() {
    case VALENCE_ISA_AVX512: vectorExtension = .avx512
    case VALENCE_ISA_AVX2: vectorExtension = .avx2
    default: vectorExtension = .baseline
    }
    isPlain = ProcessInfo.processInfo.environment["VALENCE_KERNELS"] == "plain"
    openBLASOwnCore = unsafe String(cString: openblas_get_corename())
    let isForced = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] != nil
    let better =
      isForced
      ? nil
      : Self.openBLASCore(
        vectorExtension, isAMD: valence_processor_is_amd(), own: openBLASOwnCore)
    if let better { unsafe valence_openblas_choose_core(better) }
    openblas_set_num_threads(1)
    openBLASConfiguration = unsafe String(cString: openblas_get_config())
    openBLASCore = unsafe String(cString: openblas_get_corename())
    let fftw = unsafe valence_fftw_version().map { unsafe String(cString: $0) } ?? "unknown"
    fftwVersion = fftw.replacing(/^fftw-/, with: "")
    let version = unsafe valence_dnn_version()
    oneDNNVersion = isPlain ? nil : unsafe version.map { unsafe String(cString: $0) }
    blocksChannels = oneDNNVersion != nil && valence_dnn_has_avx512()
  }

  /// The family whose kernels OpenBLAS is to use instead of its own choice; nil where that is right.
  ///
  /// AMD with AVX-512 is taken for Cooperlake, but what Valence gives OpenBLAS, N·T products with many
  /// rows, runs faster on the Haswell kernels. On Zen 4, one thread, GFLOP/s of OpenBLAS 0.3.21, the best
  /// of three runs, for Haswell / SkylakeX / Cooperlake / Zen: the input gradient of the reference network's LSTM
  /// (148 × 1664, k 512) 98 / 97 / 93 / 91, of the small one's (148 × 832, k 256) 107 / 98 / 97 / 97, of
  /// the large one's (148 × 3328, k 1024) 92 / 83 / 82 / 87, of attention (148 × 256, k 128)
  /// 106 / 95 / 95 / 95. Only the last layer of 8 classes, less than a microsecond per step, is slower (66 / 70).
  ///
  /// A processor that is newer than the library is taken, silently, for one without AVX2; Haswell is the
  /// family that all with AVX2 can run.
  static func openBLASCore(
    _ vectors: VectorExtension, isAMD: Bool, own: String
  ) -> String? {
    let withAVX2 = ["Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids"]
    switch vectors {
    case .avx512 where isAMD: return own == "Haswell" ? nil : "Haswell"
    case .avx512, .avx2: return withAVX2.contains(own) ? nil : "Haswell"
    case .baseline: return nil
    }
  }

  private static func processorName() -> String {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = lines.split(separator: "\n").first { $0.hasPrefix("model name") }
    let name = line?.split(separator: ":", maxSplits: 1).last
    return name.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
  }
}
