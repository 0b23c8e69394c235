import Foundation
import ValenceCore

/// The ffmpeg command, which makes files for tests and is the outside truth about them.
enum FFmpeg {
  /// Runs it and returns what it writes to its standard output.
  @discardableResult
  static func run(_ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["ffmpeg", "-nostdin", "-loglevel", "fatal", "-y"] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return data
  }

  /// The samples of a file's first sound track, channels averaged, at its own rate or another.
  static func samples(of file: URL, rateHz: Int? = nil) throws -> [Float] {
    let rate = rateHz.map { ["-ar", "\($0)"] } ?? []
    let data = try run(
      ["-i", file.path, "-map", "0:a:0", "-ac", "1"] + rate + ["-f", "f32le", "pipe:1"])
    let bytes = [UInt8](data)
    return stride(from: 0, to: bytes.count - 3, by: 4).map { at in
      Float(bitPattern: bytes[at..<at + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }
  }
}

/// Sound like speech: syllables of a gliding voice and of noise, with pauses.
func syllables(seconds: Double, rateHz: Int, seed: UInt64 = 1) -> [Float] {
  var random = RandomStream(seed: seed, "syllables")
  var (phase, hz, level, noise) = (0.0, 120.0, 0.0, 0.0)
  return (0..<Int(seconds * Double(rateHz))).map { index in
    if index % (rateHz / 8) == 0 {
      hz = 90 + 120 * random.uniform()
      level = index == 0 || random.below(5) > 0 ? 0.15 + 0.25 * random.uniform() : 0
      noise = random.below(3) == 0 ? 0.2 : 0.005
    }
    phase += 2 * .pi * hz / Double(rateHz)
    let voice = (1...6).reduce(0.0) { $0 + sin(phase * Double($1)) / Double($1) }
    return Float(level * (voice * 0.5 + noise * random.normal()))
  }
}

/// How well samples fit what another decoder gives, at the best shift of up to 1,200 samples.
func alikeness(_ a: [Float], _ b: [Float]) -> Double {
  func correlation(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
    var (ab, aa, bb) = (0.0, 1e-12, 1e-12)
    for (x, y) in zip(a, b) {
      ab += Double(x) * Double(y)
      aa += Double(x) * Double(x)
      bb += Double(y) * Double(y)
    }
    return ab / (aa * bb).squareRoot()
  }
  var best = correlation(a[...], b[...])
  var shift = 1
  while best < 0.999, shift <= 1200 {
    best = max(
      best, correlation(a.dropFirst(shift), b[...]), correlation(a[...], b.dropFirst(shift)))
    shift += 1
  }
  return best
}
