import Foundation

/// What the header of an MP4 file says of its first sound track, read without decoding.
///
/// Starting ffmpeg takes longer than decoding a clip of seconds, and lengths are asked for again with
/// every run. Source: ISO/IEC 14496-12 (ISO base media file format), section 8.
struct MP4Header {
  /// The rate, the channels, and the length without the encoder's delay.
  let info: AudioInfo

  /// Why a header is of no use.
  enum Fault: Error, Equatable {
    /// There is no header, or what it says makes no sense.
    case damaged
    /// The file ends before its data do.
    case truncated(promisedS: Double?)
    /// There are tracks, and none is of sound.
    case noSound
    /// The length stands in fragments behind the header (streams); decoding tells it.
    case lengthUnknown
  }

  /// Reads the header of an open file, from any position.
  init(_ file: FileHandle) throws(Fault) {
    let size: UInt64
    var movie: ArraySlice<UInt8>?
    var endsEarly = false
    do {
      size = try file.seekToEnd()
      var offset: UInt64 = 0
      while offset + 8 <= size {
        try file.seek(toOffset: offset)
        let head = Array(try file.read(upToCount: 16) ?? Data())
        guard head.count >= 8 else { break }
        var length = UInt64(Self.number(head[0..<4]))
        if length == 1 { length = head.count == 16 ? UInt64(Self.number(head[8..<16])) : 0 }
        if length == 0 { length = size - offset }
        guard length >= 8 else { break }
        let (end, overflows) = offset.addingReportingOverflow(length)
        endsEarly = overflows || end > size
        if head[4..<8].elementsEqual("moov".utf8), !endsEarly, length < Self.greatestMovieBytes {
          try file.seek(toOffset: offset)
          movie = Array(try file.read(upToCount: Int(length)) ?? Data())[...].dropFirst(8)
        }
        if endsEarly { break }
        offset = end
      }
    } catch {
      throw .damaged
    }
    guard let movie else { throw endsEarly ? .truncated(promisedS: nil) : .damaged }
    info = try Self.sound(in: movie)
    if endsEarly { throw .truncated(promisedS: info.durationS) }
  }

  /// A header of hours of video has megabytes; anything longer is a damaged length.
  private static let greatestMovieBytes: UInt64 = 1 << 28

  private static func sound(in movie: ArraySlice<UInt8>) throws(Fault) -> AudioInfo {
    let tracks = boxes("trak", in: movie)
    guard !tracks.isEmpty else { throw .damaged }
    let sounds = tracks.filter { track in
      let handler = boxes("hdlr", in: boxes("mdia", in: track).first ?? []).first ?? []
      return handler.dropFirst(8).prefix(4).elementsEqual("soun".utf8)
    }
    guard let track = sounds.first else { throw .noSound }
    guard let media = boxes("mdia", in: track).first,
      let clock = boxes("mdhd", in: media).first, let time = Clock(clock), time.scale > 0,
      let tables = boxes("minf", in: media).first.flatMap({ boxes("stbl", in: $0).first }),
      let entry = boxes("stsd", in: tables).first?.dropFirst(8), entry.count >= 36
    else { throw .damaged }
    let start = entry.startIndex
    // The entry's own number is 2 by custom, whatever the sound has.
    let channels =
      aacChannels(entry.dropFirst(36)) ?? number(entry[start + 24..<start + 26])
    let rateHz = number(entry[start + 32..<start + 34])
    guard time.duration > 0 else { throw .lengthUnknown }
    let played = max(0, time.duration - delay(of: track, clock: time))
    // Above 65535 Hz the entry's rate does not fit, and the clock's is the sound's.
    let rate = rateHz > 0 ? rateHz : time.scale
    return AudioInfo(
      format: MediaContainer.mp4.rawValue, rateHz: rate, channels: max(1, channels),
      frames: Int((Double(played) * Double(rate) / Double(time.scale)).rounded()))
  }

  /// The channels that the decoder's configuration (`esds`) of AAC says; nil for other codings.
  ///
  /// Source: ISO/IEC 14496-1, section 7.2.6 (descriptors), and 14496-3, section 1.6.2.
  private static func aacChannels(_ boxes: ArraySlice<UInt8>) -> Int? {
    guard var rest = Self.boxes("esds", in: boxes).first?.dropFirst(4) else { return nil }
    // Descriptors one in the other: tag 3 begins with 3 bytes of its own, tag 4 with 13.
    for (tag, own) in [(3, 3), (4, 13), (5, 0)] as [(UInt8, Int)] {
      guard rest.first == tag else { return nil }
      let length = rest.dropFirst().prefix(4)
      let more = length.prefix { $0 & 0x80 != 0 }.count
      rest = rest.dropFirst(1 + min(more + 1, 4) + own)
    }
    // Five bits of object type, four of the rate, four of the channels.
    guard rest.count >= 2 else { return nil }
    let bits = number(rest.prefix(2))
    let configuration = bits >> 3 & 0xF
    return (1...7).contains(configuration) ? (configuration == 7 ? 8 : configuration) : nil
  }

  /// What players skip of a track's beginning, in its clock: most often the delay of an AAC encoder.
  private static func delay(of track: ArraySlice<UInt8>, clock: Clock) -> Int {
    guard let edits = boxes("edts", in: track).first.flatMap({ boxes("elst", in: $0).first }),
      edits.count >= 16, number(edits.dropFirst(4).prefix(4)) == 1
    else { return 0 }
    let isLong = edits[edits.startIndex] == 1
    let time = edits.dropFirst(isLong ? 16 : 12).prefix(isLong ? 8 : 4)
    let skipped = number(time)
    return time.count == (isLong ? 8 : 4) && skipped < clock.duration ? skipped : 0
  }

  /// The clock and the length of a track (`mdhd`).
  private struct Clock {
    let scale: Int
    let duration: Int

    init?(_ box: ArraySlice<UInt8>) {
      let isLong = box.first == 1
      guard box.count >= (isLong ? 32 : 20) else { return nil }
      scale = number(box.dropFirst(isLong ? 20 : 12).prefix(4))
      let length = box.dropFirst(isLong ? 24 : 16).prefix(isLong ? 8 : 4)
      // All ones say that nobody knows.
      duration = length.allSatisfy { $0 == 0xFF } ? 0 : number(length)
    }
  }

  /// The contents of the boxes of that type, one after another in `bytes`.
  private static func boxes(_ type: String, in bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var found: [ArraySlice<UInt8>] = []
    var rest = bytes
    while rest.count >= 8 {
      let length = number(rest.prefix(4))
      guard length >= 8, length <= rest.count else { break }
      let box = rest.prefix(length)
      if box.dropFirst(4).prefix(4).elementsEqual(type.utf8) { found.append(box.dropFirst(8)) }
      rest = rest.dropFirst(length)
    }
    return found
  }

  /// A big-endian number; what does not fit is the greatest there is.
  private static func number(_ bytes: some Collection<UInt8>) -> Int {
    let value = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(clamping: value)
  }
}
