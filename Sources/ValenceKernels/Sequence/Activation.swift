import CKernels

/// Elementwise exp, tanh and sigmoid: the forms that the sequence kernels have inlined.
///
/// Errors: exp 1.2e-7 relative within −87.3 … 88.3 (it saturates outside), tanh 2.4e-7 and sigmoid
/// 1.2e-7 absolute. NaN gives NaN. Nothing but tests calls them by themselves.
enum Activation {
  /// out = exp(x), as long as x.
  static func exp(_ x: Floats, into out: Floats) {
    precondition(x.count == out.count, "\(x.count) values into \(out.count)")
    unsafe valence_exp(x.count, x.pointer, out.pointer)
  }

  /// out = tanh(x), as long as x.
  static func tanh(_ x: Floats, into out: Floats) {
    precondition(x.count == out.count, "\(x.count) values into \(out.count)")
    unsafe valence_tanh(x.count, x.pointer, out.pointer)
  }

  /// out = 1 / (1 + exp(−x)), as long as x.
  static func sigmoid(_ x: Floats, into out: Floats) {
    precondition(x.count == out.count, "\(x.count) values into \(out.count)")
    unsafe valence_sigmoid(x.count, x.pointer, out.pointer)
  }
}
