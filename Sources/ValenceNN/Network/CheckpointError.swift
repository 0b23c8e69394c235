/// Why a checkpoint does not fit a network; one sentence that names the array at fault.
package struct CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A fault of the arrays.
  package enum Fault: Hashable, Sendable {
    /// The network has it, the file does not.
    case missing([String])
    /// The file has it, the network does not.
    case unexpected([String])
    /// Its shape in the file is not that of the network.
    case shape(String, found: [Int], expected: [Int])
    /// It holds NaN or an infinite number.
    case notFinite(String)
    /// It holds a variance below zero.
    case negativeVariance(String)
  }

  /// The file, as the user knows it.
  package let file: String
  package let fault: Fault

  package var description: String {
    switch fault {
    case .missing(let names):
      "\(file): the checkpoint lacks \(list(names)); take one of a network with the same settings."
    case .unexpected(let names):
      "\(file): the network has no \(list(names)); take a checkpoint of one with the same settings."
    case .shape(let name, let found, let expected):
      "\(file): \(name) has the shape \(found) where the network has \(expected); "
        + "take a checkpoint of a network with the same settings."
    case .notFinite(let name):
      "\(file): \(name) holds numbers that are not finite; the training that wrote it diverged."
    case .negativeVariance(let name):
      "\(file): \(name) holds a variance below zero; the file was damaged or edited."
    }
  }

  private func list(_ names: [String]) -> String {
    let shown = names.prefix(4).joined(separator: ", ")
    return names.count > 4 ? "\(shown) and \(names.count - 4) more arrays" : shown
  }
}
