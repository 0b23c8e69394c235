import ValenceKernels

/// What one pass through the layers runs with, beside their inputs.
struct Pass {
  /// The network's parameters, laid out by its `ParameterLayout`.
  let parameters: Floats
  /// Their gradients, laid out alike; overwritten by backward passes.
  let gradients: Floats
  /// Whether dropout drops.
  let mode: Mode
  /// What the layer's dropout draws from in this step.
  let dropoutSeed: UInt64
  /// Who does the work.
  let workers: Workers

  /// The dropout of one layer: none in inference.
  func dropout(_ share: Double, layer: Int) -> Dropout {
    Dropout(share: mode == .training ? share : 0, seed: dropoutSeed, layer: layer)
  }
}
