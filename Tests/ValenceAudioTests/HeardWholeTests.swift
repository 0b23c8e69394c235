import Foundation
import Testing
import ValenceAudio
import ValenceCore
import ValenceTestSupport

/// A file of a test's own making, and what is done to it afterwards.
struct MadeFile: Sendable, CustomStringConvertible {
  /// What a writer, an app or a cable does to a file.
  enum Change: Sendable {
    case none
    case tagInFront
    case behind([UInt8])
    /// Behind bytes of another file's end, as where a stream was joined in its middle.
    case fromByte(Int)
    case leadIn(Int)
    case twice
    /// The frames that a Xing frame counts, times this.
    case xing(Double)
    /// What a WAV file's length is off by.
    case wavSize(Int)
    /// The length, and that of the whole.
    case wavSizes(UInt32, UInt32)
    /// A box in front of all others.
    case box(String, Int)
    /// Another name of the form in its first four bytes.
    case named(String)
  }

  let name: String
  var rateHz = 22050
  var channels = 1
  var seconds = 1.3
  /// What ffmpeg is told of the coding.
  var coding: [String]
  /// The format where it is written to a pipe.
  var pipe: String?
  var change = Change.none
  /// Whether ffmpeg's own reading is the truth; else the sound that was packed is.
  var isTruthDecoded = true

  var description: String { name }

  /// Makes the file.
  func make(in folder: TemporaryFolder) throws -> URL {
    let mono = syllables(seconds: seconds, rateHz: rateHz, seed: UInt64(name.utf8.count))
    let samples = channels == 1 ? mono : mono.flatMap { [$0, $0 * 0.5] }
    let wav = WAVBytes(rateHz: UInt32(rateHz), channels: UInt16(channels))
    let source = try folder.write(wav.file(samples), as: "source.wav")
    let file = folder.url.appending(path: name)
    if let pipe {
      try FFmpeg.run(["-i", source.path] + coding + ["-f", pipe, "pipe:1"]).write(to: file)
    } else {
      try FFmpeg.run(["-i", source.path] + coding + [file.path])
    }
    let bytes = changed([UInt8](try Data(contentsOf: file)))
    try Data(bytes).write(to: file)
    return file
  }

  private func changed(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    func put(_ number: UInt32, at: Int, bigEndian: Bool = false) {
      for index in 0..<4 {
        bytes[at + index] = UInt8(
          truncatingIfNeeded: number >> (8 * (bigEndian ? 3 - index : index)))
      }
    }
    func place(of word: String) -> Int {
      let word = Array(word.utf8)
      return bytes.indices.first { bytes[$0...].starts(with: word) } ?? 0
    }
    switch change {
    case .none: break
    case .tagInFront:
      bytes = Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 63] + [UInt8](repeating: 0, count: 63) + bytes
    case .behind(let more): bytes += more
    case .fromByte(let count): bytes.removeFirst(count)
    case .leadIn(let count): bytes = [UInt8](repeating: 0, count: count) + bytes
    case .twice: bytes += bytes
    case .xing(let factor):
      let at = max(place(of: "Xing"), place(of: "Info")) + 8
      let count = bytes[at..<at + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      put(UInt32(min(Double(count) * factor, 4e9)), at: at, bigEndian: true)
    case .wavSize(let more):
      let at = place(of: "data") + 4
      put(UInt32(bytes.count - at - 4 + more), at: at)
    case .wavSizes(let data, let all):
      put(data, at: place(of: "data") + 4)
      put(all, at: 4)
    case .box(let type, let size): bytes = withBox(type, size, bytes)
    case .named(let name): bytes.replaceSubrange(0..<4, with: name.utf8)
    }
    return bytes
  }

  /// QuickTime's order: a box, the samples, the header; the header's offsets follow.
  private func withBox(_ type: String, _ size: Int, _ bytes: [UInt8]) -> [UInt8] {
    func number(_ at: Int, _ bytes: [UInt8]) -> Int {
      bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    var boxes: [String: [UInt8]] = [:]
    var (offset, samples) = (0, 0)
    while offset < bytes.count {
      let length = number(offset, bytes)
      let name = String(decoding: bytes[offset + 4..<offset + 8], as: UTF8.self)
      if name == "mdat" { samples = offset }
      boxes[name] = Array(bytes[offset..<offset + length])
      offset += length
    }
    let first =
      [0, 0, UInt8(size >> 8), UInt8(size & 255)] + Array(type.utf8)
      + [UInt8](repeating: 0, count: size - 8)
    var movie = boxes["moov"] ?? []
    let table = movie.indices.first { movie[$0...].starts(with: Array("stco".utf8)) } ?? 0
    for entry in 0..<number(table + 8, movie) {
      let at = table + 12 + 4 * entry
      let moved = number(at, movie) + first.count - samples
      for index in 0..<4 {
        movie[at + index] = UInt8(truncatingIfNeeded: moved >> (24 - 8 * index))
      }
    }
    return first + (boxes["mdat"] ?? []) + movie
  }
}

@Suite(
  "Files are heard whole, as ffmpeg hears them",
  .enabled(if: Tool.isThere("ffmpeg"), "needs ffmpeg"))
struct HeardWholeTests {
  private static let mp3 = ["-c:a", "libmp3lame"]
  private static let untagged = ["-write_xing", "0", "-id3v2_version", "0"]
  private static let aac = ["-c:a", "aac"]

  /// As `sox a.wav a.mp3` writes: a constant rate, and no frame that tells the length.
  static let plain = (0..<32).map { number in
    let rate = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100][number % 8]
    return MadeFile(
      name: "plain\(number).mp3", rateHz: rate, channels: number % 5 == 4 ? 2 : 1,
      seconds: 0.4 + 0.11 * Double(number),
      coding: mp3 + untagged + ["-b:a", rate < 16000 ? "24k" : "64k"])
  }

  /// MP3 with other tags, and with none.
  static let tagged = [
    MadeFile(name: "piped.mp3", coding: mp3, pipe: "mp3"),
    MadeFile(name: "vbr.mp3", coding: mp3 + untagged + ["-q:a", "4"]),
    MadeFile(name: "vbr-stereo.mp3", rateHz: 44100, channels: 2, coding: mp3 + ["-q:a", "5"]),
    MadeFile(name: "abr.mp3", coding: mp3 + untagged + ["-abr", "1", "-b:a", "48k"]),
    MadeFile(name: "lame.mp3", coding: mp3 + ["-q:a", "2"]),
    MadeFile(name: "info.mp3", coding: mp3 + ["-b:a", "64k", "-write_id3v1", "1"]),
    MadeFile(
      name: "id3.mp3", rateHz: 16000,
      coding: mp3 + ["-write_xing", "0", "-b:a", "32k", "-metadata", "title=a"]),
    MadeFile(name: "none.mp3", coding: mp3 + ["-q:a", "4"], change: .xing(0)),
    MadeFile(name: "double.mp3", coding: mp3 + ["-q:a", "4"], change: .xing(2)),
    MadeFile(name: "absurd.mp3", coding: mp3 + ["-q:a", "4"], change: .xing(1e9)),
    MadeFile(name: "joined.mp3", coding: mp3 + untagged + ["-q:a", "4"], change: .twice),
    MadeFile(name: "in-the-middle.mp3", coding: mp3 + untagged, change: .fromByte(333)),
    MadeFile(name: "behind-zeros.mp3", coding: mp3 + untagged, change: .leadIn(2000)),
    MadeFile(
      name: "tag-behind.mp3", coding: mp3 + untagged,
      change: .behind(Array("TAG".utf8) + [UInt8](repeating: 32, count: 125))),
    MadeFile(name: "layer-two.mp2", rateHz: 44100, coding: ["-c:a", "mp2", "-b:a", "96k"]),
    MadeFile(name: "mp3-in.wav", coding: mp3),
  ]

  /// MP4, QuickTime, AAC and other containers.
  static let containers =
    ["wide": 8, "free": 32, "skip": 20, "pnot": 20, "uuid": 40, "junk": 24].sorted {
      $0.key < $1.key
    }
    .map { MadeFile(name: "\($0.key).m4a", coding: aac, change: .box($0.key, $0.value)) } + [
      MadeFile(
        name: "notes-behind.m4a", coding: aac, change: .behind(Array("a note of an app".utf8))),
      MadeFile(name: "bytes-behind.m4a", coding: aac, change: .behind(Array(0...255))),
      MadeFile(name: "three-behind.m4a", coding: aac, change: .behind([1, 2, 3])),
      MadeFile(name: "tagged.aac", coding: aac, change: .tagInFront),
      MadeFile(name: "phone.3gp", coding: aac), MadeFile(name: "book.m4b", coding: aac),
      MadeFile(name: "pcm.mov", coding: ["-c:a", "pcm_s16be"]),
      MadeFile(name: "lossless.m4a", coding: ["-c:a", "alac"]),
      MadeFile(name: "sound.mka", coding: aac),
      MadeFile(
        name: "fragments.mp4", coding: aac + ["-movflags", "empty_moov+frag_keyframe"]),
      MadeFile(name: "stream.ts", rateHz: 44100, coding: aac),
      MadeFile(name: "dolby.ac3", rateHz: 44100, coding: ["-c:a", "ac3"]),
      MadeFile(name: "pack.wv", coding: ["-c:a", "wavpack"]),
      MadeFile(name: "flac.ogg", coding: ["-c:a", "flac"]),
      MadeFile(name: "g722.wav", rateHz: 16000, coding: ["-c:a", "g722"]),
      MadeFile(name: "g726.wav", rateHz: 8000, coding: ["-c:a", "g726"]),
      MadeFile(name: "lossless.caf", coding: ["-c:a", "alac"]),
      MadeFile(name: "stereo.m4a", rateHz: 44100, channels: 2, coding: aac),
      MadeFile(name: "dolby-plus.eac3", rateHz: 44100, coding: ["-c:a", "eac3"]),
      MadeFile(name: "windows.wma", coding: ["-c:a", "wmav2"]),
      MadeFile(name: "old.mpg", rateHz: 44100, coding: ["-c:a", "mp2", "-f", "mpeg"]),
      MadeFile(name: "vorbis.mka", coding: ["-c:a", "libvorbis"]),
    ]

  /// Lengths that are off, or that nobody came back to write.
  static let lengths =
    [1, 8, 36, 44].map { MadeFile(name: "off-by-\($0).wav", coding: [], change: .wavSize($0)) } + [
      MadeFile(name: "unfinished.wav", coding: [], change: .wavSizes(0, 0)),
      MadeFile(name: "unfinished-header.wav", coding: [], change: .wavSizes(0, 36)),
      MadeFile(name: "open.wav", coding: [], change: .wavSizes(.max, .max)),
      MadeFile(name: "half-open.wav", coding: [], change: .wavSizes(0x7FFF_FFFF, 0x7FFF_FFFF)),
      MadeFile(name: "signless.wav", coding: [], change: .wavSizes(0x8000_0000, 0)),
      MadeFile(name: "adpcm.wav", coding: ["-c:a", "adpcm_ms"]),
      MadeFile(name: "mulaw.wav", coding: ["-c:a", "pcm_mulaw"]),
      MadeFile(name: "long.wav", coding: ["-rf64", "always"]),
      MadeFile(
        name: "broadcast.wav", coding: ["-rf64", "always"], change: .named("BW64")),
      MadeFile(name: "piped.wav", coding: [], pipe: "wav"),
      MadeFile(name: "piped.caf", coding: [], pipe: "caf"),
      MadeFile(name: "piped.au", coding: [], pipe: "au"),
      MadeFile(name: "piped.flac", coding: [], pipe: "flac"),
      MadeFile(name: "tagged.flac", coding: [], pipe: "flac", change: .tagInFront),
      MadeFile(name: "tag-behind.flac", coding: [], change: .behind(tagsBehind)),
      MadeFile(
        name: "tag-behind-stream.flac", coding: [], pipe: "flac", change: .behind(tagsBehind)),
      MadeFile(
        name: "piped64.wav", coding: ["-rf64", "always"], pipe: "wav", isTruthDecoded: false),
      MadeFile(name: "piped.w64", coding: [], pipe: "w64", isTruthDecoded: false),
    ]

  /// An APE tag with its header, words of a song, and a tag of ID3v1, as taggers pile them up.
  private static let tagsBehind: [UInt8] = {
    func ape(_ flags: UInt8) -> [UInt8] {
      Array("APETAGEX".utf8) + [0xD0, 7, 0, 0, 45, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, flags]
        + [UInt8](repeating: 0, count: 8)
    }
    let item: [UInt8] = [4, 0, 0, 0, 0, 0, 0, 0] + Array("A".utf8) + [0] + Array("abc".utf8)
    let words = "LYRICSBEGININD0000200LYR00010hello word"
    return ape(0xA0) + item + ape(0x80) + Array((words + "000039LYRICS200").utf8)
      + Array("TAG".utf8) + [UInt8](repeating: 32, count: 125)
  }()

  private func hear(_ made: MadeFile) throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let file = try made.make(in: folder)
    let info = try AudioReader.inspect(file)
    var options = AudioOptions()
    (options.rateHz, options.longClips) = (info.rateHz, .windows)
    let heard = try AudioReader.read(file, options: options).samples
    let truth = try FFmpeg.samples(
      of: made.isTruthDecoded ? file : folder.url.appending(path: "source.wav"))
    #expect(truth.count > info.rateHz / 3, "ffmpeg made nothing of \(made)")
    #expect(abs(heard.count - truth.count) <= 1152, "\(made): \(heard.count) for \(truth.count)")
    #expect(abs(info.frames - heard.count) <= 2048, "\(made): \(info.frames) are told")
    let alike = alikeness(heard, truth)
    #expect(alike >= 0.999, "\(made): \(alike)")
  }

  @Test("MP3 that does not tell its length", arguments: plain)
  func plainMP3(made: MadeFile) throws { try hear(made) }

  @Test("MP3 with all kinds of tags", arguments: tagged)
  func taggedMP3(made: MadeFile) throws { try hear(made) }

  @Test("containers as programs and phones write them", arguments: containers)
  func container(made: MadeFile) throws { try hear(made) }

  @Test("files whose header has another length, or none", arguments: lengths)
  func length(made: MadeFile) throws { try hear(made) }

  @Test("there are more than 60 files of these kinds beside the 32 plain ones")
  func count() {
    #expect(Self.plain.count == 32)
    #expect(Self.tagged.count + Self.containers.count + Self.lengths.count > 60)
  }
}
