import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceFeatures

@Suite("Deltas")
struct DeltaTests {
  func matrix(_ array: Safetensors.Array?, frames: Int? = nil) throws -> FeatureMatrix {
    let array = try #require(array)
    let frames = frames ?? array.shape[0]
    return FeatureMatrix(
      frames: frames, bins: array.shape[1],
      values: Array(array.values.prefix(frames * array.shape[1])))
  }

  @Test("equal librosa's, order by order", arguments: [1, 2])
  func librosa(order: Int) throws {
    let arrays = try Fixture(.module).arrays("logmel/logmel.safetensors")
    let input = try matrix(arrays["delta.in"])
    let ours = Delta.derivative(of: input, order: order)
    let truth = try matrix(arrays["delta.\(order)"])
    let deviation = Deviation(ours.values, from: truth.values, absolute: 1e-4, relative: 0)
    #expect(deviation.isWithin, "\(deviation)")
    // A short clip has a narrower window, which librosa can be asked for.
    for frames in [3, 4, 5, 8] {
      let ours = Delta.derivative(
        of: try matrix(arrays["delta.in"], frames: frames), order: order)
      let truth = try matrix(arrays["delta.\(order).\(frames)"])
      let deviation = Deviation(ours.values, from: truth.values, absolute: 1e-4, relative: 0)
      #expect(deviation.isWithin, "\(frames) frames: \(deviation)")
    }
  }

  @Test("the window shrinks to the greatest odd number of frames that fits")
  func widths() {
    #expect(
      (0...12).map(Delta.width(frames:)) == [
        nil, nil, nil, 3, 3, 5, 5, 7, 7, 9, 9, 9, 9,
      ])
  }

  @Test("clips of fewer than three frames have none", arguments: [0, 1, 2], [1, 2])
  func tiny(frames: Int, order: Int) {
    let matrix = FeatureMatrix(
      frames: frames, bins: 2, values: noise(frames * 2, seed: 1))
    let zeros = [Float](repeating: 0, count: frames * 2)
    #expect(Delta.derivative(of: matrix, order: order).values == zeros)
  }

  @Test("a line has its slope and no curvature, a parabola its curvature, up to the ends")
  func polynomials() {
    for frames in [3, 4, 7, 9, 30] {
      let line = FeatureMatrix(
        frames: frames, bins: 1, values: (0..<frames).map { 3 - 0.5 * Float($0) })
      let parabola = FeatureMatrix(
        frames: frames, bins: 1, values: (0..<frames).map { 0.25 * Float($0 * $0) })
      for (matrix, order, truth) in [(line, 1, -0.5), (line, 2, 0), (parabola, 2, 0.5)] {
        let values = Delta.derivative(of: matrix, order: order).values
        #expect(values.allSatisfy { abs(Double($0) - truth) < 1e-5 }, "\(frames) frames")
      }
    }
  }

  @Test("coefficients, Δ and ΔΔ stand side by side in each frame")
  func layout() throws {
    let logMel = Floats(noise(96, seed: 2))
    var options = MFCCOptions()
    options.coefficients = 5
    let plain = MFCC(options, bands: 8).extract(logMel, frames: 12)
    let slopes = Delta.derivative(of: plain, order: 1)
    let curvatures = Delta.derivative(of: plain, order: 2)
    options.deltas = 2
    let all = MFCC(options, bands: 8).extract(logMel, frames: 12)
    #expect([all.frames, all.bins] == [12, 15])
    for frame in 0..<12 {
      let parts = [plain, slopes, curvatures].flatMap {
        $0.values[frame * 5..<(frame + 1) * 5]
      }
      #expect(Array(all.values[frame * 15..<(frame + 1) * 15]) == parts)
    }
    options.deltas = 1
    #expect(MFCC(options, bands: 8).extract(logMel, frames: 12).bins == 10)
  }
}
