/// Tags of titles, texts and pictures that some programs put behind the sound of any file.
///
/// libFLAC takes them for damaged frames. WAV, AIFF and CAF say where their sound ends, and MP3 is walked
/// through frame by frame.
enum TrailingTags {
  /// The end of a FLAC file without its tags; the end of the file for all other formats.
  ///
  /// Source: the descriptions of ID3v1, of APE tags 1 and 2 (a footer of 32 bytes, which counts itself and
  /// the items) and of Lyrics3 2.00.
  ///
  /// - Throws: `FileBytes.Refusal` where the system does not hand out the bytes.
  static func end(of file: FileBytes, from start: Int) throws(FileBytes.Refusal) -> Int {
    guard try file.bytes(at: start, 4).elementsEqual("fLaC".utf8) else { return file.count }
    // ID3v1 is last in a file. "TAG" occurs within "APETAGEX" too, hence the exact place.
    let isTagged = try file.bytes(at: file.count - 128, 3).elementsEqual("TAG".utf8)
    var end = file.count - (isTagged ? 128 : 0)
    while case let length = try tag(before: end, file), length > 0, end - length > start {
      end -= length
    }
    return end
  }

  private static func tag(before end: Int, _ file: FileBytes) throws(FileBytes.Refusal) -> Int {
    let footer = try file.bytes(at: end - 32, 32)
    if footer.starts(with: "APETAGEX".utf8), footer.count == 32 {
      // The highest bit of the flags says that there is a header of 32 bytes too.
      return footer[12..<16].littleEndian + (footer[23] & 0x80 != 0 ? 32 : 0)
    }
    guard footer.suffix(9).elementsEqual("LYRICS200".utf8) else { return 0 }
    let digits = String(decoding: footer.dropLast(9).suffix(6), as: UTF8.self)
    return Int(digits).map { $0 + 15 } ?? 0
  }
}
