/// The streams that follow each other in an Ogg file, found by walking from page to page.
///
/// `cat a.opus b.opus` is such a file by the rules of the format (RFC 3533, section 4), and recorders of
/// web radio write them; libsndfile hears the first stream only.
struct OggLinks {
  /// The bytes of each stream, in order.
  let ranges: [Range<Int>]
  /// Whether each is one of Vorbis or Opus alone, which libsndfile decodes.
  let isForSndfile: Bool

  private static let headerBytes = 27

  /// Walks through a file from an offset.
  ///
  /// - Throws: `FileBytes.Refusal` where the system does not hand out the bytes.
  init(_ file: FileBytes, from start: Int) throws(FileBytes.Refusal) {
    var window = ByteWindow(file, step: 1 << 16)
    var beginnings: [Int] = []
    var isPlain = true
    var isAfterBeginning = false
    var offset = start
    while offset + Self.headerBytes <= file.count {
      let head = try window.bytes(at: offset, Self.headerBytes + 255)
      guard head.starts(with: "OggS".utf8), head.count >= Self.headerBytes else {
        offset = try Self.page(behind: offset, file, &window)
        continue
      }
      let segments = Int(head[head.startIndex + 26])
      let sizes = head.dropFirst(Self.headerBytes).prefix(segments)
      let body = offset + Self.headerBytes + segments
      let isBeginning = head[head.startIndex + 5] & 2 != 0
      if isBeginning {
        if isAfterBeginning {
          // Streams side by side: a film, or sound with a skeleton.
          isPlain = false
        } else {
          beginnings.append(offset)
        }
        let packet = try window.bytes(at: body, 8)
        let isKnown =
          packet.starts(with: [1] + "vorbis".utf8) || packet.elementsEqual("OpusHead".utf8)
        isPlain = isPlain && isKnown
      }
      isAfterBeginning = isBeginning
      offset = body + sizes.reduce(0) { $0 + Int($1) }
    }
    let ends = beginnings.dropFirst() + [file.count]
    ranges = beginnings.isEmpty ? [start..<file.count] : zip(beginnings, ends).map { $0..<$1 }
    isForSndfile = isPlain
  }

  /// The beginning of the next page; the end of the file where there is none.
  private static func page(
    behind offset: Int, _ file: FileBytes, _ window: inout ByteWindow
  ) throws(FileBytes.Refusal) -> Int {
    var offset = offset + 1
    while offset + headerBytes <= file.count {
      if try window.bytes(at: offset, 4).elementsEqual("OggS".utf8) { return offset }
      offset += 1
    }
    return file.count
  }
}
