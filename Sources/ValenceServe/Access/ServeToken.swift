import Foundation
package import ValenceServeOptions

/// The token that clients must send, from a file or the environment.
package enum ServeToken {
  /// The variable that may hold it.
  package static let variable = "VALENCE_TOKEN"
  private static let shortest = 16

  /// Reads it; nil where none is given.
  ///
  /// - Throws: a sentence for a file that cannot be read, or a token that is easily guessed or cannot be sent.
  package static func read(
    _ options: ServeOptions, environment: [String: String]
  ) throws(ServeFault) -> String? {
    let token: String
    let place: String
    if let path = options.tokenFile {
      place = path
      guard let data = FileManager.default.contents(atPath: path), data.count <= 65536 else {
        throw ServeFault("\(path): no token can be read here; name a file with one line.")
      }
      token = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    } else if let value = environment[variable] {
      place = variable
      token = value
    } else {
      return nil
    }
    guard token.utf8.count >= shortest, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw ServeFault(
        "\(place): the token must have at least \(shortest) printable ASCII characters without spaces; "
          + "make one with: openssl rand -hex 32")
    }
    return token
  }
}
