import Foundation
import Testing
import ValenceAudio
import ValenceCore
import ValenceTestSupport

@Suite("Files by their content")
struct FileContentTests {
  @Test("what is no regular file has neither stamp nor content, and nothing waits for a pipe")
  func absent() throws {
    try ValenceTestSupport.TemporaryFolder.with { folder in
      let there = folder.url.appending(path: "a.wav")
      try Data("sound".utf8).write(to: there)
      let manager = FileManager.default
      func path(_ name: String) -> String { folder.url.appending(path: name).path }
      try manager.createSymbolicLink(atPath: path("dangling"), withDestinationPath: path("gone"))
      try manager.createSymbolicLink(atPath: path("loop"), withDestinationPath: path("loop"))
      try manager.createDirectory(atPath: path("folder"), withIntermediateDirectories: false)
      #expect(mkfifo(path("pipe"), 0o600) == 0)
      for name in ["gone", "dangling", "loop", "folder", "pipe", "a.wav/below"] {
        #expect(try FileContent.stamp(of: path(name)) == nil, "\(name)")
        #expect(try FileContent.reading(of: path(name)) == nil, "\(name)")
      }
      #expect(try FileContent.stamp(of: path("a.wav"))?.size == 5)
    }
  }

  @Test("the digest is that of all bytes, however many pieces they are read in")
  func digest() throws {
    try ValenceTestSupport.TemporaryFolder.with { folder in
      var random = RandomStream(seed: 3)
      for count in [0, 1, (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 700_001] {
        let bytes = Data((0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        let file = folder.url.appending(path: "\(count)")
        try bytes.write(to: file)
        let reading = try #require(try FileContent.reading(of: file.path))
        #expect(reading.digest == Digest(of: bytes), "\(count) bytes")
        #expect(reading.stamp.size == Int64(count))
        #expect(!reading.isSettled, "it was written just now")
      }
    }
  }

  @Test("a change that keeps the length and puts the time of modification back shows in the stamp")
  func change() throws {
    try ValenceTestSupport.TemporaryFolder.with { folder in
      let file = folder.url.appending(path: "a.wav")
      try Data("one".utf8).write(to: file)
      let past = Date(timeIntervalSince1970: 1_000_000_000)
      func age() throws {
        try FileManager.default.setAttributes([.modificationDate: past], ofItemAtPath: file.path)
      }
      try age()
      let before = try FileContent.stamp(of: file.path)
      // Written anew over itself, as an editor does that keeps the inode.
      let handle = try FileHandle(forWritingTo: file)
      // The clock of a file system may stand still for some milliseconds.
      var after = before
      for _ in 0..<1000 where after == before {
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: Data("two".utf8))
        try age()
        after = try FileContent.stamp(of: file.path)
      }
      try handle.close()
      #expect(after?.modifiedNs == before?.modifiedNs)
      #expect(after?.size == before?.size)
      #expect(after != before)
    }
  }

  @Test("a stamp that is younger than the coarsest clock's grain is not relied on")
  func settled() {
    func stamp(modified: Int64, changed: Int64) -> FileStamp {
      FileStamp(device: 1, inode: 2, size: 3, modifiedNs: modified, changedNs: changed)
    }
    let second: Int64 = 1_000_000_000
    #expect(stamp(modified: 0, changed: 5 * second).isSettled(at: 7 * second))
    #expect(!stamp(modified: 0, changed: 5 * second).isSettled(at: 7 * second - 1))
    #expect(!stamp(modified: 5 * second, changed: 0).isSettled(at: 7 * second - 1))
    // A clock of a server that goes ahead, and a time that somebody set.
    #expect(!stamp(modified: 0, changed: 9 * second).isSettled(at: 7 * second))
    #expect(!stamp(modified: .max, changed: .min).isSettled(at: 7 * second))
  }

  // MARK: - Samples

  @Test("WAV and FLAC of the same samples have one digest; one step of one sample has another")
  func samples() throws {
    let formats = Fixture(.module).folder.appending(path: "formats")
    let flac = formats.appending(path: "speech.flac")
    let digest = try AudioReader.sampleDigest(of: flac)
    #expect(try AudioReader.sampleDigest(of: formats.appending(path: "speech.aiff")) == digest)
    #expect(
      try AudioReader.sampleDigest(of: formats.appending(path: "streamed.flac")) == digest,
      "its header gives no length")
    #expect(try AudioReader.sampleDigest(of: formats.appending(path: "speech.mp3")) != digest)
    try ValenceTestSupport.TemporaryFolder.with { folder in
      let names = ["a", "b", "c", "rate"]
      let files = names.map { folder.url.appending(path: "\($0).wav") }
      var samples = (0..<4000).map { Float(0.3 * sin(Double($0) / 9)) }
      try ToneCorpus.wav(samples).write(to: files[0])
      samples[3999] += 1 / 32767
      try ToneCorpus.wav(samples).write(to: files[1])
      try ToneCorpus.wav(samples + [0]).write(to: files[2])
      var other = ToneCorpus.wav(samples)
      other[24] = 0x80  // 16,000 Hz instead of 8,000
      other[25] = 0x3E
      try other.write(to: files[3])
      let digests = try files.map { try AudioReader.sampleDigest(of: $0) }
      #expect(Set(digests).count == files.count)
    }
  }

  @Test("a mono recording that was saved in stereo has its digest, and stereo sound has another")
  func channels() throws {
    try ValenceTestSupport.TemporaryFolder.with { folder in
      let mono = tone(440, samples: 9001)
      func digest(_ channels: UInt16, _ samples: [Float], _ name: String) throws -> Digest {
        let file = folder.url.appending(path: "\(name).wav")
        try WAVBytes(channels: channels, coding: 3).file(samples).write(to: file)
        return try AudioReader.sampleDigest(of: file)
      }
      let one = try digest(1, mono, "mono")
      #expect(try digest(2, mono.flatMap { [$0, $0] }, "stereo") == one)
      #expect(try digest(3, mono.flatMap { [$0, $0, $0] }, "three") == one)
      // One sample of one channel is enough to be another recording.
      for place in [0, 4095, 4096, 9000] {
        var samples = mono.flatMap { [$0, $0] }
        samples[2 * place + 1] += 0.01
        #expect(try digest(2, samples, "other\(place)") != one)
      }
      #expect(try digest(2, mono + [0], "interleaved") != one)
      let noughts = [Float](repeating: 0, count: 100)
      #expect(
        try digest(1, noughts + mono, "plus") == digest(1, noughts.map { -$0 } + mono, "minus"))
    }
  }

  @Test("the digest is formed while a file is decoded, whatever is then made of the samples")
  func onTheWay() throws {
    let flac = Fixture(.module).folder.appending(path: "formats/speech.flac")
    let whole = try AudioReader.sampleDigest(of: flac)
    var options = AudioOptions()
    (options.clipS, options.rateHz, options.trimDb) = (0.2, 8000, 20)
    for speed in [1, 1.3] {
      let part = try AudioReader.excerpt(flac, options: options, speed: speed, digestsSamples: true)
      #expect(part.samples == whole)
    }
    #expect(try AudioReader.excerpt(flac, options: options).samples == nil)
    let span = 0.1...0.3
    let cut = try AudioReader.excerpt(flac, span: span, options: options, digestsSamples: true)
    #expect(try cut.samples == AudioReader.sampleDigest(of: flac, span: span))
    #expect(cut.samples != whole)
  }
}
