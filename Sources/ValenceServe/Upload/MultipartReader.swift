import Foundation
import NIOHTTP1

/// Takes a `multipart/form-data` body apart as it arrives (RFC 7578, RFC 2046 section 5.1).
struct MultipartReader {
  /// What the next bytes are.
  enum Event: Equatable {
    case begin(PartHead)
    case bytes([UInt8])
    case end
  }

  /// What is said of a part before its content.
  struct PartHead: Equatable {
    /// The form field.
    var name: String
    /// The file's name; nil where the field is no file.
    var fileName: String?
  }

  private enum Place { case preamble, delimiter, head, content, epilogue }

  private let delimiter: [UInt8]
  private var place = Place.preamble
  /// The first delimiter may lack the line end before it.
  private var waiting = Array("\r\n".utf8)

  /// Bytes of the head of a part.
  private static let greatestHead = 8192

  /// - Parameter boundary: as `Content-Type` says it.
  init(boundary: String) { delimiter = Array("\r\n--\(boundary)".utf8) }

  /// Takes the next bytes.
  ///
  /// - Throws: `Refusal` with status 400.
  mutating func take(_ bytes: some Sequence<UInt8>) throws(Refusal) -> [Event] {
    waiting.append(contentsOf: bytes)
    var events: [Event] = []
    var start = 0
    while try step(&start, &events) {}
    waiting.removeFirst(start)
    return events
  }

  /// Checks that the body is whole.
  ///
  /// - Throws: `Refusal` with status 400.
  func finish() throws(Refusal) {
    guard place == .epilogue else {
      throw Refusal(.badRequest, "The form ends before its last boundary; send all of it.")
    }
  }

  /// Reads on from `start`; returns whether there may be more to read.
  private mutating func step(_ start: inout Int, _ events: inout [Event]) throws(Refusal) -> Bool {
    switch place {
    case .preamble:
      guard let found = find(delimiter, from: start) else {
        start = max(start, waiting.count - delimiter.count + 1)
        return false
      }
      start = found + delimiter.count
      place = .delimiter
    case .delimiter:
      return try readDelimiter(&start)
    case .head:
      guard let head = try readHead(&start) else { return false }
      events.append(.begin(head))
      place = .content
    case .content:
      guard let found = find(delimiter, from: start) else {
        let end = max(start, waiting.count - delimiter.count + 1)
        if end > start { events.append(.bytes(Array(waiting[start..<end]))) }
        start = end
        return false
      }
      if found > start { events.append(.bytes(Array(waiting[start..<found]))) }
      events.append(.end)
      start = found + delimiter.count
      place = .delimiter
    case .epilogue:
      start = waiting.count
      return false
    }
    return true
  }

  /// Reads what follows a boundary: two dashes where it is the last one, else a line end.
  private mutating func readDelimiter(_ start: inout Int) throws(Refusal) -> Bool {
    while start < waiting.count, waiting[start] == 0x20 || waiting[start] == 0x09 { start += 1 }
    guard start + 2 <= waiting.count else { return false }
    switch (waiting[start], waiting[start + 1]) {
    case (0x2D, 0x2D): place = .epilogue
    case (0x0D, 0x0A):
      place = .head
      start += 2
    default: throw Self.broken("a boundary is followed by other bytes than a line end")
    }
    return true
  }

  private func readHead(_ start: inout Int) throws(Refusal) -> PartHead? {
    guard let end = find(Array("\r\n\r\n".utf8), from: start) else {
      if waiting.count - start > Self.greatestHead {
        throw Self.broken("the head of a part is larger than \(Self.greatestHead) bytes")
      }
      return nil
    }
    guard end - start <= Self.greatestHead else {
      throw Self.broken("the head of a part is larger than \(Self.greatestHead) bytes")
    }
    let text = String(decoding: waiting[start..<end], as: UTF8.self)
    start = end + 4
    let lines = text.components(separatedBy: "\r\n")
    let field = "content-disposition:"
    guard let line = lines.first(where: { $0.lowercased().hasPrefix(field) }) else {
      throw Self.broken("a part has no Content-Disposition")
    }
    let parameters = HeaderParameters(String(line.dropFirst(field.count)))
    guard parameters.value == "form-data", let name = parameters["name"] else {
      throw Self.broken("a part's Content-Disposition is not form-data with a name")
    }
    return PartHead(name: name, fileName: parameters["filename*"] ?? parameters["filename"])
  }

  private func find(_ pattern: [UInt8], from start: Int) -> Int? {
    var at = start
    while at + pattern.count <= waiting.count {
      guard let first = waiting[at...].firstIndex(of: pattern[0]),
        first + pattern.count <= waiting.count
      else { return nil }
      if waiting[first..<first + pattern.count].elementsEqual(pattern) { return first }
      at = first + 1
    }
    return nil
  }

  private static func broken(_ reason: String) -> Refusal {
    Refusal(.badRequest, "The form cannot be read: \(reason).")
  }
}

/// A header's value with its parameters: `form-data; name="file"; filename="a.wav"`.
struct HeaderParameters {
  /// What comes before the parameters, in lower case.
  let value: String
  private var parameters: [String: String] = [:]

  /// Reads a header; what cannot be read is left out.
  init(_ text: String) {
    var rest = Substring(text)
    value = rest.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
    rest = rest.drop { $0 != ";" }
    while rest.hasPrefix(";") {
      rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
      let name = rest.prefix { $0 != "=" && $0 != ";" }
      rest = rest.dropFirst(name.count)
      guard rest.hasPrefix("=") else { continue }
      rest = rest.dropFirst()
      let content = Self.content(&rest)
      let key = name.trimmingCharacters(in: .whitespaces).lowercased()
      let plain = key.hasSuffix("*") ? Self.extended(content) : content
      if let plain, parameters[key] == nil { parameters[key] = plain }
    }
  }

  /// A parameter by its name in lower case.
  subscript(name: String) -> String? { parameters[name] }

  private static func content(_ rest: inout Substring) -> String {
    guard rest.hasPrefix("\"") else {
      let token = rest.prefix { $0 != ";" }
      rest = rest.dropFirst(token.count)
      return token.trimmingCharacters(in: .whitespaces)
    }
    rest = rest.dropFirst()
    var content = ""
    while let next = rest.popFirst(), next != "\"" {
      // Only a quote and itself are escaped: some browsers send the backslashes of Windows paths plainly.
      if next == "\\", let escaped = rest.first, escaped == "\"" || escaped == "\\" {
        content.append(escaped)
        rest = rest.dropFirst()
      } else {
        content.append(next)
      }
    }
    rest = rest.drop { $0 != ";" }
    return content
  }

  /// The text of `UTF-8''a%20b` (RFC 8187); nil for another encoding.
  private static func extended(_ text: String) -> String? {
    let parts = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].lowercased() == "utf-8" else { return nil }
    return String(parts[2]).removingPercentEncoding
  }
}
