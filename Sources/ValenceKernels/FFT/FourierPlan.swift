import CFFTW
import Synchronization

/// A plan of FFTW, freed with its last user.
///
/// Unchecked: the plan is only read after `init`, and FFTW executes one plan from any number of
/// threads as long as each brings its own buffers.
@safe
final class FourierPlan: @unchecked Sendable {
  /// The numbers that it transforms; FFTW has a library for each kind.
  enum Precision { case single, double }

  @unsafe let pointer: OpaquePointer
  private let precision: Precision
  /// FFTW's planner keeps its state in globals, so plans are made and freed one at a time.
  private static let planner = Mutex(())

  /// FFTW_ESTIMATE, a macro with a shift, which Swift does not import: bit 6.
  ///
  /// Plans are estimated, never measured: a measured one may differ from run to run, and with it the
  /// last bits of every feature.
  static let estimate: CUnsignedInt = 1 << 6
  /// FFTW_PRESERVE_INPUT, bit 4.
  static let preserveInput: CUnsignedInt = 1 << 4

  /// Takes the plan that `make` gets from FFTW for a transform of `size` numbers.
  init(size: Int, _ precision: Precision = .single, _ make: () -> OpaquePointer?) {
    guard let made = unsafe Self.planner.withLock({ _ in unsafe make() }) else {
      preconditionFailure("FFTW makes no plan for \(size) numbers")
    }
    unsafe pointer = made
    self.precision = precision
  }

  deinit {
    Self.planner.withLock { _ in
      switch precision {
      case .single: unsafe fftwf_destroy_plan(pointer)
      case .double: unsafe fftw_destroy_plan(pointer)
      }
    }
  }
}
