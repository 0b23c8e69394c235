import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceAudio

@Suite("Whose fault it is when ffmpeg gives nothing")
struct MediaFaultTests {
  let folder: TemporaryFolder
  let media = Fixture(.module).folder.appending(path: "media")

  init() throws { folder = try TemporaryFolder() }

  /// A program in ffmpeg's place.
  private func standIn(_ script: String) throws -> String {
    let program = folder.url.appending(path: "ffmpeg")
    try writeShellProgram(script, to: program)
    return program.path
  }

  private func fault(of decoder: MediaDecoder, _ name: String = "film.mp4") -> AudioError? {
    #expect(throws: AudioError.self) {
      try decoder.decode(
        FileBytes(media.appending(path: name), name: name), name: name, container: .mp4)
    }
  }

  @Test(
    "what is wrong with the program or the machine is never taken for a damaged file",
    arguments: [
      (
        "echo 'av_interleaved_write_frame(): No space left on device' >&2; exit 1",
        "no space left for temporary files"
      ),
      ("kill -9 $$", "ended by signal 9"),
      (
        "echo 'Decoder (codec aac) not found for input stream #0:0' >&2; exit 1",
        "Decoder (codec aac) not found for input stream #0:0"
      ),
      ("echo \"Unknown encoder 'pcm_f32le'\" >&2; exit 1", "Unknown encoder 'pcm_f32le'"),
      ("echo 'file:/dev/fd/0: Permission denied' >&2; exit 1", "file:/dev/fd/0: Permission denied"),
      ("echo 'Cannot allocate memory' >&2; exit 1", "Cannot allocate memory"),
      ("echo 'pipe:1: Input/output error' >&2; exit 1", "pipe:1: Input/output error"),
      (
        "echo 'ffmpeg: error while loading shared libraries: libx.so' >&2; exit 127",
        "ffmpeg: error while loading shared libraries: libx.so"
      ),
      ("echo 'something that nobody foresaw' >&2; exit 69", "something that nobody foresaw"),
      ("exit 1", "it failed without a word"), ("exit 127", "it failed without a word"),
      ("exit 0", "it ended without a word and without sound"),
    ])
  func ofMachine(script: String, reason: String) throws {
    let error = fault(of: MediaDecoder(program: try standIn(script)))
    #expect(error?.description == "film.mp4: ffmpeg could not decode it: \(reason).")
    #expect(error?.isOfMachine == true)
  }

  @Test("a program that cannot be started")
  func notStarted() throws {
    let program = try folder.write(Data("no program".utf8), as: "ffmpeg")
    let error = fault(of: MediaDecoder(program: program.path))
    #expect(
      error?.description
        == "film.mp4: ffmpeg could not decode it: it cannot be started: permission denied.")
    #expect(error?.isOfMachine == true)
  }

  @Test("a program that never ends is ended, with what it started, and named")
  func neverEnds() throws {
    let note = folder.url.appending(path: "pid").path
    let script = "sleep 600 & echo $! > '\(note)'; wait"
    let start = ContinuousClock.now
    let error = fault(of: MediaDecoder(program: try standIn(script), stallS: 1))
    #expect(
      error?.description
        == "film.mp4: ffmpeg could not decode it: it did nothing for 1 s and was ended.")
    #expect(error?.isOfMachine == true)
    #expect(ContinuousClock.now - start < .seconds(20))
    let started = try #require(
      Int32(
        String(contentsOfFile: note, encoding: .utf8)
          .trimmingCharacters(in: .whitespacesAndNewlines)))
    // Its parent is gone, so that somebody else has to collect it: it may stand there ended.
    // The system may take a moment to end what was killed.
    var state = ""
    for _ in 0..<100 where !state.contains(" Z ") {
      state = (try? String(contentsOfFile: "/proc/\(started)/stat", encoding: .utf8)) ?? " Z "
      usleep(50_000)
    }
    #expect(state.contains(" Z "), "\(state)")
  }

  @Test(
    "a folder for temporary files that is not there, or is none",
    arguments: [("/nonexistent", "no such file or directory"), ("/dev/null", "not a directory")])
  func temporaryFolder(path: String, reason: String) {
    let error = fault(of: MediaDecoder(folder: URL(filePath: path), sounds: DecodedSounds()))
    #expect(
      error?.description
        == "film.mp4: ffmpeg could not decode it: no temporary file can be made in "
        + "\(path) (TMPDIR): \(reason).")
    #expect(error?.isOfMachine == true)
  }

  @Test(
    "damaged files are the files' fault, with a program that is whole",
    .enabled(if: Tool.isThere("ffmpeg"), "needs ffmpeg"))
  func ofFile() throws {
    var random = RandomStream(seed: 3, "media")
    var kinds: Set<String> = []
    for name in ["film.mkv", "film.avi", "film.flv", "sound.m4a", "sound.aac"] {
      let whole = [UInt8](try Data(contentsOf: media.appending(path: name)))
      for _ in 0..<12 {
        var bytes = Array(whole.prefix(random.below(3) == 0 ? 1 + random.below(whole.count) : .max))
        for _ in 0..<(1 + random.below(6)) {
          bytes[random.below(min(bytes.count, 600))] = UInt8(random.below(256))
        }
        let url = try folder.write(Data(bytes), as: name)
        do throws(AudioError) {
          _ = try AudioReader.inspect(url)
          _ = try AudioReader.read(url, options: AudioOptions())
          kinds.insert("read")
        } catch {
          kinds.insert("refused")
          #expect(!error.isOfMachine, "\(error)")
        }
      }
    }
    #expect(kinds == ["read", "refused"])
  }

  @Test(
    "all spans of a file are decoded at once, and anew once it has changed",
    .enabled(if: Tool.isThere("ffmpeg"), "needs ffmpeg"))
  func once() throws {
    let calls = folder.url.appending(path: "calls")
    let decoder = MediaDecoder(
      program: try standIn("echo x >> '\(calls.path)'; exec ffmpeg \"$@\""),
      // A test beside this one runs out of space, which clears what is shared.
      sounds: DecodedSounds())
    func count() -> Int { (try? Data(contentsOf: calls).count / 2) ?? 0 }
    let url = try folder.write(
      Data(contentsOf: media.appending(path: "sound.m4a")), as: "sound.m4a")
    var sizes: Set<Int> = []
    for _ in 0..<12 {
      let file = try FileBytes(url, name: "sound.m4a")
      sizes.insert(try decoder.decoded(file, name: "sound.m4a", container: .mp4).count)
    }
    #expect(count() == 1)
    #expect(sizes.count == 1)
    try Data(contentsOf: media.appending(path: "film.mp4")).write(to: url)
    _ = try decoder.decoded(FileBytes(url, name: "sound.m4a"), name: "sound.m4a", container: .mp4)
    #expect(count() == 2)
  }

  @Test("which faults are of the machine")
  func classes() {
    let ofMachine: [AudioError.Fault] = [
      .refused("too many open files"), .ffmpegMissing("MP4"), .ffmpegFailed("it is tired"),
    ]
    let ofContent: [AudioError.Fault] = [
      .missing, .directory, .notARegularFile, .empty, .lfsPointer, .notAudio, .damaged,
      .changes(atS: 1), .truncated(promisedS: nil), .noSoundTrack, .noSamples, .rate,
      .notFinite(atS: 0), .beyondScale(100), .silent(usedS: 1), .cancelling, .span(0...1),
    ]
    for fault in ofMachine { #expect(AudioError(file: "a", fault: fault).isOfMachine, "\(fault)") }
    for fault in ofContent { #expect(!AudioError(file: "a", fault: fault).isOfMachine, "\(fault)") }
  }

  @Test("where ffmpeg is missing the sentence says what to install")
  func missing() throws {
    let decoder = MediaDecoder(program: "no-such-ffmpeg")
    let error = #expect(throws: AudioError.self) {
      try decoder.decode(
        FileBytes(media.appending(path: "film.mp4"), name: "film.mp4"), name: "film.mp4",
        container: .mp4)
    }
    #expect(
      error?.description
        == "film.mp4: MP4 is decoded by ffmpeg, which is not installed; install ffmpeg "
        + "(Debian: apt-get install ffmpeg) or convert the file to WAV or FLAC.")
    #expect(decoder.isMissing)
    // One that is there and does not start is not to be installed.
    for script in ["exit 1", "exit 127", "kill -9 $$"] {
      let broken = MediaDecoder(program: try standIn(script))
      #expect(broken.version == nil && !broken.isMissing, "\(script)")
    }
  }
}
