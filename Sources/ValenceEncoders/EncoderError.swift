/// Why an encoder cannot be used, in one sentence that names the file, and the key or array.
package struct EncoderError: Error, Hashable, CustomStringConvertible {
  package let file: String
  /// What is wrong and what would be right, behind the file's name and a colon.
  package let reason: String

  package init(file: String, reason: String) {
    (self.file, self.reason) = (file, reason)
  }

  package var description: String { "\(file): \(reason)" }
}
