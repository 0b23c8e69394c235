import ValenceCore

/// Files as bad disks, cut transfers and bugs leave them.
package enum Damage {
  /// Puts numbers that hurt, or any, into the first bytes of a file, or takes its end away.
  package static func apply(to whole: [UInt8], _ random: inout RandomStream) -> [UInt8] {
    var bytes = whole
    let reach = min(bytes.count, [64, 200, 600, bytes.count][random.below(4)])
    let numbers: [UInt64] = [0, 1, .max, 1 << 63, (1 << 63) - 1, 1 << 40, UInt64(whole.count) * 2]
    for _ in 0..<(1 + random.below(4)) {
      let at = random.below(min(reach, bytes.count))
      switch random.below(5) {
      case 0: bytes[at] = UInt8(random.below(256))
      case 1: bytes = Array(bytes.prefix(max(1, random.below(bytes.count))))
      default:
        let number = numbers[random.below(numbers.count)]
        let width = random.below(2) == 0 ? 4 : 8
        let isBigEndian = random.below(2) == 0
        for index in 0..<width where at + index < bytes.count {
          let place = isBigEndian ? width - 1 - index : index
          bytes[at + index] = UInt8(truncatingIfNeeded: number >> (8 * place))
        }
      }
    }
    return bytes
  }
}
