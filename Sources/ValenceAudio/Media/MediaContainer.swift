import Foundation

/// A container of video or sound that libsndfile does not open and ffmpeg does.
enum MediaContainer: String {
  case mp4 = "MP4"
  case matroska = "Matroska"
  case avi = "AVI"
  case flashVideo = "FLV"
  case windowsMedia = "Windows Media"
  case mpeg = "MPEG"
  case aac = "AAC"
  case amr = "AMR"

  /// How many bytes `init(beginning:)` looks at.
  static let signatureBytes = 12

  /// Knows a container by its first bytes, whatever the file is called; nil for all else.
  ///
  /// Only what is known here is handed to ffmpeg, which would take texts and playlists for media too.
  init?(beginning: Data) {
    let bytes = Array(beginning.prefix(Self.signatureBytes))
    func has(_ signature: [UInt8], at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: signature)
    }
    func has(_ text: String, at offset: Int = 0) -> Bool { has(Array(text.utf8), at: offset) }
    if has("ftyp", at: 4) || has("moov", at: 4) || has("mdat", at: 4) {
      self = .mp4
    } else if has([0x1A, 0x45, 0xDF, 0xA3]) {
      self = .matroska
    } else if has("RIFF"), has("AVI ", at: 8) {
      self = .avi
    } else if has("FLV") {
      self = .flashVideo
    } else if has([0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]) {
      self = .windowsMedia
    } else if has([0, 0, 1, 0xBA]) {
      self = .mpeg
    } else if has([0xFF, 0xF1]) || has([0xFF, 0xF9]) {
      self = .aac
    } else if has("#!AMR") {
      self = .amr
    } else {
      return nil
    }
  }
}
