/// The records of a CSV text by RFC 4180, each with the line on which it begins.
///
/// Structure is found in bytes, as the RFC defines it: a Unicode mark that combines with a comma or a quote
/// hides neither. Beyond the RFC, a line may end with a lone line feed or carriage return, and spaces
/// before a field and behind its closing quote are passed over, as people write them after a comma.
struct CSVRecords {
  struct Record {
    /// The line, from 1.
    var line: Int
    var fields: [String]

    /// Whether its line is empty, or has nothing but spaces or an empty pair of quotes.
    var isBlank: Bool { fields == [""] }
  }

  /// The rule that is broken, and the line.
  struct Malformation: Error {
    let line: Int
    let reason: String
  }

  /// The records in the text's order.
  private(set) var records: [Record] = []

  private let bytes: [UInt8]
  private let separator: UInt8
  private var position = 0
  private var line = 1

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  init(_ text: String, separator: Table.Separator) throws(Malformation) {
    bytes = Array(text.utf8)
    self.separator = separator.byte
    while position < bytes.count {
      var record = Record(line: line, fields: [])
      repeat { record.fields.append(try field()) } while take(separator: self.separator)
      takeLineEnd()
      records.append(record)
    }
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(separator: UInt8) -> Bool {
    guard next == separator else { return false }
    position += 1
    return true
  }

  private mutating func takeLineEnd() {
    guard next != nil else { return }
    let isPair =
      next == Self.carriageReturn && position + 1 < bytes.count
      && bytes[position + 1] == Self.lineFeed
    position += isPair ? 2 : 1
    line += 1
  }

  private func endsField(_ byte: UInt8) -> Bool {
    byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn
  }

  private mutating func skipSpaces() {
    while let byte = next, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t"),
      byte != separator
    {
      position += 1
    }
  }

  /// Reads up to the separator, the line end or the end of the text.
  private mutating func field() throws(Malformation) -> String {
    skipSpaces()
    if next == Self.quote { return try quotedField() }
    let start = position
    while let byte = next, !endsField(byte) {
      guard byte != Self.quote else {
        throw Malformation(
          line: line, reason: "a field that holds a quote must stand in quotes, its own doubled")
      }
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func quotedField() throws(Malformation) -> String {
    let opened = line
    position += 1
    var field: [UInt8] = []
    while let byte = next {
      if byte == Self.quote {
        let isDoubled = position + 1 < bytes.count && bytes[position + 1] == Self.quote
        position += isDoubled ? 2 : 1
        if isDoubled {
          field.append(Self.quote)
          continue
        }
        skipSpaces()
        guard next.map(endsField) ?? true else {
          throw Malformation(line: line, reason: "text follows the closing quote of a field")
        }
        return String(decoding: field, as: UTF8.self)
      }
      let follows = position + 1 < bytes.count ? bytes[position + 1] : nil
      if byte == Self.lineFeed || byte == Self.carriageReturn && follows != Self.lineFeed {
        line += 1
      }
      field.append(byte)
      position += 1
    }
    throw Malformation(line: opened, reason: "a quote is opened and never closed")
  }
}
