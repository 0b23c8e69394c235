package import Foundation
import ValenceCore

extension AudioReader {
  /// The form and length of a file by decoding, as `inspectDecoded` gives them, for files of strangers: no
  /// more than `longestS` seconds are decoded.
  ///
  /// A few bytes can promise hours, and a container can hold more than it promises. What ffmpeg decoded is
  /// kept for `read`, until `forget`.
  ///
  /// - Throws: `AudioError` with `.tooLong` for a longer file, and as `inspectDecoded` does.
  package static func inspectDecoded(
    _ url: URL, longestS: Double
  ) throws(AudioError) -> AudioInfo {
    let file = try AudioFile.open(url, longestS: longestS)
    let most = Int(longestS * Double(file.header.rateHz))
    var frames = file.header.frames ?? 0
    if file.header.frames == nil {
      var buffer = [Float](repeating: 0, count: 4096 * file.header.channels)
      while frames <= most, case let count = try file.read(into: &buffer), count > 0 {
        frames += count
      }
    }
    if frames > most {
      throw AudioError(file: file.name, fault: .tooLong(longestS: longestS))
    }
    let info = file.header.info(frames: frames)
    if frames == 0 { throw AudioError(file: file.name, info: info, fault: .noSamples) }
    return info
  }

  /// Drops the sound that was decoded of a file and kept for further spans of it.
  package static func forget(_ url: URL) {
    guard let stamp = try? FileContent.stamp(of: url.path) else { return }
    DecodedSounds.shared.forget(stamp)
  }
}
