import Foundation

/// Takes the sound out of media files with the `ffmpeg` command.
struct MediaDecoder {
  /// The program, looked up in the `PATH`.
  var program = "ffmpeg"

  /// Decodes the first sound track to a WAV file of floats, at its own rate, with all its channels.
  ///
  /// - Returns: the decoded file, open and without a name: it is gone when it is closed.
  /// - Throws: `AudioError` where ffmpeg is missing or cannot decode all of the track.
  func decode(_ url: URL, name: String, container: MediaContainer) throws(AudioError) -> FileHandle
  {
    let decoded = FileManager.default.temporaryDirectory
      .appending(path: "valence-\(UUID().uuidString).wav", directoryHint: .notDirectory)
    // Best effort: where ffmpeg wrote nothing there is nothing to remove.
    defer { try? FileManager.default.removeItem(at: decoded) }
    let (status, said) = try run(
      [
        "-nostdin", "-loglevel", "error", "-xerror", "-threads", "1",
        "-protocol_whitelist", "file", "-i", "file:" + url.resolvingSymlinksInPath().path,
        "-map", "0:a:0", "-codec:a", "pcm_f32le", "-bitexact", "-f", "wav", "-rf64", "auto",
        "file:" + decoded.path,
      ], name: name)
    switch status {
    case 0: break
    case Self.notFound: throw AudioError(file: name, fault: .ffmpegMissing(container.rawValue))
    case _ where said.contains("No space left on device"):
      throw AudioError(file: name, fault: .ffmpegFailed("no space left for temporary files"))
    default:
      let lacksSound = said.contains("matches no streams")
      throw AudioError(file: name, fault: lacksSound ? .noSoundTrack : .damaged)
    }
    do {
      return try FileHandle(forReadingFrom: decoded)
    } catch {
      throw AudioError(file: name, fault: .refused(error.localizedDescription))
    }
  }

  /// What the program calls its version; nil where it does not start.
  var version: String? {
    // It says its version on standard output, but shows it on standard error with any complaint.
    guard let (_, said) = try? run(["-nostdin"], name: program) else { return nil }
    let words = said.split(whereSeparator: \.isWhitespace)
    guard words.count > 2, words[1] == "version" else { return nil }
    return String(words[2])
  }

  /// What `env` exits with where there is no such program.
  private static let notFound: Int32 = 127

  private func run(
    _ arguments: [String], name: String
  ) throws(AudioError) -> (status: Int32, said: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let errors = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    do {
      try process.run()
      // To the end of what it says first: a full pipe would hold it up for ever.
      let said = try errors.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      guard process.terminationReason == .exit else {
        throw AudioError(
          file: name, fault: .ffmpegFailed("ended by signal \(process.terminationStatus)"))
      }
      return (process.terminationStatus, String(decoding: said, as: UTF8.self))
    } catch let error as AudioError {
      throw error
    } catch {
      throw AudioError(file: name, fault: .ffmpegFailed(error.localizedDescription))
    }
  }
}
