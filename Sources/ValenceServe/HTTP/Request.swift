import Foundation
import NIOHTTP1

/// The head of a request with its target taken apart.
struct Request: Sendable {
  let head: HTTPRequestHead
  /// The path, percent-decoded.
  let path: String
  let query: [(name: String, value: String)]

  /// Takes the target apart.
  ///
  /// - Throws: `Refusal` with status 400 for a target that is no path.
  init(_ head: HTTPRequestHead) throws(Refusal) {
    self.head = head
    let target = head.uri.prefix { $0 != "#" }
    guard target.hasPrefix("/"), target.utf8.count <= 8192 else {
      throw Refusal(.badRequest, "The request's target is no path; ask for a path such as /health.")
    }
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard let path = Self.decoded(parts[0], plusIsSpace: false) else {
      throw Refusal(.badRequest, "The path has a percent sign without two hexadecimal digits.")
    }
    self.path = path
    query = try Self.fields(parts.count > 1 ? parts[1] : "", in: "query")
  }

  var method: HTTPMethod { head.method }

  /// The fields of a query or a form: `name=value&…`.
  ///
  /// - Throws: `Refusal` with status 400 for a broken escape.
  static func fields(
    _ text: Substring, in place: String
  ) throws(Refusal) -> [(name: String, value: String)] {
    var fields: [(name: String, value: String)] = []
    for part in text.split(separator: "&") {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = decoded(sides[0], plusIsSpace: true),
        let value = sides.count > 1 ? decoded(sides[1], plusIsSpace: true) : ""
      else {
        throw Refusal(
          .badRequest, "The \(place) has an escape that is no UTF-8 text; percent-encode it.")
      }
      fields.append((name, value))
    }
    return fields
  }

  private static func decoded(_ text: Substring, plusIsSpace: Bool) -> String? {
    let spaced = String(plusIsSpace ? text.replacing("+", with: " ") : text)
    return spaced.removingPercentEncoding
  }

  /// The only value of a header; nil where it is missing or there are several.
  func header(_ name: String) -> String? {
    let values = head.headers[name]
    return values.count == 1 ? values[0] : nil
  }

  /// The media type of the body in lower case, without its parameters.
  var mediaType: String? {
    header("Content-Type").map {
      $0.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
    }
  }
}
