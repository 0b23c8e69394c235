import Foundation
import Testing
import ValenceAudio
import ValenceCore
import ValenceTestSupport

@Suite("Audio that cannot be used")
struct AudioErrorTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The sentence that reading a file ends in, with the folder left out.
  func sentence(
    _ data: Data?, name: String = "a.wav", span: ClosedRange<Double>? = nil, clipS: Double = 3
  ) throws -> String {
    let url = folder.url.appending(path: name)
    try data?.write(to: url)
    var options = AudioOptions()
    options.clipS = clipS
    let error = #expect(throws: AudioError.self) {
      _ = try AudioReader.read(url, span: span, options: options)
    }
    return try #require(error).description.replacing(folder.url.path + "/", with: "")
  }

  @Test("a missing file")
  func missing() throws {
    #expect(try sentence(nil) == "a.wav: there is no such file; check the path.")
  }

  @Test("a folder")
  func directory() throws {
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "a.wav"), withIntermediateDirectories: false)
    #expect(try sentence(nil) == "a.wav: this is a folder; name an audio file in it.")
  }

  @Test("a device, which might never end")
  func device() {
    let error = #expect(throws: AudioError.self) {
      try AudioReader.inspect(URL(filePath: "/dev/zero"))
    }
    #expect(
      error?.description == "/dev/zero: this is not a regular file; name an audio file.")
  }

  @Test("an empty file")
  func empty() throws {
    #expect(try sentence(Data()) == "a.wav: the file is empty (0 bytes); copy it again.")
  }

  @Test("a Git LFS pointer posing as audio")
  func lfsPointer() throws {
    let pointer = """
      version https://git-lfs.github.com/spec/v1
      oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
      size 74558

      """
    #expect(
      try sentence(Data(pointer.utf8))
        == "a.wav: this is a Git LFS pointer instead of the audio; "
        + "fetch the file with `git lfs pull`.")
  }

  @Test(
    "bytes that are no audio, whatever the file is called",
    arguments: ["a.wav", "a.vox", "a.gsm", "a.mp3", "a.flac", "a.raw", "a"])
  func notAudio(name: String) throws {
    let expected =
      "\(name): this is not audio in a format that is read; "
      + "convert it to one of WAV, FLAC, Ogg Vorbis, Opus, MP3, AIFF."
    let text = String(repeating: "Dear diary, today I sampled nothing. ", count: 50)
    #expect(try sentence(Data(text.utf8), name: name) == expected)
    #expect(
      try sentence(Data([0xFF, 0xFE]) + Data(text.utf16.flatMap { [UInt8($0), 0] }), name: name)
        == expected)
    #expect(try sentence(Data("R".utf8), name: name) == expected)
  }

  @Test("a WAV file that was cut off")
  func truncatedWAV() throws {
    let whole = WAVBytes().file(tone(440, samples: 48000))
    #expect(
      try sentence(whole.prefix(44 + 40000))
        == "a.wav (WAV, 16000 Hz, mono, 1.250 s): "
        + "the file is cut off or damaged: its header promises 3.000 s; copy it again.")
    let error = #expect(throws: AudioError.self) {
      try AudioReader.inspect(folder.url.appending(path: "a.wav"))
    }
    #expect(error?.fault == .truncated(promisedS: 3), "a header shows it without decoding")
  }

  @Test(
    "every format that was cut off in its middle is refused",
    arguments: [
      "speech.flac", "streamed.flac", "speech.aiff", "speech.mp3", "speech.ogg", "speech.opus",
    ])
  func truncated(name: String) throws {
    let whole = try Data(
      contentsOf: Fixture(.module).folder.appending(path: "formats/\(name)"))
    let message = try sentence(whole.prefix(whole.count * 4 / 5), name: name)
    #expect(message.contains("cut off"), "\(message)")
    #expect(message.hasSuffix("again."), "\(message)")
  }

  @Test("a FLAC file of which bytes were overwritten, with and without a length in its header")
  func overwrittenFLAC() throws {
    for (name, at) in [("speech.flac", 3000), ("streamed.flac", 11000)] {
      var bytes = try Data(
        contentsOf: Fixture(.module).folder.appending(path: "formats/\(name)"))
      for offset in 0..<16 { bytes[at + offset] = 0x5A }
      let message = try sentence(bytes, name: name)
      #expect(
        message.hasSuffix("the audio data are damaged or cut off; copy the file again."),
        "\(message)")
    }
  }

  @Test("a WAV file that a program wrote to a pipe promises nothing and is read")
  func streamedWAV() throws {
    let wav = WAVBytes(promisedBytes: .max)
    let url = try folder.write(wav.file(tone(440, samples: 4000)), as: "a.wav")
    #expect(try AudioReader.read(url, options: AudioOptions()).samples.count == 4000)
  }

  @Test("a file with a header and no samples")
  func noSamples() throws {
    let expected =
      "a.wav (WAV, 16000 Hz, mono, 0.000 s): the file holds no samples; "
      + "leave it out or copy it again."
    #expect(try sentence(WAVBytes().file([])) == expected)
    let error = #expect(throws: AudioError.self) {
      try AudioReader.inspect(folder.url.appending(path: "a.wav"))
    }
    #expect(error?.fault == .noSamples)
  }

  @Test("a silent file, and one with nothing but the last bit of 16")
  func silent() throws {
    let expected =
      "a.wav (WAV, 16000 Hz, mono, 1.000 s): the 1.000 s that would be used are silent, "
      + "below -90 dB of full scale; leave the file out or use another part."
    #expect(try sentence(WAVBytes().file([Float](repeating: 0, count: 16000))) == expected)
    let lastBit = (0..<16000).map { Float($0 % 3 - 1) / 32768 }
    #expect(try sentence(WAVBytes().file(lastBit)) == expected)
  }

  @Test("a header of a known format that cannot be followed is damage, and no other format")
  func unreadableHeader() throws {
    let whole = WAVBytes().file(tone(440, samples: 16000))
    // A second chunk of samples, and samples before their form.
    for data in [
      whole + whole[36...], whole[..<12] + whole[36...] + whole[12..<36],
      Data("fLaC".utf8) + Data(repeating: 7, count: 500),
    ] {
      #expect(
        try sentence(data) == "a.wav: the audio data are damaged or cut off; copy the file again.")
    }
  }

  @Test("a file whose used part alone is silent")
  func silentPart() throws {
    let silence = [Float](repeating: 0, count: 16000)
    let data = WAVBytes().file(tone(440, samples: 8000) + silence + tone(440, samples: 8000))
    #expect(
      try sentence(data, clipS: 0.5)
        == "a.wav (WAV, 16000 Hz, mono, 2.000 s): the 0.500 s that would be used are silent, "
        + "below -90 dB of full scale; leave the file out or use another part.")
  }

  @Test("channels that cancel each other out")
  func cancelling() throws {
    let samples = tone(440, samples: 8000).flatMap { [$0, -$0] }
    #expect(
      try sentence(WAVBytes(channels: 2, coding: 3).file(samples))
        == "a.wav (WAV, 16000 Hz, 2 channels, 0.500 s): the channels cancel each other out "
        + "when averaged; invert one of them.")
  }

  @Test("a sample that is infinite or not a number", arguments: [Float.nan, .infinity])
  func notFinite(value: Float) throws {
    var samples = tone(440, samples: 16000)
    samples[8000] = value
    #expect(
      try sentence(WAVBytes(coding: 3).file(samples))
        == "a.wav (WAV, 16000 Hz, mono, 1.000 s): "
        + "the sample at 0.500 s is infinite or not a number; export the file again.")
  }

  @Test("floats in the scale of integers")
  func beyondScale() throws {
    let samples = tone(4000, samples: 16000).map { $0 * 32768 }
    #expect(
      try sentence(WAVBytes(coding: 3).file(samples))
        == "a.wav (WAV, 16000 Hz, mono, 1.000 s): a sample of 16384 is far beyond full scale, "
        + "which is ±1; divide the samples (those of 16 bits by 32768).")
  }

  @Test("a rate that no speech has")
  func rate() throws {
    #expect(
      try sentence(WAVBytes(rateHz: 8).file(tone(1, samples: 80)))
        == "a.wav (WAV, 8 Hz, mono, 10.000 s): the rate is outside 1000 to 768000 Hz; "
        + "the header is damaged or this is not speech.")
  }

  @Test(
    "a span that is empty or lies outside of the file",
    arguments: [0.5...0.5, -0.1...0.5, 0.5...1.1, 2...3, 0 ... .infinity])
  func span(span: ClosedRange<Double>) throws {
    let bounds = String(
      format: "from %.3f s to %.3f s", span.lowerBound, span.upperBound)
    #expect(
      try sentence(WAVBytes().file(tone(440, samples: 16000)), span: span)
        == "a.wav (WAV, 16000 Hz, mono, 1.000 s): the span \(bounds) is empty or reaches beyond "
        + "the file; correct its start or end.")
  }

  @Test("files cut or overwritten anywhere are read or refused, never worse")
  func damaged() throws {
    let source = Fixture(.module).folder.appending(path: "formats")
    var random = RandomStream(seed: 11, "damage")
    for format in ["flac", "aiff", "mp3", "ogg", "opus"] {
      let whole = try Data(contentsOf: source.appending(path: "speech.\(format)"))
      for _ in 0..<20 {
        var bytes = Array(whole.prefix(1 + random.below(whole.count)))
        for _ in 0..<random.below(4) {
          bytes[random.below(bytes.count)] = UInt8(random.below(256))
        }
        let url = try folder.write(Data(bytes), as: "damaged.\(format)")
        do {
          let waveform = try AudioReader.read(url, options: AudioOptions())
          #expect(!waveform.samples.isEmpty && waveform.samples.allSatisfy(\.isFinite))
        } catch {
          #expect(error.description.hasSuffix("."))
        }
      }
    }
  }
}
