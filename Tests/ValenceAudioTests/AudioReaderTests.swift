import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceAudio

@Suite("Reading audio")
struct AudioReaderTests {
  let folder: TemporaryFolder
  let fixture = Fixture(.module)

  init() throws { folder = try TemporaryFolder() }

  func options(rateHz: Int = 16000, clipS: Double = 600) -> AudioOptions {
    var options = AudioOptions()
    options.rateHz = rateHz
    options.clipS = clipS
    return options
  }

  @Test("a WAV file of 16 bits gives back the samples that were written")
  func integers() throws {
    let samples = tone(440, samples: 1000).map { ($0 * 32768).rounded() / 32768 }
    let url = try folder.write(WAVBytes().file(samples), as: "a.wav")
    let waveform = try AudioReader.read(url, options: options())
    #expect(waveform == Waveform(samples: samples, rateHz: 16000))
    let info = AudioInfo(format: "WAV", rateHz: 16000, channels: 1, frames: 1000)
    #expect(try AudioReader.inspect(url) == info)
  }

  @Test("channels are averaged")
  func channels() throws {
    let wav = WAVBytes(channels: 3, coding: 3)
    let url = try folder.write(wav.file([0.5, 0.25, 0, -1, 0, 0.25, 0, 0, 0.75]), as: "a.wav")
    let waveform = try AudioReader.read(url, options: options())
    #expect(waveform.samples == [0.25, -0.25, 0.25])
    #expect(try AudioReader.inspect(url).channels == 3)
  }

  @Test(
    "every format decodes to the samples that its reference decoder gives",
    arguments: [
      ("speech.flac", "FLAC", "speech.flac", 0), ("speech.aiff", "AIFF", "speech.flac", 0),
      ("streamed.flac", "FLAC", "speech.flac", 0), ("speech.mp3", "MP3", "speech.mp3", 1e-4),
      ("speech.ogg", "Ogg Vorbis", "speech.ogg", 1e-4),
      ("speech.opus", "Ogg Opus", "speech.opus", 1e-4),
    ])
  func formats(file: String, format: String, reference: String, tolerance: Double) throws {
    let url = fixture.folder.appending(path: "formats/\(file)")
    let truth = try #require(try fixture.arrays("formats/decoded.safetensors")[reference])
    let waveform = try AudioReader.read(url, options: options(rateHz: 8000))
    let deviation = Deviation(
      waveform.samples, from: truth.values, absolute: max(tolerance, 1e-12), relative: 0)
    #expect(deviation.isWithin, "\(deviation)")
    let info = AudioInfo(format: format, rateHz: 8000, channels: 1, frames: 6409)
    #expect(try AudioReader.inspect(url) == info)
  }

  @Test(
    "a span holds the same samples as that part of the whole file",
    arguments: ["flac", "aiff", "mp3", "ogg", "opus"])
  func spans(format: String) throws {
    let url = fixture.folder.appending(path: "formats/speech.\(format)")
    let whole = try AudioReader.read(url, options: options(rateHz: 8000)).samples
    for (start, end) in [(0.0, 0.25), (0.1, 0.35), (0.3, 0.6), (0.5, 0.801)] {
      let part = try AudioReader.read(url, span: start...end, options: options(rateHz: 8000))
      let range = Int((start * 8000).rounded())..<Int((end * 8000).rounded())
      let deviation = Deviation(
        part.samples, from: whole[range], absolute: 1e-6, relative: 0)
      #expect(deviation.isWithin, "\(format) \(start)...\(end): \(deviation)")
    }
  }

  @Test("a file without a length in its header can be read in spans")
  func streamedSpan() throws {
    let url = fixture.folder.appending(path: "formats/streamed.flac")
    let whole = try AudioReader.read(url, options: options(rateHz: 8000)).samples
    let part = try AudioReader.read(url, span: 0.25...0.5, options: options(rateHz: 8000))
    #expect(part.samples == Array(whole[2000..<4000]))
    let error = #expect(throws: AudioError.self) {
      _ = try AudioReader.read(url, span: 0.25...0.9, options: options(rateHz: 8000))
    }
    #expect(error?.fault == .span(0.25...0.9))
  }

  @Test("several threads that read several formats get the samples that one gets")
  func threads() async throws {
    let names = ["flac", "aiff", "mp3", "ogg", "opus"].map { "formats/speech.\($0)" }
    let urls = names.map { fixture.folder.appending(path: $0) }
    let options = options()
    let alone = try urls.map { try AudioReader.read($0, options: options) }
    try await withThrowingTaskGroup(of: (Int, Waveform).self) { group in
      for index in 0..<40 {
        let number = index % urls.count
        group.addTask { (number, try AudioReader.read(urls[number], options: options)) }
      }
      for try await (number, waveform) in group { #expect(waveform == alone[number]) }
    }
  }

  @Test("files that are no audio disturb none that other threads read meanwhile")
  func faultyBeside() throws {
    let samples = tone(440, samples: 1000).map { ($0 * 32768).rounded() / 32768 }
    let good = try folder.write(WAVBytes().file(samples), as: "good.wav")
    let bad = try folder.write(Data("no sound at all in these words".utf8), as: "bad.wav")
    let options = options()
    DispatchQueue.concurrentPerform(iterations: 8) { @Sendable lane in
      for _ in 0..<100 {
        if lane.isMultiple(of: 2) {
          #expect(throws: AudioError.self) { try AudioReader.inspect(bad) }
        } else {
          do {
            let waveform = try AudioReader.read(good, options: options)
            #expect(waveform.samples == samples)
          } catch {
            Issue.record(error)
          }
        }
      }
    }
  }

  @Test("a span may end a millisecond beyond the file, as rounded times do, but no more")
  func spanRounding() throws {
    let url = try folder.write(WAVBytes().file(tone(440, samples: 16003)), as: "a.wav")
    let part = try AudioReader.read(url, span: 0.5...1.001, options: options())
    #expect(part.samples.count == 8003)
    #expect(throws: AudioError.self) {
      _ = try AudioReader.read(url, span: 0.5...1.002, options: options())
    }
  }

  @Test("clips are cut after resampling, at the start, the middle or the end")
  func crop() throws {
    let url = try folder.write(
      WAVBytes(rateHz: 32000).file(tone(440, samples: 32000, rateHz: 32000)), as: "a.wav")
    var options = options()
    let whole = try AudioReader.read(url, options: options).samples
    #expect(whole.count == 16000)
    options.clipS = 0.25
    for (crop, start) in [(AudioOptions.Crop.start, 0), (.center, 6000), (.end, 12000)] {
      options.crop = crop
      let waveform = try AudioReader.read(url, options: options)
      #expect(waveform.samples == Array(whole[start..<start + 4000]), "\(crop)")
    }
  }

  @Test("the part that is left is known by its span of the file, at any rate, span and speed")
  func parts() throws {
    var random = RandomStream(seed: 4, "parts")
    let quiet = [Float](repeating: 0, count: 6000)
    let samples = quiet + tone(440, samples: 12000, rateHz: 16000) + quiet
    let url = try folder.write(WAVBytes(rateHz: 16000).file(samples), as: "a.wav")
    let whole = try AudioReader.read(url, options: options()).samples
    for round in 0..<100 {
      var options = options()
      options.crop = AudioOptions.Crop.allCases[round % 3]
      options.longClips = round % 4 == 0 ? .windows : .crop
      options.trimDb = round % 5 < 2 ? nil : 30
      options.clipS = (0.2 + random.uniform() * 2).rounded(toPlaces: 3)
      let start = (random.uniform() * 0.6).rounded(toPlaces: 3)
      let span = round % 2 == 0 ? nil : start...1.2
      let part = try AudioReader.excerpt(url, span: span, options: options)
      #expect(try AudioReader.read(url, span: span, options: options) == part.waveform)
      let first = Int((part.spanS.lowerBound * 16000).rounded())
      let end = Int((part.spanS.upperBound * 16000).rounded())
      #expect(part.waveform.samples == Array(whole[first..<end]), "round \(round)")
      // At another rate and speed the same part, to a sample.
      options.rateHz = 11025
      options.clipS /= 1.1
      options.trimDb = nil
      let fast = try AudioReader.excerpt(url, span: span, options: options, speed: 1.1)
      let lengthS = fast.spanS.upperBound - fast.spanS.lowerBound
      #expect(abs(lengthS - fast.waveform.durationS * 1.1) <= 2.0 / 11025)
      if options.longClips == .windows {
        #expect(fast.spanS == (span ?? 0...1.5), "round \(round)")
      }
    }
  }

  @Test("a clip shorter than the limit keeps its length, an odd surplus is dropped at the end")
  func cropLengths() {
    let waveform = Waveform(samples: [1, 2, 3, 4, 5], rateHz: 10)
    func kept(_ lengthS: Double, _ crop: AudioOptions.Crop) -> Range<Int> {
      waveform.cropped(waveform.samples.indices, toS: lengthS, at: crop)
    }
    #expect(kept(0.5, .center) == 0..<5)
    #expect(kept(2, .end) == 0..<5)
    #expect(kept(0.2, .center) == 1..<3)
    #expect(kept(0.2, .start) == 0..<2)
    #expect(kept(0.2, .end) == 3..<5)
    #expect(waveform.cropped(2..<5, toS: 0.1, at: .center) == 3..<4)
  }
}

@Suite("Trimming")
struct TrimmingTests {
  @Test("keeps what librosa's trim keeps", arguments: [8000, 11025], [0, 1, 2])
  func reference(rateHz: Int, clip: Int) throws {
    let arrays = try Fixture(.module).arrays("trim/trim.safetensors")
    let whole = Waveform(
      samples: try #require(arrays["\(rateHz) \(clip).in"]).values, rateHz: rateHz)
    for depth in [20, 35, 60] {
      let span = try #require(arrays["\(rateHz) \(clip).\(depth)"]).values.map { Int($0) }
      let loud = whole.loudPositions(belowPeakDb: Double(depth), marginS: 0)
      #expect(loud == span[0]..<span[1], "\(depth) dB")
    }
  }

  @Test("keeps a margin, and leaves silence and loud clips as they are")
  func edges() {
    let tone = tone(440, samples: 1600, rateHz: 16000)
    let quiet = [Float](repeating: 1e-5, count: 8000)
    let clip = Waveform(samples: quiet + tone + quiet, rateHz: 16000)
    let margin = clip[clip.loudPositions(belowPeakDb: 40)].durationS - 0.1
    // A margin of 50 ms and up to one frame of 32 ms at each side.
    #expect(margin >= 0.1 && margin <= 0.164, "\(margin)")
    for samples in [tone, [Float](repeating: 0, count: 500), [0.5], []] {
      let waveform = Waveform(samples: samples, rateHz: 16000)
      #expect(waveform.loudPositions(belowPeakDb: 10) == samples.indices)
    }
  }

  @Test("comes before the cut to length")
  func beforeCrop() throws {
    let folder = try TemporaryFolder()
    let quiet = [Float](repeating: 0, count: 16000)
    let url = try folder.write(
      WAVBytes(rateHz: 16000).file(quiet + tone(440, samples: 8000, rateHz: 16000)), as: "a.wav")
    var options = AudioOptions()
    options.clipS = 0.6
    options.crop = .start
    options.trimDb = 35
    let kept = try AudioReader.read(url, options: options).samples
    #expect((8800...9600).contains(kept.count))
    #expect(
      kept.suffix(8000).allSatisfy { $0 == 0 } == false && kept.prefix(800).allSatisfy { $0 == 0 })
  }
}

@Suite("Resampling")
struct ResamplerTests {
  @Test(
    "equals librosa's soxr_hq",
    arguments: [(44100, 16000), (8000, 16000), (22050, 16000), (48000, 16000), (16000, 44100)])
  func reference(from: Int, to: Int) throws {
    let arrays = try Fixture(.module).arrays("resample/resample.safetensors")
    let input = try #require(arrays["\(from) to \(to).in"])
    let truth = try #require(arrays["\(from) to \(to).out"])
    let ours = Resampler.resample(Waveform(samples: input.values, rateHz: from), toHz: to)
    let deviation = Deviation(ours.samples, from: truth.values, absolute: 1e-5, relative: 0)
    #expect(deviation.isWithin, "\(deviation)")
    #expect(ours.rateHz == to)
  }

  @Test("the length is the rounded-up product, and the same rate changes nothing")
  func lengths() {
    var random = RandomStream(seed: 5, "lengths")
    for _ in 0..<100 {
      let (from, to) = (4000 + random.below(60000), 4000 + random.below(60000))
      let count = 1 + random.below(300)
      let waveform = Waveform(samples: tone(300, samples: count, rateHz: from), rateHz: from)
      let resampled = Resampler.resample(waveform, toHz: to)
      let length = (Double(count) * Double(to) / Double(from)).rounded(.up)
      #expect(Double(resampled.samples.count) == length, "\(count) from \(from) to \(to)")
      #expect(Resampler.resample(waveform, toHz: from) == waveform)
    }
  }

  @Test(
    "speed equals soxr's from a changed rate, and sox's own speed",
    arguments: [(16000, 16000, 0.9), (16000, 16000, 1.1), (22050, 16000, 1.25)])
  func speed(from: Int, to: Int, speed: Double) throws {
    let arrays = try Fixture(.module).arrays("resample/resample.safetensors")
    let name = "\(from) to \(to) at \(speed)"
    let input = try #require(arrays["\(name).in"])
    let ours = Resampler.resample(
      Waveform(samples: input.values, rateHz: from), toHz: to, speed: speed)
    for (peer, tolerance) in [("out", 1e-5), ("sox", 2e-4)] {
      let truth = try #require(arrays["\(name).\(peer)"])
      let deviation = Deviation(ours.samples, from: truth.values, absolute: tolerance, relative: 0)
      #expect(deviation.isWithin, "\(peer): \(deviation)")
    }
    #expect(ours.rateHz == to)
  }

  @Test("at a speed that makes up for the rate, the samples stay what they are")
  func speedForRate() {
    let waveform = Waveform(samples: tone(440, samples: 999, rateHz: 8000), rateHz: 8000)
    let fast = Resampler.resample(waveform, toHz: 16000, speed: 2)
    let deviation = Deviation(fast.samples, from: waveform.samples, absolute: 1e-6, relative: 0)
    #expect(deviation.isWithin, "\(deviation)")
  }

  @Test("a clip is cut to length after its speed has changed, so that what is kept stays as long")
  func speedBeforeCrop() throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let url = try folder.write(
      ToneCorpus.wav(tone(440, samples: 8000, rateHz: 8000)), as: "tone.wav")
    var options = AudioOptions()
    (options.rateHz, options.clipS) = (8000, 0.8)
    let slow = try AudioReader.read(url, options: options, speed: 0.5)
    #expect(slow.samples.count == 6400)
    #expect(try AudioReader.read(url, options: options, speed: 2).samples.count == 4000)
    #expect(
      try AudioReader.read(url, options: options, speed: 1)
        == AudioReader.read(url, options: options))
    // Half the speed, half the pitch: 440 Hz sounds as 220 Hz, 176 cycles in 0.8 s.
    let rises = zip(slow.samples, slow.samples.dropFirst()).count { $0 <= 0 && $1 > 0 }
    #expect(abs(rises - 176) <= 1)
  }

  @Test("several threads get the bytes that one gets")
  func threads() async {
    let waveform = Waveform(samples: tone(1234, samples: 20000, rateHz: 44100), rateHz: 44100)
    let alone = Resampler.resample(waveform, toHz: 16000)
    await withTaskGroup(of: Waveform.self) { group in
      for _ in 0..<8 { group.addTask { Resampler.resample(waveform, toHz: 16000) } }
      for await result in group { #expect(result == alone) }
    }
  }
}

extension Double {
  /// With so many decimals.
  fileprivate func rounded(toPlaces places: Int) -> Double {
    let scale = pow(10, Double(places))
    return (self * scale).rounded() / scale
  }
}
