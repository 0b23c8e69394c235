import Foundation

/// The first sound track of an MP4 file by its header, without decoding.
///
/// Starting ffmpeg takes longer than decoding a clip of seconds, and lengths are asked for again with
/// every run. Source: ISO/IEC 14496-12 (ISO base media file format), section 8.
struct MP4Header {
  /// The rate, the channels, and the length without the encoder's delay.
  let info: AudioInfo

  /// Reads the header of an open file.
  ///
  /// - Throws: `MP4HeaderFault`, or `FileBytes.Refusal` where the system does not hand out the bytes.
  init(_ file: FileBytes) throws {
    var movie: [UInt8]?
    var endsEarly = false
    var isInFragments = false
    for box in try Self.topBoxes(of: file) {
      if box.range.upperBound > file.count {
        // Behind the boxes of sound and header there may be anything: apps leave notes there.
        endsEarly = ["moov", "mdat", "moof"].contains(box.type) || movie == nil
        break
      }
      if box.type == "moof" { isInFragments = true }
      if box.type == "moov", movie == nil, box.range.count < Self.greatestMovieBytes {
        movie = try file.bytes(at: box.range.lowerBound, box.range.count)
      }
    }
    guard let movie else {
      throw endsEarly ? MP4HeaderFault.truncated(promisedS: nil) : MP4HeaderFault.damaged
    }
    let content = movie.dropFirst(movie.starts(with: [0, 0, 0, 1]) ? 16 : 8)
    info = try Self.sound(in: content, of: file.count, isInFragments: isInFragments)
    if endsEarly { throw MP4HeaderFault.truncated(promisedS: info.durationS) }
  }

  /// A header of hours of video has megabytes; anything longer is a damaged length.
  private static let greatestMovieBytes = 1 << 28

  private typealias TopBox = (type: String, range: Range<Int>)

  /// The boxes at the top level of a file, up to the first that reaches beyond it or is none.
  private static func topBoxes(of file: FileBytes) throws(FileBytes.Refusal) -> [TopBox] {
    var found: [TopBox] = []
    var window = ByteWindow(file)
    var offset = 0
    while offset + 8 <= file.count {
      let head = try window.bytes(at: offset, 16)
      var length = head.prefix(4).bigEndian
      if length == 1 { length = head.count == 16 ? head.dropFirst(8).bigEndian : 0 }
      if length == 0 { length = file.count - offset }
      let (end, overflows) = offset.addingReportingOverflow(length)
      guard length >= 8, !overflows else { break }
      let type = String(decoding: head.dropFirst(4).prefix(4), as: UTF8.self)
      found.append((type, offset..<end))
      offset = end
    }
    return found
  }

  /// Whether a file of that size begins as one of QuickTime or MP4: with a box that may be the first.
  static func begins(_ beginning: [UInt8], of size: Int) -> Bool {
    guard beginning.count >= 8 else { return false }
    let type = beginning[4..<8]
    if ["ftyp", "moov", "mdat"].contains(where: { type.elementsEqual($0.utf8) }) { return true }
    // Texts have words like these too, but not behind a length.
    let length = beginning[..<4].bigEndian
    return (length <= 1 || (8...size).contains(length))
      && ["wide", "free", "skip", "pnot", "uuid", "styp", "sidx", "moof", "PICT", "junk"]
        .contains { type.elementsEqual($0.utf8) }
  }

  private static func sound(
    in movie: ArraySlice<UInt8>, of size: Int, isInFragments: Bool
  ) throws(MP4HeaderFault) -> AudioInfo {
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
    let isFragmented = isInFragments || !boxes("mvex", in: movie).isEmpty
    guard let sampled = Samples(tables) ?? (isFragmented ? Samples.none : nil) else {
      throw .damaged
    }
    let (channels, rate) = form(entry, clock: time)
    // Fragments hold more than the header, and many writers leave a length in it that is not theirs.
    guard !isFragmented, time.duration > 0 else { throw .lengthUnknown }
    let length = min(time.duration, sampled.duration)
    let edit = edit(of: track, clock: time)
    var played = max(0, length - edit.skipped)
    // The end that somebody took off is told in the clock of the movie, which is coarser.
    if let part = edit.length, let movieClock = boxes("mvhd", in: movie).first.flatMap(Clock.init),
      movieClock.scale > 0
    {
      let tick = Double(time.scale) / Double(movieClock.scale)
      if (Double(part) + 1) * tick < Double(played) {
        played = Int((Double(part) * tick).rounded())
      }
    }
    let frames = (Double(played) * Double(rate) / Double(time.scale)).rounded()
    guard frames < Double(size) * greatestSamplesPerByte else { throw .damaged }
    let info = AudioInfo(
      format: MediaContainer.mp4.rawValue, rateHz: rate, channels: max(1, channels),
      frames: Int(frames))
    if sampled.bytes > size { throw .truncated(promisedS: info.durationS) }
    return info
  }

  /// The longest coded sound (FLAC's silence) has 65,535 samples in ten bytes.
  private static let greatestSamplesPerByte = 65536.0

  /// The channels and the rate of a track.
  private static func form(
    _ entry: ArraySlice<UInt8>, clock: Clock
  ) -> (channels: Int, rateHz: Int) {
    let fields = Array(entry)
    // The second version of QuickTime's description has both elsewhere.
    if fields[16..<18].bigEndian == 2, fields.count >= 52 {
      let rate = Double(bitPattern: fields[40..<48].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
      return (fields[48..<52].bigEndian, rate >= 1 && rate < 1e7 ? Int(rate) : clock.scale)
    }
    // The entry's own number is 2 by custom, for any number of channels.
    let channels = aacChannels(entry.dropFirst(36)) ?? fields[24..<26].bigEndian
    let rateHz = fields[32..<34].bigEndian
    // Above 65535 Hz the entry's rate does not fit, and the clock's is the sound's.
    return (channels, rateHz > 0 ? rateHz : clock.scale)
  }

  /// The coded samples of a track by its tables.
  private struct Samples {
    /// Their length in the track's clock.
    let duration: Int
    /// Their bytes.
    let bytes: Int

    static let none = Samples(duration: 0, bytes: 0)

    private init(duration: Int, bytes: Int) { (self.duration, self.bytes) = (duration, bytes) }

    /// Nil where the tables are missing or contradict each other.
    init?(_ tables: ArraySlice<UInt8>) {
      guard let times = boxes("stts", in: tables).first, times.count >= 8 else { return nil }
      var (duration, count) = (0, 0)
      var rest = times.dropFirst(8)
      for _ in 0..<min(times.dropFirst(4).prefix(4).bigEndian, rest.count / 8) {
        let samples = rest.prefix(4).bigEndian
        count += samples
        let (length, overflows) = samples.multipliedReportingOverflow(
          by: rest.dropFirst(4).prefix(4).bigEndian)
        duration = overflows ? .max : min(Int.max - duration, length) + duration
        rest = rest.dropFirst(8)
      }
      guard duration > 0, let sizes = boxes("stsz", in: tables).first, sizes.count >= 12 else {
        // Compact sizes (stz2) are rare, and bound nothing.
        guard duration > 0, boxes("stz2", in: tables).first != nil else { return nil }
        (self.duration, bytes) = (duration, 0)
        return
      }
      let size = sizes.dropFirst(4).prefix(4).bigEndian
      let number = sizes.dropFirst(8).prefix(4).bigEndian
      guard size > 0 || sizes.count >= 12 + 4 * number, count <= number else { return nil }
      self.duration = duration
      let each = sizes.dropFirst(12)
      let (product, overflows) = size.multipliedReportingOverflow(by: number)
      bytes =
        size > 0
        ? (overflows ? .max : product)
        : stride(from: each.startIndex, to: each.startIndex + 4 * number, by: 4).reduce(0) {
          $0 + each[$1..<$1 + 4].bigEndian
        }
    }
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
    let bits = rest.prefix(2).bigEndian
    let configuration = bits >> 3 & 0xF
    return (1...7).contains(configuration) ? (configuration == 7 ? 8 : configuration) : nil
  }

  /// The length that players skip at a track's beginning, in its clock: most often the delay of an AAC
  /// encoder; and the length that they play from there, in the clock of the movie, if that is stated.
  private static func edit(
    of track: ArraySlice<UInt8>, clock: Clock
  ) -> (skipped: Int, length: Int?) {
    guard let edits = boxes("edts", in: track).first.flatMap({ boxes("elst", in: $0).first }),
      edits.count >= 16, edits.dropFirst(4).prefix(4).bigEndian == 1
    else { return (0, nil) }
    let bytes = edits[edits.startIndex] == 1 ? 8 : 4
    let length = edits.dropFirst(8).prefix(bytes).bigEndian
    let time = edits.dropFirst(8 + bytes).prefix(bytes)
    let skipped = time.bigEndian
    let isSkipped = time.count == bytes && skipped < clock.duration
    return (isSkipped ? skipped : 0, isSkipped && length > 0 ? length : nil)
  }

  /// The clock and the length of a track (`mdhd`) or of the whole (`mvhd`), which begin alike.
  private struct Clock {
    let scale: Int
    let duration: Int

    init?(_ box: ArraySlice<UInt8>) {
      let isLong = box.first == 1
      guard box.count >= (isLong ? 32 : 20) else { return nil }
      scale = box.dropFirst(isLong ? 20 : 12).prefix(4).bigEndian
      let length = box.dropFirst(isLong ? 24 : 16).prefix(isLong ? 8 : 4)
      // All ones: unknown.
      duration = length.allSatisfy { $0 == 0xFF } ? 0 : length.bigEndian
    }
  }

  /// The contents of the boxes of that type, one after another in `bytes`.
  private static func boxes(_ type: String, in bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var found: [ArraySlice<UInt8>] = []
    var rest = bytes
    while rest.count >= 8 {
      let length = rest.prefix(4).bigEndian
      guard length >= 8, length <= rest.count else { break }
      let box = rest.prefix(length)
      if box.dropFirst(4).prefix(4).elementsEqual(type.utf8) { found.append(box.dropFirst(8)) }
      rest = rest.dropFirst(length)
    }
    return found
  }
}

/// Why the header of an MP4 file cannot be used.
enum MP4HeaderFault: Error, Equatable {
  /// There is no header, or what it says makes no sense.
  case damaged
  /// The file ends before its data do.
  case truncated(promisedS: Double?)
  /// There are tracks, and none is of sound.
  case noSound
  /// The length is spread over fragments behind the header (streams); decoding tells it.
  case lengthUnknown
}
