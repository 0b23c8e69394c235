/// Ogg streams of one rate that follow each other in a file, as one.
final class JoinedOgg: SampleDecoder {
  let header: SampleHeader
  private let file: FileBytes
  private let links: [Range<Int>]
  private var link = 0
  private var decoder: SoundFile?

  /// Opens each stream once.
  ///
  /// - Throws: `AudioError` for a stream that is damaged or cut off, or that differs from the first in its
  ///   rate or channels; `FileBytes.Refusal` where the system does not hand out the bytes.
  init(_ file: FileBytes, _ links: [Range<Int>], name: String) throws {
    (self.file, self.links) = (file, links)
    var first: SampleHeader?
    var frames = 0
    for range in links {
      let sound = try Self.open(file, range, name: name)
      let known = first ?? sound.header
      first = known
      let info = known.info(frames: frames)
      guard (known.rateHz, known.channels) == (sound.header.rateHz, sound.header.channels) else {
        throw AudioError(
          file: name, info: info, fault: .changes(atS: Double(frames) / Double(known.rateHz)))
      }
      guard let more = sound.header.frames, !sound.log.contains("ended unexpectedly") else {
        throw AudioError(file: name, info: info, fault: .truncated(promisedS: nil))
      }
      frames += more
    }
    guard var header = first else { throw AudioError(file: name, fault: .damaged) }
    header.frames = frames
    self.header = header
  }

  private static func open(_ file: FileBytes, _ range: Range<Int>, name: String) throws -> SoundFile
  {
    do throws(SoundFileFault) {
      return try SoundFile(ByteStream(file, range))
    } catch {
      if case .refused(let code) = error { throw FileBytes.Refusal(code: code) }
      throw AudioError(file: name, fault: .damaged)
    }
  }

  /// Spans are cut from the whole, as `SeekableOgg` does.
  func seek(to sample: Int) -> Bool { false }

  func read(into buffer: inout [Float]) throws(SampleFault) -> Int {
    while link < links.count {
      if decoder == nil {
        do {
          decoder = try Self.open(file, links[link], name: "")
        } catch let refusal as FileBytes.Refusal {
          throw .refused(refusal.code)
        } catch {
          throw .damaged
        }
      }
      if let count = try decoder?.read(into: &buffer), count > 0 { return count }
      decoder = nil
      link += 1
    }
    return 0
  }
}
