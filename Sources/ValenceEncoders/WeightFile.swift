/// The named arrays of a file of weights, each read when it is asked for.
package protocol WeightFile: Sendable {
  /// The shape of each array, by its name in the file.
  var shapes: [String: [Int]] { get }

  /// The values of an array in row-major order, as 32-bit floats whatever the file holds them as.
  ///
  /// - Throws: `EncoderError` if the file cannot be read or ends before the array does.
  func values(of name: String) throws(EncoderError) -> [Float]
}
