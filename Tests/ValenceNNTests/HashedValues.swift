import ValenceCore
import ValenceKernels

@testable import ValenceNN

/// Numbers that Python and Swift both compute from a name; `Fixtures/hashed.py` is the definition.
func hashed(_ name: String, _ count: Int, scale: Float = 1) -> [Float] {
  var start: UInt32 = 0x811C_9DC5
  for byte in name.utf8 { start = (start ^ UInt32(byte)) &* 0x0100_0193 }
  return (0..<count).map { index in
    var x = UInt32(truncatingIfNeeded: index) &* 0x9E37_79B1 &+ start
    x = (x ^ (x >> 16)) &* 0x85EB_CA6B
    x = (x ^ (x >> 13)) &* 0xC2B2_AE35
    x ^= x >> 16
    return Float(Int(x >> 8) - (1 << 23)) * 0x1p-23 * scale
  }
}

extension Network {
  /// The slope of a loss in one parameter, by its difference over `width` to each side.
  func slope(at index: Int, width: Float, _ loss: () -> Double) -> Double {
    let value = parameters[index]
    parameters[index] = value + width
    let above = loss()
    parameters[index] = value - width
    let below = loss()
    parameters[index] = value
    return (above - below) / (2 * Double(width))
  }

  /// Fills all parameters as `fill_network` of hashed.py does.
  func fillHashed() {
    for entry in layout.entries {
      let isScale = entry.name.contains("norm") && entry.name.hasSuffix("weight")
      let fanIn = Double(entry.shape.dropFirst().reduce(1, *))
      let scale = entry.shape.count > 1 ? Float(1 / fanIn.squareRoot()) : 0.1
      let values = hashed(entry.name, entry.range.count, scale: isScale ? 0.2 : scale)
      entry.store(isScale ? values.map { 1 + $0 } : values, in: parameters)
    }
  }
}

/// The memory of a few layers, filled with hashed numbers by their parameters' names.
struct HashedBlock {
  let layout: ParameterLayout
  let parameters: Floats
  let gradients: Floats

  init(_ state: StateLayout, scale: (LayoutEntry) -> Float) {
    layout = state.parameters
    parameters = Floats(zeros: layout.count)
    gradients = Floats(zeros: layout.count)
    for entry in layout.entries {
      entry.store(hashed(entry.name, entry.range.count, scale: scale(entry)), in: parameters)
    }
  }

  func pass(_ mode: Mode = .training, threads: Int = 1, seed: UInt64 = 0) -> Pass {
    Pass(
      mode: mode, parameters: parameters, gradients: gradients, statistics: Floats(zeros: 0),
      seed: seed, workers: Workers(threads: threads))
  }

  /// The gradients by name, each in PyTorch's order of axes.
  var gradientArrays: [String: [Float]] {
    layout.arrays(of: gradients).mapValues(\.values)
  }
}
