import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceAudio

@Suite(
  "Media files, whose sound ffmpeg takes out", .enabled(if: Tool.isThere("ffmpeg"), "needs ffmpeg"))
struct MediaTests {
  let folder: TemporaryFolder
  let media = Fixture(.module).folder.appending(path: "media")

  init() throws { folder = try TemporaryFolder() }

  private var options: AudioOptions {
    var options = AudioOptions()
    options.rateHz = 8000
    options.clipS = 600
    return options
  }

  private func speech() throws -> [Float] {
    let flac = Fixture(.module).folder.appending(path: "formats/speech.flac")
    return try AudioReader.read(flac, options: options).samples
  }

  /// How alike two runs of samples are, without any shift, over the length of the shorter.
  private func correlation(_ a: [Float], _ b: [Float]) -> Double {
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      ab += Double(x) * Double(y)
      aa += Double(x) * Double(x)
      bb += Double(y) * Double(y)
    }
    return ab / (aa * bb).squareRoot()
  }

  @Test(
    "every container gives the speech that was packed, in time",
    arguments: [
      ("film.mp4", 0.98), ("header-first.mp4", 0.98), ("surround.mp4", 0.98),
      ("sound.m4a", 0.98), ("film.mkv", 0.98), ("film.avi", 0.98),
    ])
  func containers(name: String, least: Double) throws {
    let waveform = try AudioReader.read(media.appending(path: name), options: options)
    let original = try speech()
    #expect(abs(waveform.samples.count - original.count) < 8000 / 8)
    let alike = correlation(waveform.samples, original)
    #expect(alike > least, "\(name): \(alike)")
  }

  @Test(
    "forms that cannot say how long their encoder's delay is give the speech that much late",
    arguments: [
      ("sound.aac", 1024.0 / 16000), ("fragments.mp4", 1024.0 / 16000), ("film.flv", 0.1),
    ])
  func delayed(name: String, latestS: Double) throws {
    let samples = try AudioReader.read(media.appending(path: name), options: options).samples
    let original = try speech()
    let lags = 1...Int((latestS * 8000).rounded() + 2)
    let alike = try #require(lags.map { correlation(Array(samples.dropFirst($0)), original) }.max())
    #expect(alike > 0.95, "\(name): \(alike)")
  }

  @Test("equal files give equal samples, from several threads too")
  func threads() async throws {
    let url = media.appending(path: "film.mp4")
    let options = options
    let alone = try AudioReader.read(url, options: options)
    try await withThrowingTaskGroup(of: Waveform.self) { group in
      for _ in 0..<8 { group.addTask { try AudioReader.read(url, options: options) } }
      for try await waveform in group { #expect(waveform == alone) }
    }
  }

  @Test("a span of a film is that part of its sound")
  func span() throws {
    let url = media.appending(path: "film.mp4")
    var options = options
    options.rateHz = 16000
    let whole = try AudioReader.read(url, options: options).samples
    let part = try AudioReader.read(url, span: 0.25...0.5, options: options).samples
    #expect(part == Array(whole[4000..<8000]))
  }

  @Test("decoding leaves no file behind")
  func noTraces() throws {
    func traces() throws -> Set<String> {
      let names = try FileManager.default.contentsOfDirectory(
        atPath: FileManager.default.temporaryDirectory.path)
      return Set(names.filter { $0.hasPrefix("valence-") && $0.hasSuffix(".wav") })
    }
    let before = try traces()
    _ = try AudioReader.read(media.appending(path: "film.mp4"), options: options)
    #expect(try traces().subtracting(before).isEmpty)
  }

  private func sentence(_ data: Data, _ name: String = "a.mp4") throws -> String {
    let url = try folder.write(data, as: name)
    let error = #expect(throws: AudioError.self) { try AudioReader.read(url, options: options) }
    return try #require(error).description.replacing(folder.url.path + "/", with: "")
  }

  @Test("a file with a whole header whose sound was overwritten")
  func overwritten() throws {
    var bytes = try Data(contentsOf: media.appending(path: "header-first.mp4"))
    for offset in 0..<400 { bytes[bytes.count - 800 + offset] = 0x5A }
    #expect(
      try sentence(bytes) == "a.mp4: the audio data are damaged or cut off; copy the file again.")
  }

  @Test("a container that ends early")
  func endsEarly() throws {
    for name in ["film.mkv", "film.avi"] {
      let whole = try Data(contentsOf: media.appending(path: name))
      let url = try folder.write(whole.prefix(whole.count / 2), as: name)
      do throws(AudioError) {
        let waveform = try AudioReader.read(url, options: options)
        // These formats may be cut anywhere and still be whole by their own rules.
        let isFinite = waveform.samples.allSatisfy(\.isFinite)
        #expect(isFinite && !waveform.samples.isEmpty, "\(name)")
      } catch {
        #expect([.damaged, .truncated(promisedS: nil)].contains(error.fault), "\(name)")
      }
    }
  }
}

@Suite("Headers of MP4 files, read without ffmpeg")
struct MP4HeaderTests {
  let folder: TemporaryFolder
  let media = Fixture(.module).folder.appending(path: "media")

  init() throws { folder = try TemporaryFolder() }

  private func sentence(_ url: URL) throws -> String {
    let error = #expect(throws: AudioError.self) { try AudioReader.inspect(url) }
    return try #require(error).description
      .replacing(folder.url.path + "/", with: "").replacing(media.path + "/", with: "")
  }

  @Test(
    "rate, channels and length are those of the speech that was packed",
    arguments: [("film.mp4", 1), ("header-first.mp4", 1), ("surround.mp4", 6), ("sound.m4a", 1)])
  func info(name: String, channels: Int) throws {
    let info = try AudioReader.inspect(media.appending(path: name))
    #expect((info.format, info.rateHz, info.channels) == ("MP4", 16000, channels))
    #expect(abs(info.durationS - 6409.0 / 8000) < 0.002)
  }

  @Test("an end that somebody took off without coding the rest anew is no part of the length")
  func trimmed() throws {
    var bytes = [UInt8](try Data(contentsOf: media.appending(path: "sound.m4a")))
    func place(of word: String) throws -> Int {
      try #require(bytes.indices.first { bytes[$0...].starts(with: Array(word.utf8)) })
    }
    func number(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
    let half = try number(place(of: "mvhd") + 16) / 2
    let length = try place(of: "elst") + 12
    #expect(try number(place(of: "elst") + 8) == 1 && number(length) > half)
    for index in 0..<4 { bytes[length + index] = UInt8(half >> (24 - 8 * index) & 255) }
    let file = try folder.write(Data(bytes), as: "half.m4a")
    #expect(abs(try AudioReader.inspect(file).durationS - 0.5) < 0.001)
  }

  @Test("a film without sound")
  func noSound() throws {
    #expect(
      try sentence(media.appending(path: "silent-film.mp4"))
        == "silent-film.mp4: the file has no sound track; leave it out or copy it again.")
  }

  @Test("a file that was cut off, with its header before or behind the data")
  func truncated() throws {
    let first = try Data(contentsOf: media.appending(path: "header-first.mp4"))
    #expect(
      try sentence(folder.write(first.prefix(first.count - 100), as: "a.mp4"))
        == "a.mp4: the file is cut off or damaged: its header promises 0.801 s; copy it again.")
    let last = try Data(contentsOf: media.appending(path: "film.mp4"))
    #expect(
      try sentence(folder.write(last.prefix(last.count - 100), as: "b.mp4"))
        == "b.mp4: the file is cut off or damaged: its stream has no end; copy it again.")
  }

  @Test("a file that is nothing but its first bytes")
  func onlyBeginning() throws {
    let whole = try Data(contentsOf: media.appending(path: "film.mp4"))
    #expect(
      try sentence(folder.write(whole.prefix(32), as: "a.mp4"))
        == "a.mp4: the audio data are damaged or cut off; copy the file again.")
  }

  @Test("headers that are cut or overwritten anywhere are read or refused, never worse")
  func damaged() throws {
    var random = RandomStream(seed: 5, "mp4")
    for name in ["film.mp4", "header-first.mp4", "surround.mp4", "fragments.mp4"] {
      let whole = Array(try Data(contentsOf: media.appending(path: name)))
      for _ in 0..<150 {
        var bytes = Array(whole.prefix(1 + random.below(whole.count)))
        if random.below(2) == 0 { bytes = whole }
        for _ in 0..<(1 + random.below(12)) {
          bytes[random.below(bytes.count)] = UInt8(random.below(256))
        }
        let url = try folder.write(Data(bytes), as: "damaged.mp4")
        do {
          let info = try MP4Header(FileBytes(url, name: "damaged.mp4")).info
          #expect(info.frames >= 0 && info.rateHz > 0 && info.channels > 0)
        } catch {
          #expect(error is MP4HeaderFault, "\(error)")
        }
      }
    }
  }
}

/// A program that a test needs.
enum Tool {
  /// Whether it is in the `PATH`.
  static func isThere(_ name: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
    }
  }
}
