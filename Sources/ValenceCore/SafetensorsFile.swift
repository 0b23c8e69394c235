package import Foundation

/// A safetensors file on disk whose arrays are read one by one, so that a large model is never in memory as
/// bytes and as numbers at once.
package struct SafetensorsFile: Sendable {
  private let file: ByteFile
  private let name: String
  private let places: [ExactName: Safetensors.Layout.Place]

  /// Free text beside the arrays.
  package let metadata: [String: String]

  /// Reads the header.
  ///
  /// - Parameter name: what errors call the file.
  /// - Throws: `SafetensorsError` that names the file and what is wrong with it.
  package init(contentsOf url: URL, name: String) throws(SafetensorsError) {
    self.name = name
    do {
      file = try ByteFile(url)
      let layout = try Safetensors.Layout(file)
      metadata = layout.metadata
      places = Dictionary(uniqueKeysWithValues: layout.places.map { (ExactName($0.name), $0) })
    } catch let error as ByteFault {
      throw SafetensorsError(file: name, reason: error.reason)
    } catch let error as Safetensors.Header.Fault {
      throw SafetensorsError(file: name, reason: error.reason)
    } catch {
      throw SafetensorsError(file: name, reason: "\(error)")
    }
  }

  /// The names of its arrays, in order.
  package var names: [String] { places.keys.sorted().map(\.text) }

  /// The shape of an array, if the file has one of that name.
  package func shape(of array: String) -> [Int]? { places[ExactName(array)]?.shape }

  /// The type of an array in the format's words, if the file has one of that name.
  package func type(of array: String) -> String? { places[ExactName(array)]?.dtype }

  /// The values of an array in row-major order.
  ///
  /// - Throws: `SafetensorsError` if there is none of that name, if it is of a type that is not read, or if
  ///   the file cannot be read any more.
  package func values(of array: String) throws(SafetensorsError) -> [Float] {
    guard let place = places[ExactName(array)] else {
      throw SafetensorsError(file: name, reason: "it has no array \(array)")
    }
    do {
      return try Safetensors.Layout.values(place, file)
    } catch {
      throw SafetensorsError(file: name, reason: error.reason)
    }
  }
}
