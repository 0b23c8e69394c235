/// How a file of arrays holds numbers, by safetensors' word for it.
package enum NumberFormat: String, Hashable, Sendable, CaseIterable {
  case float64 = "F64"
  case float32 = "F32"
  /// One bit of sign, five of exponent, ten of fraction (IEEE 754).
  case float16 = "F16"
  /// The upper half of a `float32`.
  case bfloat16 = "BF16"
  case int64 = "I64"
  case int32 = "I32"

  /// The bytes of a number.
  package var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16: 2
    }
  }

  /// Reads numbers as `Float`: those of 32 bits straight into the result, others by way of a small buffer.
  package func floats(
    _ count: Int, of source: some ByteSource, at place: Int
  ) throws(ByteFault) -> [Float] {
    guard count >= 0, place >= 0, source.count - place >= 0,
      count <= (source.count - place) / size
    else { throw .cut }
    var floats = [Float](repeating: 0, count: count)
    switch self {
    case .float32: try source.fill(&floats, count: count, at: place)
    case .float64: try Self.convert(&floats, source, at: place) { Float($0 as Double) }
    case .float16: try Self.convert(&floats, source, at: place) { Self.float($0) }
    case .bfloat16:
      try Self.convert(&floats, source, at: place) { (word: UInt16) in
        Float(bitPattern: UInt32(word) << 16)
      }
    case .int64: try Self.convert(&floats, source, at: place) { Float($0 as Int64) }
    case .int32: try Self.convert(&floats, source, at: place) { Float($0 as Int32) }
    }
    return floats
  }

  /// Converts through a buffer that stays in the processor's cache.
  @inline(__always)
  private static func convert<Number: StoredNumber>(
    _ floats: inout [Float], _ source: some ByteSource, at place: Int,
    _ float: (Number) -> Float
  ) throws(ByteFault) {
    var buffer = [Number](repeating: .zero, count: min(floats.count, 1 << 15))
    var done = 0
    while done < floats.count {
      let count = min(buffer.count, floats.count - done)
      try source.fill(&buffer, count: count, at: place + done * MemoryLayout<Number>.size)
      var span = floats.mutableSpan
      let numbers = buffer.span
      for index in 0..<count { span[done + index] = float(numbers[index]) }
      done += count
    }
  }

  /// A number of 16 bits, without a branch and so that it is exact where the processor flushes numbers
  /// below the normal ones to zero.
  @inline(__always)
  static func float(_ half: UInt16) -> Float {
    let magnitude = UInt32(half & 0x7FFF)
    let isInfinite = magnitude >= 0x7C00
    let normal = (magnitude << 13) &+ (isInfinite ? 224 << 23 : 112 << 23)
    let small = (Float(magnitude) * 0x1p-24).bitPattern
    let sign = UInt32(half & 0x8000) << 16
    return Float(bitPattern: (magnitude < 0x400 ? small : normal) | sign)
  }
}
