/// A decoder of an open file.
protocol SampleDecoder: AnyObject {
  /// The file's form, as known before decoding.
  var header: SampleHeader { get }

  /// Moves to a sample; false where it cannot, and has not moved.
  func seek(to sample: Int) -> Bool

  /// Decodes the next samples into `buffer`, channels interleaved; full scale is ±1.
  ///
  /// - Returns: the number of samples of each channel; 0 at the end.
  /// - Throws: `SampleFault` where the next samples cannot be decoded.
  func read(into buffer: inout [Float]) throws(SampleFault) -> Int
}

/// The form of an open file, as far as it is known before decoding.
struct SampleHeader: Equatable {
  var format: String
  var rateHz: Int
  var channels: Int
  /// The samples of each channel; nil where only decoding tells (streamed FLAC, cut off Ogg).
  var frames: Int?
  /// The number of samples that may be missing from `frames` in a whole file.
  var slack = 0

  func info(frames: Int) -> AudioInfo {
    AudioInfo(format: format, rateHz: rateHz, channels: channels, frames: frames)
  }
}

/// Why samples cannot be decoded.
enum SampleFault: Error, Equatable {
  /// The decoder met data that it cannot follow.
  case damaged
  /// The system does not hand out the bytes; the number of its error.
  case refused(Int32)
}
