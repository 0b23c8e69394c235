package import Foundation

/// Cuts a stream of bytes into lines, of which none grows beyond a limit.
package struct LineBuffer: Sendable {
  /// A line, without its end.
  package enum Line: Hashable, Sendable {
    case whole(Data)
    /// One with more bytes than the limit, which are not kept.
    case tooLong
  }

  /// The most bytes of a message; a recording in base64 takes four for three.
  package static let longest = 64 << 20

  private let limit: Int
  private var rest = Data()
  private var isSkipping = false

  /// - Parameter limit: the most bytes of a line.
  package init(limit: Int = longest) { self.limit = limit }

  /// The lines that the next bytes end.
  package mutating func add(_ bytes: Data) -> [Line] {
    var lines: [Line] = []
    var start = bytes.startIndex
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      append(bytes[start..<end])
      lines += take()
      start = bytes.index(after: end)
    }
    append(bytes[start...])
    return lines
  }

  /// What came behind the last line end, at the end of the stream.
  package mutating func end() -> [Line] { take() }

  private mutating func append(_ bytes: Data) {
    guard !isSkipping else { return }
    if rest.count + bytes.count > limit {
      isSkipping = true
      rest = Data()
    } else {
      rest.append(bytes)
    }
  }

  private mutating func take() -> [Line] {
    defer { (rest, isSkipping) = (Data(), false) }
    if isSkipping { return [.tooLong] }
    return rest.isEmpty ? [] : [.whole(rest)]
  }
}
