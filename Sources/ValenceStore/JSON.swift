package import Foundation

/// JSON as Valence writes it: sorted keys, two-space indents, a line end at the end.
package enum JSON {
  /// Reads what `encoded` writes.
  package static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }

  /// The bytes of a value, over several lines or on one; equal values give equal bytes.
  package static func encoded(_ value: some Encodable, onOneLine: Bool = false) throws -> Data {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if !onOneLine { encoder.outputFormatting.insert(.prettyPrinted) }
    return try encoder.encode(value) + Data("\n".utf8)
  }
}
