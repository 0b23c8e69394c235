/// A container or coding of sound that libsndfile does not open and ffmpeg does.
enum MediaContainer: String {
  case mp4 = "MP4"
  case matroska = "Matroska"
  case avi = "AVI"
  case flashVideo = "FLV"
  case windowsMedia = "Windows Media"
  case mpeg = "MPEG"
  case transport = "MPEG-TS"
  case aac = "AAC"
  case ac3 = "AC-3"
  case amr = "AMR"
  case ogg = "Ogg"
  case wavPack = "WavPack"
  case wav = "WAV"
  case aiff = "AIFF"
  case caf = "CAF"

  /// The kind of file that ffmpeg is needed for, in the form for the beginning of a sentence.
  var decoded: String {
    switch self {
    case .wav, .aiff, .caf, .ogg: "this coding in \(rawValue)"
    default: rawValue
    }
  }

  /// The name of ffmpeg's demuxer.
  ///
  /// It is always given, so that ffmpeg does not guess another format.
  var demuxer: String {
    switch self {
    case .mp4: "mov"
    case .matroska: "matroska"
    case .flashVideo: "flv"
    case .windowsMedia: "asf"
    case .transport: "mpegts"
    case .wavPack: "wv"
    case .avi, .mpeg, .aac, .ac3, .amr, .ogg, .wav, .aiff, .caf:
      rawValue.lowercased().replacing("-", with: "")
    }
  }

  /// Recognizes a container by its bytes alone; nil for all else.
  ///
  /// Only what is known here is handed to ffmpeg, which would take texts and playlists for media too.
  ///
  /// - Throws: `FileBytes.Refusal` where the system does not hand out the bytes.
  init?(_ file: FileBytes, from start: Int) throws(FileBytes.Refusal) {
    var window = ByteWindow(file)
    let bytes = Array(try window.bytes(at: start, 16))
    func has(_ signature: [UInt8], at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: signature)
    }
    func has(_ text: String, at offset: Int = 0) -> Bool { has(Array(text.utf8), at: offset) }
    if MP4Header.begins(bytes, of: file.count - start) {
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
    } else if has([0x0B, 0x77]) {
      self = .ac3
    } else if has("#!AMR") {
      self = .amr
    } else if has("wvpk") {
      self = .wavPack
    } else if bytes.count >= 2, bytes[0] == 0xFF, bytes[1] & 0xF6 == 0xF0 {
      self = .aac
    } else if has([0x47]) || has([0x47], at: 4),
      try Self.isTransport(&window, from: start, of: file.count)
    {
      self = .transport
    } else {
      return nil
    }
  }

  /// The container of a file whose coding libsndfile does not know, such as ALAC in CAF of 1.2.0, or does not
  /// follow, such as parts of Opus files.
  init?(coding file: FileBytes) throws(FileBytes.Refusal) {
    switch String(decoding: try file.bytes(at: 0, 4), as: UTF8.self) {
    case "RIFF", "RF64": self = .wav
    case "FORM": self = .aiff
    case "caff": self = .caf
    case "OggS": self = .ogg
    default: return nil
    }
  }

  /// Whether packets of 188 bytes follow each other, each with or without a time of 4 bytes before it.
  ///
  /// Source: ISO/IEC 13818-1, section 2.4.3.2.
  private static func isTransport(
    _ window: inout ByteWindow, from start: Int, of count: Int
  ) throws(FileBytes.Refusal) -> Bool {
    for (first, step) in [(0, 188), (4, 192)] {
      let places = Array(stride(from: start + first, to: count, by: step).prefix(5))
      guard places.count >= 3 else { continue }
      var areAll = true
      for place in places where areAll {
        areAll = try window.bytes(at: place, 1).first == 0x47
      }
      if areAll { return true }
    }
    return false
  }
}
