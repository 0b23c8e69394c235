import Foundation

/// Builds WAV files byte by byte, whole and damaged ones.
struct WAVBytes {
  var rateHz: UInt32 = 16000
  var channels: UInt16 = 1
  /// 1: 16-bit integers, 3: 32-bit floats.
  var coding: UInt16 = 1
  /// The length that the header promises, if not the true one.
  var promisedBytes: UInt32?

  /// A file of interleaved samples.
  func file(_ samples: [Float]) -> Data {
    var body = Data()
    for sample in samples {
      if coding == 3 {
        append(sample.bitPattern, to: &body)
      } else {
        append(UInt16(bitPattern: Int16((sample * 32768).rounded())), to: &body)
      }
    }
    let bytes: UInt16 = coding == 3 ? 4 : 2
    let promised = promisedBytes ?? UInt32(body.count)
    var data = Data("RIFF".utf8)
    append(promised &+ 36, to: &data)
    data += Data("WAVEfmt ".utf8)
    append(UInt32(16), to: &data)
    append(coding, to: &data)
    append(channels, to: &data)
    append(rateHz, to: &data)
    append(rateHz &* UInt32(channels * bytes), to: &data)
    append(channels * bytes, to: &data)
    append(bytes * 8, to: &data)
    data += Data("data".utf8)
    append(promised, to: &data)
    return data + body
  }

  private func append<T: FixedWidthInteger>(_ value: T, to data: inout Data) {
    for byte in 0..<(T.bitWidth / 8) { data.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
  }
}

/// A folder of its own for one test, removed at the end of the test's value.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "valence-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a file and returns where it lies.
  func write(_ data: Data, as name: String) throws -> URL {
    let file = url.appending(path: name)
    try data.write(to: file)
    return file
  }
}

/// A tone of half of full scale.
func tone(_ hz: Double, samples: Int, rateHz: Int = 16000) -> [Float] {
  (0..<samples).map { Float(0.5 * sin(2 * .pi * hz * Double($0) / Double(rateHz))) }
}
