import CMpg123
import CSndfile
import CSoxr

/// The versions of the libraries behind this target, for `valence doctor` and provenance.
public enum AudioLibraries {
  /// The version of libsndfile.
  public static var sndfileVersion: String { unsafe String(cString: sf_version_string()) }
  /// The version of libmpg123's interface, the only one that it tells.
  public static var mpg123Version: String { "API \(MPG123_API_VERSION)" }
  /// The version of the `ffmpeg` command; nil where it does not start.
  public static var ffmpegVersion: String? { MediaDecoder().version }
  /// Whether the `ffmpeg` command is not installed; one that is there and does not start is another matter.
  public static var isFFmpegMissing: Bool { MediaDecoder().isMissing }
  /// The version of soxr.
  public static var soxrVersion: String { unsafe String(cString: soxr_version()) }
}
