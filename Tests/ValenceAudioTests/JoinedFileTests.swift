import Foundation
import Testing
import ValenceAudio
import ValenceCore
import ValenceTestSupport

@Suite(
  "Files that were joined, cut off or counted wrong",
  .enabled(if: Tool.isThere("ffmpeg"), "needs ffmpeg"))
struct JoinedFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func samples(_ file: URL, span: ClosedRange<Double>? = nil) throws -> [Float] {
    var options = AudioOptions()
    (options.rateHz, options.longClips) = (try AudioReader.inspect(file).rateHz, .windows)
    return try AudioReader.read(file, span: span, options: options).samples
  }

  /// A file of so many seconds.
  private func make(
    _ name: String, seconds: Double, rateHz: Int = 16000, _ coding: [String]
  ) throws -> URL {
    let sound = syllables(seconds: seconds, rateHz: rateHz, seed: UInt64(seconds * 100))
    let source = try folder.write(
      WAVBytes(rateHz: UInt32(rateHz)).file(sound), as: "source.wav")
    let file = folder.url.appending(path: name)
    try FFmpeg.run(["-i", source.path] + coding + [file.path])
    return file
  }

  @Test(
    "of joined Ogg files every part is heard, each as it is alone, and spans across the seam",
    arguments: [("ogg", "libvorbis"), ("opus", "libopus")])
  func joinedOgg(ending: String, coder: String) throws {
    let parts = try [0.9, 1.7, 0.6].map {
      try make("part\($0).\(ending)", seconds: $0, ["-c:a", coder])
    }
    let joined = try folder.write(
      parts.reduce(Data()) { try $0 + Data(contentsOf: $1) }, as: "joined.\(ending)")
    let whole = try samples(joined)
    let alone = try parts.map { try samples($0) }
    #expect(whole == Array(alone.joined()))
    let info = try AudioReader.inspect(joined)
    #expect(info.frames == whole.count)
    let rate = Double(info.rateHz)
    for span in [0.0...0.5, 0.8...1.2, 0.5...2.9, 1.0...2.5, 2.7...3.1] {
      let range = Int((span.lowerBound * rate).rounded())..<Int((span.upperBound * rate).rounded())
      #expect(try samples(joined, span: span) == Array(whole[range]), "\(span)")
    }
  }

  @Test(
    "spans of Ogg are that part of the whole, to the last bit, wherever they begin",
    arguments: [
      // Pages of a second, of ten, and those of a part that was cut out without being coded anew.
      ("pages.ogg", ["-c:a", "libvorbis"], nil),
      ("page.ogg", ["-c:a", "libvorbis", "-page_duration", "10000000"], nil),
      ("cut.ogg", ["-c:a", "libvorbis"], 1.3),
      ("low.opus", ["-c:a", "libopus", "-b:a", "8k"], nil),
      ("cut.opus", ["-c:a", "libopus"], 1.3),
    ] as [(String, [String], Double?)])
  func oggSpans(name: String, coding: [String], cutS: Double?) throws {
    var file = try make(name, seconds: 23, coding)
    if let cutS {
      let whole = file
      file = folder.url.appending(path: "part-\(name)")
      try FFmpeg.run(["-ss", "\(cutS)", "-i", whole.path, "-c", "copy", file.path])
    }
    let whole = try samples(file)
    let rate = Double(try AudioReader.inspect(file).rateHz)
    #expect(Double(whole.count) / rate > 21)
    for start in [0.31, 5.2, 9.99, 10.01, 11.7, 14.123, 17.9, 20.6, 20.93] {
      let part = try samples(file, span: start...start + 0.4)
      let first = Int((start * rate).rounded())
      #expect(part == Array(whole[first..<first + part.count]), "\(name) at \(start)")
    }
  }

  @Test("Vorbis that was taken out of Matroska, whose times are milliseconds, is heard to its end")
  func remuxed() throws {
    let video = try make("a.mka", seconds: 3.3, rateHz: 44100, ["-c:a", "libvorbis"])
    for (name, cut) in [("remux.ogg", []), ("cut.ogg", ["-ss", "1.3"])] as [(String, [String])] {
      let file = folder.url.appending(path: name)
      try FFmpeg.run(cut + ["-i", video.path, "-c", "copy", file.path])
      let (heard, truth) = (try samples(file), try FFmpeg.samples(of: file))
      #expect(abs(heard.count - truth.count) <= 2048, "\(heard.count) for \(truth.count)")
      #expect(alikeness(heard, truth) >= 0.999)
    }
  }

  @Test("joined files of two rates are refused in one sentence that names the seam")
  func rates() throws {
    let first = try make("first.ogg", seconds: 1, ["-c:a", "libvorbis"])
    let second = try make("second.ogg", seconds: 1, rateHz: 22050, ["-c:a", "libvorbis"])
    let joined = try folder.write(
      try Data(contentsOf: first) + Data(contentsOf: second), as: "joined.ogg")
    let error = #expect(throws: AudioError.self) { try AudioReader.inspect(joined) }
    #expect(
      error?.description.replacing(folder.url.path + "/", with: "")
        == "joined.ogg (Ogg Vorbis, 16000 Hz, mono, 1.000 s): after 1.000 s it goes on at another "
        + "sampling rate or with other channels, as joined files do; convert its parts to WAV one by "
        + "one.")
    #expect(error?.isOfMachine == false)
    let mp3 = try [16000, 24000].map {
      try Data(contentsOf: make("\($0).mp3", seconds: 1, rateHz: $0, ["-write_xing", "0"]))
    }
    let other = try folder.write(mp3[0] + mp3[1], as: "joined.mp3")
    let fault = #expect(throws: AudioError.self) { try AudioReader.inspect(other) }?.fault
    guard case .changes(let atS) = fault else {
      return #expect(Bool(false), "\(String(describing: fault))")
    }
    #expect(abs(atS - 1) < 0.1)
  }

  @Test("of joined MP3 files the tag of the second is no sound")
  func joinedMP3() throws {
    let parts = try [0.9, 1.2].map { try make("part\($0).mp3", seconds: $0, ["-q:a", "4"]) }
    let joined = try folder.write(
      parts.reduce(Data()) { try $0 + Data(contentsOf: $1) }, as: "joined.mp3")
    // The delay of the second encoder stays, and the padding of the first: 1105 samples at most, and 1152.
    let surplus = try samples(joined).count - parts.reduce(0) { try $0 + samples($1).count }
    #expect((0...2400).contains(surplus), "\(surplus)")
  }

  @Test("half as many frames as there are, counted by a Xing frame, cut nothing")
  func halfCounted() throws {
    let file = try make("a.mp3", seconds: 2, ["-q:a", "4"])
    let whole = try samples(file)
    var bytes = [UInt8](try Data(contentsOf: file))
    let tag = Array("Xing".utf8)
    let at = try #require(bytes.indices.first { bytes[$0...].starts(with: tag) }) + 8
    let count = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } / 2
    (bytes[at + 2], bytes[at + 3]) = (UInt8(count >> 8), UInt8(count & 255))
    let half = try samples(folder.write(Data(bytes), as: "half.mp3"))
    #expect(half.count - whole.count >= 0 && half.count - whole.count <= 1152)
    #expect(Array(half.prefix(whole.count)) == whole)
  }

  @Test(
    "an MP3 file that lost its end is cut off where its Xing frame knows, and else heard to its end"
  )
  func cutOff() throws {
    let whole = try Data(contentsOf: make("a.mp3", seconds: 2, ["-q:a", "4"]))
    let cut = try folder.write(whole.prefix(whole.count * 3 / 5), as: "cut.mp3")
    let error = #expect(throws: AudioError.self) { try AudioReader.inspect(cut) }
    guard case .truncated(let promisedS) = error?.fault else {
      return #expect(Bool(false), "\(String(describing: error))")
    }
    #expect(abs((promisedS ?? 0) - 2) < 0.15)
    let plain = try Data(contentsOf: make("b.mp3", seconds: 2, ["-write_xing", "0"]))
    let open = try folder.write(plain.prefix(plain.count * 3 / 5), as: "open.mp3")
    #expect(abs(try AudioReader.inspect(open).durationS - 1.2) < 0.1)
  }

  @Test(
    "spans of MP3 are that part of the whole, to the last bit, wherever they begin",
    arguments: [
      ("vbr", 16000, ["-q:a", "4"]), ("loose", 22050, ["-q:a", "9"]),
      ("abr", 16000, ["-abr", "1", "-b:a", "24k"]), ("cbr", 44100, ["-b:a", "64k"]),
      ("dense", 8000, ["-b:a", "8k"]), ("open", 44100, ["-q:a", "6", "-write_xing", "0"]),
      ("two", 44100, ["-c:a", "mp2", "-f", "mp2"]),
    ])
  func spans(name: String, rateHz: Int, coding: [String]) throws {
    let file = try make("\(name).mp3", seconds: 9, rateHz: rateHz, coding)
    let whole = try samples(file)
    for number in 0..<40 {
      let start = 0.013 + 0.21 * Double(number)
      let part = try samples(file, span: start...start + 0.4)
      let first = Int((start * Double(rateHz)).rounded())
      #expect(part == Array(whole[first..<first + part.count]), "\(name) at \(start)")
    }
  }

  @Test("an AIFF file that sox wrote to a pipe is read to its end")
  func pipedAIFF() throws {
    var bytes = [UInt8](
      try Data(contentsOf: Fixture(.module).folder.appending(path: "formats/speech.aiff")))
    let whole = try samples(folder.write(Data(bytes), as: "whole.aiff"))
    func put(_ number: UInt32, at: Int) {
      for index in 0..<4 {
        bytes[at + index] = UInt8(truncatingIfNeeded: number >> (24 - 8 * index))
      }
    }
    func place(of word: String) throws -> Int {
      try #require(bytes.indices.first { bytes[$0...].starts(with: Array(word.utf8)) })
    }
    put(0x7F00_0000 + 46, at: 4)
    put(0x7F00_0000 + 8, at: try place(of: "SSND") + 4)
    put(0x7F00_0000 / 2, at: try place(of: "COMM") + 10)
    #expect(try samples(folder.write(Data(bytes), as: "piped.aiff")) == whole)
  }

  @Test("a WAV file whose samples really are none says so, whatever follows them")
  func reallyEmpty() throws {
    var bytes = WAVBytes().file([])
    bytes += Data("LIST".utf8) + Data([4, 0, 0, 0]) + Data("INFO".utf8)
    let error = #expect(throws: AudioError.self) {
      try AudioReader.inspect(folder.write(bytes, as: "a.wav"))
    }
    #expect(error?.fault == .noSamples)
  }
}
