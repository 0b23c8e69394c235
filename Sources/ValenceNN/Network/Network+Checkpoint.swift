package import ValenceCore

extension Network {
  /// Parameters and running statistics by PyTorch's names, with notes.
  package func checkpoint(metadata: [String: String] = [:]) -> Safetensors {
    let arrays = layout.arrays(of: parameters).merging(
      statisticsLayout.arrays(of: statistics)
    ) { _, _ in preconditionFailure("a parameter and a statistic share a name") }
    return Safetensors(arrays: arrays, metadata: metadata)
  }

  /// Takes parameters and running statistics from a checkpoint; changes nothing if it does not fit.
  ///
  /// - Parameter name: the file's name in errors.
  /// - Throws: `CheckpointError` for arrays that are missing, unknown, misshapen or not finite.
  package func load(_ file: Safetensors, name: String) throws(CheckpointError) {
    let entries = layout.entries + statisticsLayout.entries
    let known = Set(entries.map(\.name))
    let missing = entries.map(\.name).filter { file.arrays[$0] == nil }
    if !missing.isEmpty { throw CheckpointError(file: name, fault: .missing(missing)) }
    let unexpected = file.arrays.keys.filter { !known.contains($0) }.sorted()
    if !unexpected.isEmpty { throw CheckpointError(file: name, fault: .unexpected(unexpected)) }
    for entry in entries {
      guard let array = file.arrays[entry.name] else { continue }
      if array.shape != entry.shape {
        let fault = CheckpointError.Fault.shape(
          entry.name, found: array.shape, expected: entry.shape)
        throw CheckpointError(file: name, fault: fault)
      }
      if !array.values.allSatisfy(\.isFinite) {
        throw CheckpointError(file: name, fault: .notFinite(entry.name))
      }
      if entry.name.hasSuffix("running_var"), array.values.contains(where: { $0 < 0 }) {
        throw CheckpointError(file: name, fault: .negativeVariance(entry.name))
      }
    }
    for (layout, block) in [(layout, parameters), (statisticsLayout, statistics)] {
      for entry in layout.entries {
        if let array = file.arrays[entry.name] { entry.store(array.values, in: block) }
      }
    }
  }
}
