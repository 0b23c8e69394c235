/// A layer that cannot fit its input.
package struct ShapeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The key of the experiment file that is at fault, for example `model.cnn.pool`.
  package let key: String
  /// The problem and what would fit, in one sentence.
  package let message: String

  package init(key: String, message: String) {
    self.key = key
    self.message = message
  }

  package var description: String { "\(key): \(message)" }
}
