import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceAudio

@Suite("Damaged headers")
struct DamagedHeaderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What comes of a file, which must come soon and be a waveform or a sentence.
  private func answer(_ url: URL) -> Bool {
    do throws(AudioError) {
      let info = try AudioReader.inspect(url)
      #expect(info.frames >= 0 && info.rateHz > 0 && info.durationS.isFinite)
      let waveform = try AudioReader.read(url, options: AudioOptions())
      #expect(!waveform.samples.isEmpty && waveform.samples.allSatisfy(\.isFinite))
      _ = try AudioReader.read(
        url, span: 0...min(info.durationS, 0.2), options: AudioOptions())
      return true
    } catch {
      #expect(error.description.hasSuffix(".") && !error.isOfMachine, "\(error)")
      return false
    }
  }

  @Test(
    "of each format a few hundred are read or refused in a sentence",
    arguments: ["flac", "aiff", "mp3", "ogg", "opus", "wav"])
  func sound(format: String) throws {
    let whole =
      format == "wav"
      ? [UInt8](WAVBytes().file(tone(440, samples: 8000)))
      : [UInt8](
        try Data(contentsOf: Fixture(.module).folder.appending(path: "formats/speech.\(format)")))
    var random = RandomStream(seed: 7, format)
    var read = 0
    for _ in 0..<300 {
      let url = try folder.write(Data(Damage.apply(to: whole, &random)), as: "damaged.\(format)")
      if answer(url) { read += 1 }
    }
    #expect((1..<300).contains(read), "\(read) were read")
  }

  @Test(
    "so are those of films", .enabled(if: Tool.isThere("ffmpeg"), "needs ffmpeg"),
    arguments: ["film.mp4", "fragments.mp4", "film.mkv", "film.avi"])
  func films(name: String) throws {
    let media = Fixture(.module).folder.appending(path: "media/\(name)")
    let whole = [UInt8](try Data(contentsOf: media))
    var random = RandomStream(seed: 8, name)
    for _ in 0..<30 {
      _ = answer(try folder.write(Data(Damage.apply(to: whole, &random)), as: name))
    }
  }

  /// An MP4 file of one sound track without samples, as long as it says.
  private func movie(duration: UInt64, scale: UInt32, tables: [UInt8] = []) -> Data {
    func number(_ value: UInt64, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
    }
    func box(_ type: String, _ body: [UInt8]) -> [UInt8] {
      number(UInt64(8 + body.count), 4) + Array(type.utf8) + body
    }
    let clock = box(
      "mdhd",
      [1, 0, 0, 0] + number(0, 16) + number(UInt64(scale), 4) + number(duration, 8) + number(0, 4))
    let handler = box("hdlr", number(0, 8) + Array("soun".utf8) + number(0, 13))
    let entry = box(
      "mp4a",
      number(0, 6) + number(1, 2) + number(0, 8) + number(1, 2) + number(16, 2)
        + number(0, 4) + number(48000 << 16, 4))
    let description = box("stsd", number(1, 8) + entry)
    let sound = box("minf", box("stbl", description + tables))
    return Data(
      box("ftyp", Array("isom".utf8) + number(0, 4))
        + box("moov", box("trak", box("mdia", clock + handler + sound))))
  }

  @Test(
    "a length of years, or one that no number holds, is a damaged header",
    arguments: [UInt64(Int64.max), 1 << 40, UInt64.max - 1, 1 << 62], [UInt32(1), 48000])
  func years(duration: UInt64, scale: UInt32) throws {
    let url = try folder.write(movie(duration: duration, scale: scale), as: "long.mp4")
    #expect(throws: AudioError(file: url.relativePath, fault: .damaged)) {
      try AudioReader.inspect(url)
    }
  }

  @Test("tables that promise years are not believed either")
  func tables() throws {
    func table(_ type: String, _ numbers: [UInt32]) -> [UInt8] {
      let body = ([0] + numbers).flatMap { number in
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
      }
      let size = UInt32(8 + body.count)
      return (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } + Array(type.utf8)
        + body
    }
    let lists = table("stts", [1, 4_000_000_000, 4_000_000_000]) + table("stsz", [1, .max])
    let url = try folder.write(
      movie(duration: 1 << 60, scale: 1, tables: lists), as: "long.mp4")
    let error = #expect(throws: AudioError.self) { try AudioReader.inspect(url) }
    #expect(error?.fault == .damaged)
  }
}
