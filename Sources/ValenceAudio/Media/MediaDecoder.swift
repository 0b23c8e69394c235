import Foundation
import ValenceCore

/// Takes the sound out of media files with the `ffmpeg` command.
struct MediaDecoder {
  /// The program, looked up in the `PATH`.
  var program = "ffmpeg"
  /// The seconds that it may write nothing before it is killed; an estimate, far above what a first frame takes.
  var stallS = 30.0
  /// The seconds of sound after which it is ended; nil lets it go on.
  var longestS: Double?
  /// The folder for temporary files.
  var folder = FileManager.default.temporaryDirectory
  /// What was decoded before; given up where the folder has no space left.
  var sounds = DecodedSounds.shared

  /// What ffmpeg (5.1, Debian 12) writes to standard error of these; no exit status tells them.
  private enum Phrase {
    /// The file ends before its container says that it does.
    static let ofCut = ["ended prematurely", "partial file"]
    /// There is no sound track.
    static let noStream = "matches no streams"
  }

  /// The decoded sound of a file, which other spans of it may have asked for before.
  ///
  /// - Returns: what `decode` does.
  /// - Throws: as `decode` does.
  func decoded(
    _ file: FileBytes, name: String, container: MediaContainer
  ) throws(AudioError) -> FileBytes {
    try sounds.sound(of: file.stamp) { () throws(AudioError) in
      try decode(file, name: name, container: container)
    }
  }

  /// Decodes the first sound track to a WAV file of floats, at its own rate, with all its channels.
  ///
  /// - Returns: the decoded file, open and without a name: it is gone when it is closed.
  /// - Throws: `AudioError` where ffmpeg is missing or cannot decode all of the track.
  func decode(
    _ file: FileBytes, name: String, container: MediaContainer
  ) throws(AudioError) -> FileBytes {
    var (decoded, end, said) = try run(file, name: name, demuxer: container.demuxer)
    if said.contains(Self.noSpace) {
      // Sound that was decoded for files before this one takes up space too.
      sounds.clear()
      (decoded, end, said) = try run(file, name: name, demuxer: container.demuxer)
    }
    func failed(_ reason: String) -> AudioError {
      AudioError(file: name, fault: .ffmpegFailed(reason))
    }
    switch end {
    case .notFound: throw AudioError(file: name, fault: .ffmpegMissing(container.decoded))
    case .notStarted(let code): throw failed("it cannot be started: \(reason(code))")
    case .signal(let signal): throw failed("ended by signal \(signal)")
    case .stopped(let stop): throw failed(Self.reason(stop))
    case .status(0):
      if Phrase.ofCut.contains(where: said.contains) {
        throw AudioError(file: name, fault: .truncated(promisedS: nil))
      }
      guard decoded.count > 0 else { throw failed("it ended without a word and without sound") }
      try checkLength(of: decoded, name: name)
      return decoded
    case .status:
      if said.contains(Self.noSpace) { throw failed("no space left for temporary files") }
      if said.contains(Phrase.noStream) {
        throw AudioError(file: name, fault: .noSoundTrack)
      }
      if try isOfMachine(said, file, name: name) { throw failed(Self.lastLine(said)) }
      if try !isSound(name: name) { throw failed(Self.lastLine(said)) }
      throw AudioError(file: name, fault: .damaged)
    }
  }

  /// - Throws: `AudioError` with `.tooLong`; what is then decoded is cut off and not to be kept.
  private func checkLength(of decoded: FileBytes, name: String) throws(AudioError) {
    guard let longestS, let header = try? DecodedMedia(decoded, format: "").header,
      let frames = header.frames, Double(frames) > longestS * Double(header.rateHz)
    else { return }
    throw AudioError(file: name, fault: .tooLong(longestS: longestS))
  }

  /// The program's version; nil where it does not start.
  var version: String? {
    let words = greeting.said.split(whereSeparator: \.isWhitespace)
    guard words.count > 2, words[1] == "version" else { return nil }
    return String(words[2])
  }

  /// Whether there is no such program; not, where it cannot be started for a reason of another kind, such as
  /// too many open files.
  var isMissing: Bool { greeting.end == .notFound }

  /// Its message when it is given nothing to do.
  private var greeting: (end: ChildProcess.End, said: String) {
    // It says its version on standard output, but shows it on standard error with any complaint.
    var process = ChildProcess(program, ["-nostdin"])
    process.stallS = stallS
    return process.run()
  }

  private func run(
    _ file: FileBytes, name: String, demuxer: String
  ) throws(AudioError) -> (decoded: FileBytes, end: ChildProcess.End, said: String) {
    let decoded = try temporaryFile(name: name)
    // The open file itself, not its name, which may mean another file by now; opened anew, because the
    // other descriptor's place in the file is not ffmpeg's to move. Written as to a pipe, because what
    // has no name cannot be opened.
    var process = ChildProcess(
      program,
      [
        "-nostdin", "-loglevel", "error", "-xerror", "-threads", "1",
        "-protocol_whitelist", "file,pipe", "-f", demuxer, "-i", "file:/dev/fd/0",
        "-map", "0:a:0", "-codec:a", "pcm_f32le", "-bitexact",
      ] + (longestS.map { ["-t", "\($0 + 1)"] } ?? []) + ["-f", "wav", "pipe:1"])
    process.input = file.descriptor
    process.output = .descriptor(decoded)
    process.stallS = stallS
    process.longestS = 120 + Double(file.count) / 50_000
    let (end, said) = process.run()
    return (FileBytes(descriptor: decoded), end, said)
  }

  /// A file without a name.
  private func temporaryFile(name: String) throws(AudioError) -> Int32 {
    do throws(FileBytes.Refusal) {
      return try FileBytes.temporary(in: folder)
    } catch {
      throw AudioError(
        file: name,
        fault: .ffmpegFailed(
          "no temporary file can be made in \(folder.path) (TMPDIR): \(error.reason)"))
    }
  }

  private func reason(_ code: Int32) -> String { FileBytes.Refusal.reason(code) }

  private static func reason(_ stop: ChildProcess.Stop) -> String {
    switch stop {
    case .stalled(let seconds): "it did nothing for \(Int(seconds)) s and was ended"
    case .late(let seconds): "it was not done after \(Int(seconds)) s and was ended"
    case .cancelled: "it was no longer wanted and was ended"
    }
  }
}

// MARK: - Who is at fault

extension MediaDecoder {
  private static let noSpace = "No space left on device"

  /// Messages of ffmpeg for which the machine is at fault.
  ///
  /// A damaged file makes it say many other things.
  private static let ofMachine = [
    "Disk quota exceeded", "Read-only file system", "Too many open files",
    "Cannot allocate memory", "Stale file handle", "Permission denied",
    "No such file or directory", "Resource temporarily unavailable",
    "Not a directory", "Transport endpoint", "Connection timed out", "Device or resource busy",
    "error while loading shared libraries", "Unknown encoder", "Unknown decoder",
    "Unknown input format", "Unrecognized option", "Decoder not found",
  ]

  private func isOfMachine(
    _ said: String, _ file: FileBytes, name: String
  ) throws(AudioError) -> Bool {
    if Self.ofMachine.contains(where: { said.contains($0) }) { return true }
    // "none" is what it calls a coding that no program knows: that is a damaged header.
    if said.contains("Decoder (codec"), !said.contains("Decoder (codec none)") { return true }
    guard said.contains("Input/output error") else { return false }
    // A damaged file is answered so too; a disk that fails shows when all of it is read.
    var offset = 0
    do throws(FileBytes.Refusal) {
      while offset < file.count {
        let got = try file.bytes(at: offset, 1 << 20).count
        if got == 0 { return true }
        offset += got
      }
    } catch {
      throw AudioError(file: name, fault: .refused(error.reason))
    }
    return false
  }

  /// Whether the program decodes a file that is surely whole: if not, it says nothing about others.
  private func isSound(name: String) throws(AudioError) -> Bool {
    let file = try temporaryFile(name: name)
    var bytes = Array("RIFF".utf8) + [100, 0, 0, 0] + Array("WAVEfmt ".utf8)
    bytes += [16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0]
    bytes += Array("data".utf8) + [64, 0, 0, 0] + (0..<64).map { UInt8($0) }
    let written = unsafe bytes.withUnsafeBytes { unsafe pwrite(file, $0.baseAddress, $0.count, 0) }
    guard written == bytes.count else {
      let code = errno
      close(file)
      throw AudioError(
        file: name, fault: .ffmpegFailed("no temporary file can be written: \(reason(code))"))
    }
    let (decoded, end, _) = try run(
      FileBytes(descriptor: file), name: name, demuxer: MediaContainer.wav.demuxer)
    return end == .status(0) && decoded.count > 64 * 2
  }

  private static func lastLine(_ said: String) -> String {
    guard let line = said.split(whereSeparator: \.isNewline).last else {
      return "it failed without a word"
    }
    return String(line.prefix(300)).trimmingCharacters(in: CharacterSet(charactersIn: " ."))
  }
}
