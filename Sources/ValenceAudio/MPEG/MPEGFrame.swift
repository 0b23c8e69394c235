/// The four bytes that each frame of MPEG audio (MP1, MP2, MP3) begins with.
///
/// Source: ISO/IEC 11172-3, section 2.4.1.3, and 13818-3; "2.5" is Fraunhofer's extension to low rates.
struct MPEGFrame: Equatable {
  /// 1, 2 or 3.
  let layer: Int
  /// Whether it has half the samples of MPEG-1 (MPEG-2, at lower rates).
  let isLow: Bool
  let rateHz: Int
  let channels: Int
  /// The bytes of the frame, header included; 0 where the header does not say (free format).
  let length: Int
  /// The bytes that padding adds.
  let padding: Int

  /// The samples of each channel.
  var samples: Int { layer == 1 ? 384 : layer == 3 && isLow ? 576 : 1152 }

  /// The bytes of the side information behind the header of layer III.
  var sideBytes: Int { isLow ? (channels == 1 ? 9 : 17) : (channels == 1 ? 17 : 32) }

  static let headerBytes = 4
  /// Kilobits a second for each index but the first, which is free format.
  private static let kilobits: [String: [Int]] = [
    "1 1": [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    "1 2": [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    "1 3": [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    "2 1": [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    "2 2": [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  ]
  private static let tables = (1...2).map { version in
    (1...3).map { kilobits["\(version) \(version == 2 ? min($0, 2) : $0)"] ?? [] }
  }

  /// Reads a header; nil where these bytes are none.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard bytes.count >= Self.headerBytes else { return nil }
    let at = bytes.startIndex
    let (second, third, fourth) = (Int(bytes[at + 1]), Int(bytes[at + 2]), Int(bytes[at + 3]))
    let (version, layerBits) = (second >> 3 & 3, second >> 1 & 3)
    let (rateIndex, bitrateIndex) = (third >> 2 & 3, third >> 4)
    guard bytes[at] == 0xFF, second >= 0xE0, version != 1, layerBits != 0, rateIndex != 3,
      bitrateIndex != 15, fourth & 3 != 2
    else { return nil }
    layer = 4 - layerBits
    isLow = version != 3
    rateHz = [44100, 48000, 32000][rateIndex] >> (version == 3 ? 0 : version == 2 ? 1 : 2)
    channels = fourth >> 6 == 3 ? 1 : 2
    padding = (third >> 1 & 1) * (layer == 1 ? 4 : 1)
    guard bitrateIndex > 0 else {
      length = 0
      return
    }
    let bits = Self.tables[isLow ? 1 : 0][layer - 1][bitrateIndex - 1] * 1000
    switch layer {
    case 1: length = 12 * bits / rateHz * 4 + padding
    case 2: length = 144 * bits / rateHz + padding
    default: length = (isLow ? 72 : 144) * bits / rateHz + padding
    }
  }

  /// Whether both can follow each other in one stream.
  func continues(_ other: MPEGFrame) -> Bool {
    layer == other.layer && rateHz == other.rateHz && channels == other.channels
      && isLow == other.isLow && (length == 0) == (other.length == 0)
  }
}
