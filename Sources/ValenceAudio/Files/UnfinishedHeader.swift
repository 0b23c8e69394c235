/// The coding of a WAV file, and where its samples begin.
struct WAVForm {
  /// The number that Microsoft gave the coding.
  let coding: Int
  let dataOffset: Int

  /// MPEG audio of layers I and II, and MP3.
  static let mpegCodings: Set = [0x50, 0x55]
  /// G.722, G.726, G.723.1, OKI, TrueSpeech, AMR, AAC, Windows Media and AC-3, with their other numbers.
  static let mediaCodings: Set = [
    0x28F, 0x65, 0x45, 0x64, 0x42, 0x10, 0x17, 0x20, 0x22, 0x57, 0x58, 0x7A21, 0x7A22, 0xFF, 0x1600,
    0x1602, 0x160, 0x161, 0x162, 0x163, 0x200, 0x2000,
  ]

  /// Reads the header of a file that begins at an offset; nil for one that is no WAV file.
  ///
  /// - Throws: `FileBytes.Refusal` where the system does not hand out the bytes.
  init?(_ file: FileBytes, from start: Int) throws(FileBytes.Refusal) {
    var window = ByteWindow(file)
    let head = Array(try window.bytes(at: start, 12))
    guard head.count == 12, head.starts(with: "RIFF".utf8) || head.starts(with: "RF64".utf8),
      head[8...].elementsEqual("WAVE".utf8)
    else { return nil }
    var offset = start + 12
    var coding: Int?
    while case let head = try window.bytes(at: offset, 10), head.count == 10 {
      if head.starts(with: "data".utf8) {
        guard let coding else { return nil }
        (self.coding, dataOffset) = (coding, offset + 8)
        return
      }
      if head.starts(with: "fmt ".utf8) { coding = head.suffix(2).littleEndian }
      let size = head.dropFirst(4).prefix(4).littleEndian
      offset += 8 + size + size % 2
    }
    return nil
  }
}

/// Corrects the lengths in headers whose writer could not return to them.
///
/// A recorder that lost its power leaves 0 in a WAV file; one that writes to a pipe leaves −1 in a CAF or
/// RF64 file. FFmpeg 5.1 reads such files to their end (`libavformat/wavdec.c`, `cafdec.c`); libsndfile
/// 1.2.0 finds no samples.
enum UnfinishedHeader {
  /// The bytes to replace in the header, counted from `start`; none for a header that is finished.
  ///
  /// BW64 (ITU-R BS.2088) is RF64 by another name, which libsndfile 1.2.0 does not know.
  ///
  /// - Throws: `FileBytes.Refusal` where the system does not hand out the bytes.
  static func corrections(
    _ file: FileBytes, from start: Int
  ) throws(FileBytes.Refusal) -> [ByteStream.Correction] {
    var window = ByteWindow(file)
    let head = Array(try window.bytes(at: start, 12))
    guard head.count == 12 else { return [] }
    if head.starts(with: "caff".utf8) { return try caf(file, from: start, &window) }
    let isBW64 = head.starts(with: "BW64".utf8)
    let isRF64 = isBW64 || head.starts(with: "RF64".utf8)
    guard isRF64 || head.starts(with: "RIFF".utf8), head[8...].elementsEqual("WAVE".utf8) else {
      return []
    }
    let name: [ByteStream.Correction] =
      isBW64 ? [.init(offset: 0, bytes: Array("RF64".utf8))] : []
    return name + (try wav(file, from: start, isRF64: isRF64, &window))
  }

  private static func wav(
    _ file: FileBytes, from start: Int, isRF64: Bool, _ window: inout ByteWindow
  ) throws(FileBytes.Refusal) -> [ByteStream.Correction] {
    var offset = start + 12
    var longSizes: Int?
    while case let head = try window.bytes(at: offset, 36), head.count >= 8 {
      let size = head.dropFirst(4).prefix(4).littleEndian
      if isRF64, head.starts(with: "ds64".utf8) { longSizes = offset + 8 }
      guard head.starts(with: "data".utf8) else {
        offset += 8 + size + size % 2
        continue
      }
      // Nothing but a length of 0 is corrected: libsndfile itself handles lengths that are too great.
      let present = file.count - offset - 8
      var promised = size
      // In RF64 the 32-bit length is all ones, and the true one is in the ds64 chunk.
      if size == 0xFFFF_FFFF, let longSizes {
        promised = try window.bytes(at: longSizes + 8, 8).littleEndian
      }
      guard promised == 0, present > 0, try !areChunks(file, from: offset + 8, &window) else {
        return []
      }
      if size == 0xFFFF_FFFF, let longSizes {
        let all = bytes(file.count - start - 8, 8) + bytes(present, 8)
        return [.init(offset: longSizes - start, bytes: all)]
      }
      // Both lengths have 32 bits.
      return [
        .init(offset: 4, bytes: bytes(min(file.count - start - 8, 0xFFFF_FFFF), 4)),
        .init(offset: offset + 4 - start, bytes: bytes(min(present, 0xFFFF_FFFF), 4)),
      ]
    }
    return []
  }

  /// Whether chunks fill the file to its end, as behind a WAV file's samples that really are none.
  private static func areChunks(
    _ file: FileBytes, from start: Int, _ window: inout ByteWindow
  ) throws(FileBytes.Refusal) -> Bool {
    var offset = start
    while case let head = try window.bytes(at: offset, 8), head.count == 8 {
      guard head.prefix(4).allSatisfy({ (0x20..<0x7F).contains($0) }) else { return false }
      let size = head.dropFirst(4).littleEndian
      offset += 8 + size + size % 2
    }
    return offset == file.count || offset == file.count + 1
  }

  private static func caf(
    _ file: FileBytes, from start: Int, _ window: inout ByteWindow
  ) throws(FileBytes.Refusal) -> [ByteStream.Correction] {
    var offset = start + 8
    while case let head = try window.bytes(at: offset, 12), head.count == 12 {
      let size = head.dropFirst(4)
      let isUnknown = size.allSatisfy { $0 == 0xFF }
      guard head.starts(with: "data".utf8) else {
        if isUnknown { return [] }
        let (next, overflows) = (offset + 12).addingReportingOverflow(size.bigEndian)
        if overflows { return [] }
        offset = next
        continue
      }
      let present = file.count - offset - 12
      // Four bytes of the chunk count its edits.
      guard isUnknown || size.bigEndian <= 4, present > 4 else { return [] }
      if !isUnknown, try isCAFChunk(at: offset + 12 + size.bigEndian, &window) { return [] }
      return [.init(offset: offset + 4 - start, bytes: bytes(present, 8).reversed())]
    }
    return []
  }

  private static func isCAFChunk(
    at offset: Int, _ window: inout ByteWindow
  ) throws(FileBytes.Refusal) -> Bool {
    let known = ["free", "info", "chan", "kuki", "desc", "peak", "strg", "uuid", "pakt", "mark"]
    let head = try window.bytes(at: offset, 4)
    return known.contains { head.elementsEqual($0.utf8) }
  }

  /// A number in as many bytes, the lowest first.
  private static func bytes(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}
