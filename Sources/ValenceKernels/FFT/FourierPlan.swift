import CFFTW
import Synchronization

/// A plan of FFTW in single precision, freed with its last user.
///
/// Unchecked: the plan is only read after `init`, and FFTW executes one plan from any number of
/// threads as long as each brings its own buffers.
@safe
final class FourierPlan: @unchecked Sendable {
  @unsafe let pointer: fftwf_plan
  /// FFTW's planner keeps its state in globals, so plans are made and freed one at a time.
  private static let planner = Mutex(())

  /// FFTW_ESTIMATE, a macro with a shift, which Swift does not import: bit 6.
  ///
  /// Plans are estimated, never measured: a measured one may differ from run to run, and with it the
  /// last bits of every feature.
  static let estimate: CUnsignedInt = 1 << 6

  /// Takes the plan that `make` gets from FFTW for a transform of `size` numbers.
  init(size: Int, _ make: () -> fftwf_plan?) {
    guard let made = unsafe Self.planner.withLock({ _ in unsafe make() }) else {
      preconditionFailure("FFTW makes no plan for \(size) numbers")
    }
    unsafe pointer = made
  }

  deinit {
    Self.planner.withLock { _ in unsafe fftwf_destroy_plan(pointer) }
  }
}
