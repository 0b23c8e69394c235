import Foundation
import Synchronization
import ValenceCore

/// The decoder for a file, chosen by its bytes and never by its name.
enum AudioKind {
  /// The text that Git LFS leaves in place of a file.
  case pointer
  /// A container or coding that takes ffmpeg.
  case media(MediaContainer)
  /// MP3, MP2 or MP1.
  case mpeg(MPEGStream)
  /// Several Ogg streams one after the other, with the bytes of each.
  case joined([Range<Int>])
  /// A file for libsndfile to try, from this byte on.
  case sound(from: Int)
  /// Nothing that is read.
  case unknown

  private static let pointerBeginning = Array("version https://git-lfs.github.com/spec/".utf8)

  /// Looks at a file.
  ///
  /// The order of the looks counts: AAC begins with 0xFF as MP3 does, and `MediaContainer` tells it. A file
  /// that comes out as another kind than before has other samples, so `AudioReader.revision` must rise.
  ///
  /// - Throws: `FileBytes.Refusal` where the system does not hand out the bytes.
  init(_ file: FileBytes) throws(FileBytes.Refusal) {
    var window = ByteWindow(file)
    if try window.bytes(at: 0, Self.pointerBeginning.count).elementsEqual(Self.pointerBeginning) {
      self = .pointer
      return
    }
    // Tags with titles and pictures precede MP3, and sometimes AAC and FLAC.
    var start = 0
    while case let tag = try ID3.length(at: start, &window), tag > 0, start + tag < file.count {
      start += tag
    }
    let beginning = Array(try window.bytes(at: start, 16))
    if let container = try MediaContainer(file, from: start) {
      self = .media(container)
    } else if beginning.starts(with: "OggS".utf8) {
      self = try Self.ogg(file, from: start)
    } else if beginning.starts(with: "ID3".utf8) {
      // A tag of a damaged length.
      self = try Self.mpeg(file, from: start, afterLead: true) ?? .unknown
    } else if beginning.first == 0xFF {
      self = try Self.mpeg(file, from: start) ?? .unknown
    } else {
      self = try Self.wav(file, from: start) ?? .sound(from: start)
    }
  }

  /// Looks for MP3 behind bytes of something else, as in a recording of a stream that was joined in its
  /// middle.
  ///
  /// - Throws: `FileBytes.Refusal` where the system does not hand out the bytes.
  static func mpegBehindOtherBytes(
    _ file: FileBytes, from start: Int
  ) throws(FileBytes.Refusal) -> MPEGStream? {
    guard case .mpeg(let stream) = try mpeg(file, from: start, afterLead: true) else { return nil }
    return stream
  }

  /// Whether a file begins as one of a format that is read, though what follows cannot be.
  ///
  /// - Throws: `FileBytes.Refusal` where the system does not hand out the bytes.
  static func isKnown(_ file: FileBytes, from start: Int) throws(FileBytes.Refusal) -> Bool {
    let head = try file.bytes(at: start, 12)
    if ["fLaC", "caff"].contains(where: { head.starts(with: $0.utf8) }) { return true }
    let forms = ["RIFF": ["WAVE"], "RIFX": ["WAVE"], "RF64": ["WAVE"], "FORM": ["AIFF", "AIFC"]]
    let kinds = forms[String(decoding: head.prefix(4), as: UTF8.self)] ?? []
    return kinds.contains(String(decoding: head.dropFirst(8), as: UTF8.self))
  }

  /// The codings in WAV files that are not libsndfile's.
  private static func wav(
    _ file: FileBytes, from start: Int
  ) throws(FileBytes.Refusal) -> AudioKind? {
    guard let form = try WAVForm(file, from: start) else { return nil }
    if WAVForm.mpegCodings.contains(form.coding) {
      if let kind = try mpeg(file, from: form.dataOffset) { return kind }
      return try mpeg(file, from: form.dataOffset, afterLead: true) ?? .unknown
    }
    return WAVForm.mediaCodings.contains(form.coding) ? .media(.wav) : nil
  }

  private static func ogg(
    _ file: FileBytes, from start: Int
  ) throws(FileBytes.Refusal) -> AudioKind {
    let links = try OggLinks(file, from: start)
    guard links.isForSndfile else { return .media(.ogg) }
    return links.ranges.count > 1 ? .joined(links.ranges) : .sound(from: start)
  }

  /// The walks through the last long files: a recording is opened anew for each of its spans.
  private static let walks = Mutex<[(stamp: FileStamp, stream: MPEGStream)]>([])
  private static let fewestBytesKept = 1 << 20
  private static let mostWalksKept = 8

  private static func mpeg(
    _ file: FileBytes, from start: Int, afterLead: Bool = false
  ) throws(FileBytes.Refusal) -> AudioKind? {
    let isLong = file.count >= fewestBytesKept
    if isLong,
      let known = walks.withLock({ walks in walks.first { $0.stamp == file.stamp }?.stream })
    {
      return .mpeg(known)
    }
    guard let stream = try MPEGStream(file, from: start, afterLead: afterLead) else { return nil }
    if isLong, let stamp = file.stamp {
      walks.withLock { walks in
        walks = [(stamp, stream)] + walks.prefix(mostWalksKept - 1)
      }
    }
    return .mpeg(stream)
  }
}
