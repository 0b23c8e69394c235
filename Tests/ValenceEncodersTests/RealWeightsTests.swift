import Foundation
import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceEncoders

/// States of real clips by real weights, which `make_states.py` writes; they are not kept with the project.
@Suite("An encoder with real weights beside Hugging Face's")
struct RealWeightsTests {
  private static let folder = ProcessInfo.processInfo.environment["VALENCE_STATES"].map {
    URL(filePath: $0)
  }

  @Test(
    "every state of every clip is the same to 2e-5 of its largest value, the last to 1e-4",
    .enabled(if: folder != nil, "VALENCE_STATES names no folder of make_states.py"))
  func states() throws {
    let folder = try #require(Self.folder)
    let path = try String(contentsOf: folder.appending(path: "encoder.txt"), encoding: .utf8)
    let encoderFolder = try EncoderFolder(URL(filePath: path))
    let layers =
      (0...encoderFolder.shape.layers).map { EncoderLayer.state($0) } + [EncoderLayer.last]
    let encoder = try Encoder(encoderFolder, layers: layers)
    var worst = [Double](repeating: 0, count: layers.count)
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil
    ).filter { $0.pathExtension == "safetensors" }
    #expect(!files.isEmpty)
    for file in files {
      let arrays = try Safetensors(
        decoding: Data(contentsOf: file), name: file.lastPathComponent
      ).arrays
      let samples = try #require(arrays["samples"]).values
      let features = try encoder.encode(samples, layers, padS: nil, workers: Workers(threads: 2))
      for (index, feature) in features.enumerated() {
        let key = index < layers.count - 1 ? "state.\(index)" : "last"
        let theirs = try #require(arrays[key]).values
        let greatest = theirs.reduce(0) { max($0, abs($1)) }
        // The final norm divides by what few channels of some hundreds leave: in single precision the same
        // formulas in NumPy are 6e-5 from double precision there, and 5e-6 before.
        let share = key == "last" ? 1e-4 : 2e-5
        let far = Deviation(
          feature, from: theirs, absolute: share * Double(greatest), relative: 0)
        #expect(far.isWithin, "\(file.lastPathComponent), \(key), up to \(greatest): \(far)")
        worst[index] = max(worst[index], share * far.ratio)
      }
    }
    let shares = worst.map { String(format: "%.1e", $0) }.joined(separator: " ")
    print("\(files.count) clips of \(encoderFolder.name), furthest by state: \(shares)")
  }
}
