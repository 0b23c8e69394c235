/// The ranges of all arrays of a checkpoint: the parameters of a network and its running statistics, each
/// in a flat block.
///
/// Layers add theirs as they are built and keep the ranges. Names are those of PyTorch's `state_dict`.
struct StateLayout {
  private(set) var parameters = ParameterLayout()
  private(set) var statistics = ParameterLayout()
  private var prefix = ""

  /// Adds a parameter.
  ///
  /// - Parameter axes: the order in which the block keeps the axes of `shape`; nil keeps them as
  ///   they are.
  /// - Returns: its range in the parameters.
  mutating func addParameter(
    _ name: String, shape: [Int], initializer: Initializer, axes: [Int]? = nil
  ) -> Range<Int> {
    parameters.add(prefix + name, shape: shape, initializer: initializer, axes: axes)
  }

  /// Adds a running statistic, which training moves but no gradient does.
  ///
  /// - Returns: its range in the statistics.
  mutating func addStatistic(_ name: String, shape: [Int], start: Float) -> Range<Int> {
    statistics.add(prefix + name, shape: shape, initializer: .constant(start))
  }

  /// Runs `body`, in which names begin with `prefix`, for example `mel.`; scopes nest.
  mutating func scoped<Value, Failure: Error>(
    _ prefix: String, _ body: (inout StateLayout) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let outer = self.prefix
    self.prefix += prefix
    defer { self.prefix = outer }
    return try body(&self)
  }
}
