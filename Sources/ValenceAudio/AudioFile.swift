import Foundation

/// An audio file that is open for decoding.
struct AudioFile {
  /// The file's name in errors.
  let name: String
  /// Its form.
  let header: SampleHeader
  private let decoder: any SampleDecoder

  /// Opens a file and checks that its header keeps what it promises.
  ///
  /// A container that only ffmpeg knows is decoded first, as a whole.
  ///
  /// - Parameter longestS: seconds of sound after which ffmpeg is ended, and the file is refused; nil takes
  ///   any length.
  static func open(_ url: URL, longestS: Double? = nil) throws(AudioError) -> AudioFile {
    let name = url.relativePath
    let bytes = try FileBytes(url, name: name)
    let media = MediaDecoder(longestS: longestS)
    return try naming(name) { try open(bytes, try AudioKind(bytes), name: name, media) }
  }

  /// The form and length of a file, or the open file where only decoding tells them.
  enum Answer {
    case info(AudioInfo)
    case file(AudioFile)
  }

  /// Asks a file about itself; an MP4 file answers without ffmpeg.
  static func inspect(_ url: URL) throws(AudioError) -> Answer {
    let name = url.relativePath
    let bytes = try FileBytes(url, name: name)
    return try naming(name) {
      let kind = try AudioKind(bytes)
      if case .media(.mp4) = kind, let info = try mp4Info(bytes, name: name) { return .info(info) }
      return .file(try open(bytes, kind, name: name, MediaDecoder()))
    }
  }

  private static func open(
    _ bytes: FileBytes, _ kind: AudioKind, name: String, _ decoder: MediaDecoder
  ) throws -> AudioFile {
    switch kind {
    case .pointer: throw AudioError(file: name, fault: .lfsPointer)
    case .unknown: throw AudioError(file: name, fault: .notAudio)
    case .media(let container):
      if container == .mp4 { _ = try mp4Info(bytes, name: name) }
      return try media(bytes, container, name: name, decoder)
    case .mpeg(let stream):
      return try mpeg(bytes, stream, name: name)
    case .joined(let links):
      let joined = try JoinedOgg(bytes, links, name: name)
      return try AudioFile(
        name: name, of: bytes.count,
        SeekableOgg(joined, of: bytes) { try JoinedOgg(bytes, links, name: name) })
    case .sound(let start): return try sound(bytes, from: start, name: name, decoder)
    }
  }

  private init(
    name: String, of bytes: Int, _ decoder: any SampleDecoder
  ) throws(AudioError) {
    (self.name, self.decoder) = (name, decoder)
    header = decoder.header
    let info = header.info(frames: header.frames ?? 0)
    guard AudioError.rateHzRange.contains(header.rateHz), header.channels > 0 else {
      throw AudioError(file: name, info: info, fault: .rate)
    }
    // The densest coding of silence (FLAC) takes ten bytes for 65,535 samples.
    if let frames = header.frames, frames / 65536 > bytes {
      throw AudioError(file: name, fault: .damaged)
    }
  }

  /// Moves to a sample; false where the file cannot.
  func seek(to frame: Int) -> Bool { decoder.seek(to: frame) }

  /// Decodes the next samples into `buffer`, channels interleaved; full scale is ±1.
  ///
  /// - Returns: the number of frames read; 0 at the end.
  /// - Throws: `AudioError` with `.damaged` where the decoder met data that it could not decode, with
  ///   `.refused` where the system does not hand them out.
  func read(into buffer: inout [Float]) throws(AudioError) -> Int {
    do throws(SampleFault) {
      return try decoder.read(into: &buffer)
    } catch {
      throw Self.error(error, name: name, info: header.frames.map(header.info(frames:)))
    }
  }
}

// MARK: - By kind

extension AudioFile {
  /// Turns what the system says, which knows no file, into the error of this one.
  private static func naming<Value>(
    _ name: String, _ body: () throws -> Value
  ) throws(AudioError) -> Value {
    do {
      return try body()
    } catch let error as AudioError {
      throw error
    } catch let refusal as FileBytes.Refusal {
      throw AudioError(file: name, fault: .refused(refusal.reason))
    } catch {
      throw AudioError(file: name, fault: .damaged)
    }
  }

  private static func error(
    _ fault: SampleFault, name: String, info: AudioInfo? = nil
  ) -> AudioError {
    switch fault {
    case .damaged: AudioError(file: name, info: info, fault: .damaged)
    case .refused(let code):
      AudioError(file: name, info: info, fault: .refused(FileBytes.Refusal.reason(code)))
    }
  }

  private static func media(
    _ bytes: FileBytes, _ container: MediaContainer, name: String, _ decoder: MediaDecoder
  ) throws -> AudioFile {
    let decoded = try DecodedMedia(
      decoder.decoded(bytes, name: name, container: container), format: container.rawValue)
    return try AudioFile(name: name, of: .max, decoded)
  }

  private static func sound(
    _ bytes: FileBytes, from start: Int, name: String, _ media: MediaDecoder
  ) throws -> AudioFile {
    let corrections = try UnfinishedHeader.corrections(bytes, from: start)
    let end = try TrailingTags.end(of: bytes, from: start)
    let stream = ByteStream(bytes, start..<end, corrections: corrections)
    let decoder: SoundFile
    do throws(SoundFileFault) {
      decoder = try SoundFile(stream)
    } catch {
      if case .refused(let code) = error { throw FileBytes.Refusal(code: code) }
      if case .damaged = error { throw AudioError(file: name, fault: .damaged) }
      if case .unknownCoding = error, let container = try MediaContainer(coding: bytes) {
        return try Self.media(bytes, container, name: name, media)
      }
      if let stream = try AudioKind.mpegBehindOtherBytes(bytes, from: start) {
        return try mpeg(bytes, stream, name: name)
      }
      throw AudioError(
        file: name, fault: try AudioKind.isKnown(bytes, from: start) ? .damaged : .notAudio)
    }
    let isOgg = decoder.header.format.hasPrefix("Ogg")
    let file = try AudioFile(
      name: name, of: bytes.count,
      isOgg ? SeekableOgg(decoder, of: bytes) { try SoundFile(stream.again()) } : decoder)
    try file.checkPromises(decoder.log, of: bytes.count - start)
    return file
  }

  private static func mpeg(
    _ bytes: FileBytes, _ stream: MPEGStream, name: String
  ) throws(AudioError) -> AudioFile {
    let file = try AudioFile(
      name: name, of: bytes.count, MPEGDecoder(bytes, stream, name: name))
    let info = file.header.info(frames: stream.samples)
    if let promisedS = stream.promisedS {
      throw AudioError(file: name, info: info, fault: .truncated(promisedS: promisedS))
    }
    if let change = stream.change {
      let atS = Double(change * stream.first.samples) / Double(info.rateHz)
      throw AudioError(file: name, info: info, fault: .changes(atS: atS))
    }
    return file
  }

  /// Compares the length in the header of WAV and AIFF files with the file's.
  ///
  /// libsndfile lowers the length to what is there and only notes it. A stream whose writer could not go
  /// back promises about the greatest length there is; that is no promise. Some writers count the header
  /// or the byte that fills up an odd length with the samples: nothing is missing then.
  private func checkPromises(_ log: String, of bytes: Int) throws(AudioError) {
    let info = header.info(frames: header.frames ?? 0)
    for line in log.split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == ":" || $0 == ")" }
      guard words.count == 5, ["data", "SSND"].contains(words[0]), words[3] == "be",
        let promised = Int(words[1]), let present = Int(words[4]),
        present < promised, promised < 0x7F00_0000
      else { continue }
      let missing = promised - present
      if missing <= 44 || [0, 8].contains(missing - (bytes - present)) { continue }
      let bytesPerFrame = max(1, present / max(1, header.frames ?? 1))
      throw AudioError(
        file: name, info: info,
        fault: .truncated(promisedS: Double(promised / bytesPerFrame) / Double(header.rateHz)))
    }
    if log.contains("ended unexpectedly") {
      throw AudioError(file: name, info: info, fault: .truncated(promisedS: nil))
    }
  }

  private static func mp4Info(_ bytes: FileBytes, name: String) throws -> AudioInfo? {
    do {
      let info = try MP4Header(bytes).info
      guard AudioError.rateHzRange.contains(info.rateHz) else {
        throw AudioError(file: name, info: info, fault: .rate)
      }
      return info
    } catch MP4HeaderFault.lengthUnknown {
      return nil
    } catch MP4HeaderFault.noSound {
      throw AudioError(file: name, fault: .noSoundTrack)
    } catch MP4HeaderFault.truncated(let promisedS) {
      throw AudioError(file: name, fault: .truncated(promisedS: promisedS))
    } catch MP4HeaderFault.damaged {
      throw AudioError(file: name, fault: .damaged)
    }
  }
}
