import Foundation

/// The frames of an MP3 file, found by walking from header to header; nothing is decoded.
///
/// Its length is not what a header promises: many writers leave no Xing, Info or VBRI frame, and some
/// leave a wrong one. libmpg123 then guesses from the size of the first frame.
struct MPEGStream: Sendable {
  /// The first frame of sound.
  let first: MPEGFrame
  /// The position and length of each frame of sound in the file.
  let frames: [FrameLocation]
  /// The samples before and behind the sound that the encoder put there.
  let delay: Int
  let surplus: Int
  /// Seconds that the file's own count promises, where the file ends before; nil for a whole file.
  let promisedS: Double?
  /// The frame at which the rate or the number of channels changes, as where files were joined.
  let change: Int?

  struct FrameLocation: Sendable {
    let offset: UInt64
    let length: UInt32
  }

  /// The samples of each channel that are sound.
  var samples: Int { max(0, frames.count * first.samples - delay - surplus) }

  /// The name of the coding.
  var format: String { "MP\(first.layer)" }

  /// Walks through a file from an offset; nil where no MPEG audio begins there.
  ///
  /// - Parameter afterLead: whether it may begin somewhat later, behind bytes of something else.
  /// - Throws: `FileBytes.Refusal` where the system does not hand out the bytes.
  init?(_ file: FileBytes, from start: Int, afterLead: Bool) throws(FileBytes.Refusal) {
    var walk = HeaderWalk(file)
    guard var (offset, frame) = try walk.beginning(from: start, afterLead: afterLead) else {
      return nil
    }
    let tag = try Self.tag(of: frame, at: offset, &walk)
    if tag != nil {
      let length = try walk.length(of: frame, at: offset)
      guard let next = try walk.next(after: offset, frame, length) else { return nil }
      (offset, frame) = next
    }
    first = frame
    var places: [FrameLocation] = []
    var change: Int?
    var endsWithin = false
    while true {
      let length = try walk.length(of: frame, at: offset)
      if length == 0 || offset + length > file.count {
        // The last frame is not whole: decoders drop it.
        endsWithin = true
        break
      }
      // Where files were joined, the tag of the second is no sound either.
      if try !walk.isTag(frame, at: offset) {
        places.append(FrameLocation(offset: UInt64(offset), length: UInt32(length)))
      }
      guard let next = try walk.next(after: offset, frame, length) else { break }
      (offset, frame) = next
      // The walk goes on, so that the error can name the time of the change and not only that there is one.
      if change == nil, !frame.continues(first) { change = places.count }
    }
    guard !places.isEmpty else { return nil }
    frames = places
    self.change = change
    let isWhole = tag.map { $0.frames == places.count } ?? false
    delay = min(tag?.delay ?? 0, places.count * first.samples)
    // The padding is at the end of the frames that the encoder counted; in a file with another number of
    // frames it is not there.
    surplus = isWhole ? tag?.surplus ?? 0 : 0
    promisedS = tag.flatMap { tag in
      guard let counted = tag.frames, counted > places.count else { return nil }
      // A wrong count alone says nothing: the bytes must be missing too.
      let isCut = tag.bytes.map { file.count - tag.offset < $0 } ?? endsWithin
      return isCut ? Double(counted * frame.samples) / Double(frame.rateHz) : nil
    }
  }
}

// MARK: - Tags

extension MPEGStream {
  /// The contents of the frame in front of the sound, which has no sound itself.
  private struct Tag {
    var offset: Int
    /// The frames of sound.
    var frames: Int?
    /// The bytes from here to the end of the sound.
    var bytes: Int?
    var delay = 0
    var surplus = 0
  }

  /// The samples by which decoders of layer III are late (528) and the one that their filter adds.
  private static let decoderDelay = 529

  /// Reads a Xing, Info or VBRI frame.
  ///
  /// Source: the headers that Xing's and Fraunhofer's encoders write, and LAME's extension of the first
  /// (`VbrTag.c`), as FFmpeg 5.1 reads them (`libavformat/mp3dec.c`).
  private static func tag(
    of frame: MPEGFrame, at offset: Int, _ walk: inout HeaderWalk
  ) throws(FileBytes.Refusal) -> Tag? {
    guard frame.layer == 3 else { return nil }
    let bytes = try walk.window.bytes(at: offset, 256)
    func number(_ at: Int, _ count: Int) -> Int? {
      let found = bytes.dropFirst(at).prefix(count)
      return found.count == count ? found.bigEndian : nil
    }
    func text(_ at: Int, _ count: Int) -> String {
      String(decoding: bytes.dropFirst(at).prefix(count), as: UTF8.self)
    }
    var at = MPEGFrame.headerBytes + frame.sideBytes
    var tag = Tag(offset: offset)
    if ["Xing", "Info"].contains(text(at, 4)), let flags = number(at + 4, 4) {
      at += 8
      for (bit, size) in [(1, 4), (2, 4), (4, 100), (8, 4)] where flags & bit != 0 {
        if bit == 1 { tag.frames = number(at, size) }
        if bit == 2 { tag.bytes = number(at, size) }
        at += size
      }
      if ["LAME", "Lavf", "Lavc"].contains(text(at, 4)), let edges = number(at + 21, 3) {
        tag.delay = edges >> 12 + decoderDelay
        tag.surplus = max(0, edges & 0xFFF - decoderDelay)
      }
      return tag
    }
    at = MPEGFrame.headerBytes + 32
    guard text(at, 4) == "VBRI" else { return nil }
    tag.bytes = number(at + 10, 4)
    tag.frames = number(at + 14, 4)
    return tag
  }
}

// MARK: - From header to header

extension MPEGStream {
  private struct HeaderWalk {
    var window: ByteWindow
    private let end: Int
    /// The bytes of a frame of free format without its padding.
    private var freeLength: Int?

    /// The greatest distance of a first frame from the beginning of the file, or from the end of its tag.
    private static let greatestLead = 1 << 16

    init(_ file: FileBytes) {
      window = ByteWindow(file, step: 1 << 16)
      end = file.count
    }

    private mutating func header(at offset: Int) throws(FileBytes.Refusal) -> MPEGFrame? {
      MPEGFrame(try window.bytes(at: offset, MPEGFrame.headerBytes))
    }

    /// The first of several headers that follow each other.
    mutating func beginning(
      from start: Int, afterLead: Bool
    ) throws(FileBytes.Refusal) -> (Int, MPEGFrame)? {
      guard afterLead else {
        guard let frame = try header(at: start), try isChain(from: start, frame, 2) else {
          return nil
        }
        return (start, frame)
      }
      // Any bytes may look like a header; not like five at the right distances.
      var offset = start + 1
      while offset < min(end, start + Self.greatestLead) {
        if let frame = try header(at: offset), frame.length > 0,
          try isChain(from: offset, frame, 4)
        {
          return (offset, frame)
        }
        offset += 1
      }
      return nil
    }

    /// Whether so many frames, or all to the end of the file, follow this one.
    private mutating func isChain(
      from start: Int, _ first: MPEGFrame, _ count: Int
    ) throws(FileBytes.Refusal) -> Bool {
      var (offset, frame) = (start, first)
      for passed in 0..<count {
        if frame.length == 0 { freeLength = try freeLength(of: frame, at: offset) }
        let length = try self.length(of: frame, at: offset)
        guard length >= MPEGFrame.headerBytes else { return false }
        offset += length
        // A few frames may be all there is, with or without a tag of ID3v1 behind them.
        if offset == end || offset == end - 128 { return passed > 0 || start == 0 }
        guard let next = try header(at: offset), next.continues(first) else {
          return false
        }
        frame = next
      }
      return true
    }

    /// Whether a frame is one of Xing or Info: one whose side information and sound are nothing.
    mutating func isTag(_ frame: MPEGFrame, at offset: Int) throws(FileBytes.Refusal) -> Bool {
      guard frame.layer == 3 else { return false }
      let bytes = try window.bytes(at: offset + MPEGFrame.headerBytes, frame.sideBytes + 4)
      let word = bytes.suffix(4)
      return (word.elementsEqual("Xing".utf8) || word.elementsEqual("Info".utf8))
        && bytes.dropLast(4).allSatisfy { $0 == 0 }
    }

    /// The bytes of a frame; 0 where nothing tells.
    func length(of frame: MPEGFrame, at offset: Int) throws(FileBytes.Refusal) -> Int {
      frame.length > 0 ? frame.length : (freeLength ?? -frame.padding) + frame.padding
    }

    /// The distance to the next header of the same kind; all frames of free format have one length.
    private mutating func freeLength(
      of frame: MPEGFrame, at offset: Int
    ) throws(FileBytes.Refusal) -> Int? {
      let bytes = try window.bytes(at: offset, 8192)
      for distance in 32..<max(32, bytes.count - 4) {
        let next = MPEGFrame(bytes.dropFirst(distance).prefix(4))
        if let next, next.continues(frame) { return distance - frame.padding }
      }
      return nil
    }

    /// The frame behind one; what is none (tags, bytes that were damaged) is passed over.
    mutating func next(
      after offset: Int, _ frame: MPEGFrame, _ length: Int
    ) throws(FileBytes.Refusal) -> (Int, MPEGFrame)? {
      var offset = offset + length
      while offset + MPEGFrame.headerBytes <= end {
        if let next = try header(at: offset) {
          // A header of the same kind is enough here; one of another kind must begin a chain.
          if next.continues(frame) { return (offset, next) }
          if try isChain(from: offset, next, 2) { return (offset, next) }
        }
        let tag = try ID3.length(at: offset, &window)
        if tag > 0 {
          offset += tag
          continue
        }
        offset += 1
        while offset + MPEGFrame.headerBytes <= end {
          if let found = try header(at: offset), try isChain(from: offset, found, 1) {
            break
          }
          if try ID3.length(at: offset, &window) > 0 { break }
          offset += 1
        }
      }
      return nil
    }
  }
}

/// The tag with a title, pictures and so on in front of sound (ID3v2).
enum ID3 {
  /// Its whole length in bytes; 0 where there is none.
  static func length(
    at offset: Int, _ window: inout ByteWindow
  ) throws(FileBytes.Refusal) -> Int {
    let head = try window.bytes(at: offset, 10)
    let sizes = head.dropFirst(6)
    guard head.count == 10, head.starts(with: "ID3".utf8), sizes.allSatisfy({ $0 < 0x80 }) else {
      return 0
    }
    let footer = head[head.startIndex + 5] & 0x10 != 0 ? 10 : 0
    return 10 + sizes.reduce(0) { $0 << 7 | Int($1) } + footer
  }
}
