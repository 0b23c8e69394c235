import CMpg123
import CSndfile
import CSoxr

/// The versions of the libraries behind this target, for `valence doctor` and provenance.
package enum AudioLibraries {
  /// The version of libsndfile.
  package static var sndfileVersion: String { unsafe String(cString: sf_version_string()) }
  /// The version of libmpg123's interface, the only one that it tells.
  package static var mpg123Version: String { "API \(MPG123_API_VERSION)" }
  /// The version of the `ffmpeg` command; nil where it does not start.
  package static var ffmpegVersion: String? { MediaDecoder().version }
  /// Whether the `ffmpeg` command is not installed; one that is there and does not start is another matter.
  package static var isFFmpegMissing: Bool { MediaDecoder().isMissing }
  package static var soxrVersion: String { unsafe String(cString: soxr_version()) }
}
