package import Foundation
package import ValenceCore
import ValenceKernels

/// A folder with `config.json`, `preprocessor_config.json` and the weights of an encoder, as published for
/// Hugging Face's transformers.
///
/// Only configs and headers are read when it is made, and all that they show to be wrong is refused then:
/// an unknown family, a missing key, an option that is not supported, a missing array, a wrong shape.
package struct EncoderFolder: Sendable {
  package let url: URL
  let config: EncoderConfig
  private let file: any WeightFile
  private let prefix: String

  /// Reads what describes the encoder.
  package init(_ url: URL) throws(EncoderError) {
    self.url = url
    config = try EncoderConfig(in: url)
    file = try WeightFiles.open(in: url)
    let shapes = file.shapes
    let probe = config.probe
    let prefixes = EncoderConfig.prefixes.filter { shapes[$0 + probe] != nil }
    guard let prefix = prefixes.first else {
      throw EncoderError(
        file: url.path,
        reason: "its weights have no array \(probe), by itself or behind one of the prefixes "
          + "\(EncoderConfig.prefixes.dropFirst().joined(separator: " ")); get the files of one model."
      )
    }
    self.prefix = prefix
    for array in config.arrays {
      let found = try place(of: array)
      if let shape = shapes[found], shape != array.shape {
        throw EncoderError(
          file: url.path,
          reason: "the array \(found) has the shape \(shape) where config.json asks for "
            + "\(array.shape); get both files of one model.")
      }
    }
  }

  /// The files that are read of it.
  package var files: [URL] {
    let weights = [WeightFiles.safetensors, WeightFiles.pickled]
      .first { PathKind(url.appending(path: $0)) != .missing }
    return ([EncoderConfig.fileName, EncoderConfig.processorName] + [weights].compactMap(\.self))
      .map { url.appending(path: $0) }
  }

  /// The folder's own name.
  package var name: String { url.lastPathComponent }
  /// Family, number of layers, width.
  package var shape: EncoderShape { config.shape }
  /// How many numbers the arrays in use hold.
  package var parameters: Int { config.arrays.reduce(0) { $0 + $1.count } }
  /// What an array is called in the file.
  private func place(of array: EncoderArray) throws(EncoderError) -> String {
    for name in [array.name, array.oldName].compactMap({ $0 })
    where file.shapes[prefix + name] != nil {
      return prefix + name
    }
    throw EncoderError(
      file: url.path,
      reason: "its weights have no array \(prefix)\(array.name), which config.json asks for; "
        + "get both files of one model.")
  }

  /// The values of an array, all finite.
  func values(of array: EncoderArray) throws(EncoderError) -> [Float] {
    let place = try place(of: array)
    let values = try file.values(of: place)
    guard values.count == array.count else {
      throw EncoderError(
        file: url.path, reason: "the array \(place) has \(values.count) values, not \(array.count)."
      )
    }
    guard values.allSatisfy(\.isFinite) else {
      throw EncoderError(
        file: url.path,
        reason: "the array \(place) has a value that is no finite number; get the file again.")
    }
    return values
  }

  /// The identity of what the encoder computes: of its settings and of the arrays in use, by their names in
  /// new files, shapes and 32-bit values.
  ///
  /// Equal for old and new names, for files of models around the encoder, and for either format.
  package func digest() throws(EncoderError) -> Digest {
    var digest = ByteDigest()
    func add(_ text: String) { digest.add(Array("\(text.utf8.count):\(text),".utf8)[...]) }
    add(config.canonicalText)
    for array in config.arrays {
      add("\(array.name) \(array.shape)")
      digest.add([UInt8](try values(of: array).littleEndianBytes)[...])
    }
    return digest.digest()
  }
}
