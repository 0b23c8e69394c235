import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceAudio

@Suite("Files of strangers, of which no more than some seconds are decoded")
struct LengthLimitTests {
  private let fixtures = Fixture(.module).folder

  @Test(
    "a file up to the limit has the length that decoding gives; a longer one is refused",
    arguments: ["formats/speech.flac", "media/film.mkv", "media/film.mp4", "media/sound.m4a"])
  func limit(path: String) throws {
    if path.hasPrefix("media"), !Tool.isThere("ffmpeg") { return }
    let file = fixtures.appending(path: path)
    let whole = try AudioReader.inspectDecoded(file)
    AudioReader.forget(file)
    #expect(try AudioReader.inspectDecoded(file, longestS: whole.durationS + 0.01) == whole)
    AudioReader.forget(file)
    let error = #expect(throws: AudioError.self) {
      try AudioReader.inspectDecoded(file, longestS: whole.durationS / 2)
    }
    #expect(error?.fault == .tooLong(longestS: whole.durationS / 2))
    #expect(error.map { "\($0)" }?.contains("which is all that is taken here") == true)
    // What was cut off is not taken for the whole later.
    #expect(try AudioReader.inspectDecoded(file) == whole)
  }

  @Test("what ffmpeg decoded within the limit has the samples that it has without one")
  func samples() throws {
    guard Tool.isThere("ffmpeg") else { return }
    let file = fixtures.appending(path: "media/film.mp4")
    AudioReader.forget(file)
    let digest = try AudioReader.sampleDigest(of: file)
    AudioReader.forget(file)
    _ = try AudioReader.inspectDecoded(file, longestS: 60)
    #expect(try AudioReader.sampleDigest(of: file) == digest)
  }

  @Test("of a stream without a length no more is decoded than the limit asks for")
  func openLength() throws {
    guard Tool.isThere("ffmpeg") else { return }
    let folder = try TemporaryFolder()
    // Written to a pipe, the header has no length.
    let bytes = try FFmpeg.run([
      "-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono", "-t", "3000", "-f", "flac", "pipe:1",
    ])
    let file = folder.url.appending(path: "long.flac")
    try bytes.write(to: file)
    let begin = ContinuousClock.now
    let error = #expect(throws: AudioError.self) {
      try AudioReader.inspectDecoded(file, longestS: 1)
    }
    #expect(error?.fault == .tooLong(longestS: 1))
    #expect(ContinuousClock.now - begin < .seconds(1))
  }
}
