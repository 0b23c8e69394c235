import Foundation

/// Why an audio file cannot be used.
package struct AudioError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The fault of a file.
  package enum Fault: Hashable, Sendable {
    /// There is no such file.
    case missing
    /// The path is a folder.
    case directory
    /// The path is a device, a pipe or a socket.
    case notARegularFile
    /// The system refuses to open or read it, for this reason.
    case refused(String)
    /// It has no bytes.
    case empty
    /// It is the text that Git LFS leaves in place of a file that was not fetched.
    case lfsPointer
    /// Its bytes are of no format that is read.
    case notAudio
    /// Its format is known, but the decoder cannot follow its header or data.
    case damaged
    /// Files of another rate or number of channels were joined to it, so many seconds after its beginning.
    case changes(atS: Double)
    /// It ends before its header says; `promisedS` seconds where the header gives a length.
    case truncated(promisedS: Double?)
    /// It is a container of this kind, and ffmpeg, which decodes those, is not installed.
    case ffmpegMissing(String)
    /// ffmpeg did not come to the end of its work, for this reason.
    case ffmpegFailed(String)
    /// It is a film without sound.
    case noSoundTrack
    /// It decodes to no samples.
    case noSamples
    /// Its rate is none that speech is recorded with.
    case rate
    /// A sample is infinite or not a number, so many seconds into the file.
    case notFinite(atS: Double)
    /// A sample is this far beyond full scale, which is 1.
    case beyondScale(Float)
    /// The part that would be used holds no sound.
    case silent(usedS: Double)
    /// It is longer than the caller takes.
    case tooLong(longestS: Double)
    /// Its channels have sound, their mean has none.
    case cancelling
    /// The span, in seconds, is empty or reaches beyond the file.
    case span(ClosedRange<Double>)
  }

  /// The file as the caller named it.
  package let file: String
  /// The form and length by the header, if it could be read.
  package let info: AudioInfo?
  package let fault: Fault

  /// Notes what is wrong with which file.
  package init(file: String, info: AudioInfo? = nil, fault: Fault) {
    self.file = file
    self.info = info
    self.fault = fault
  }

  /// Whether the machine is at fault and not the file: elsewhere, or later, it could be used.
  ///
  /// Faults of a file's content are the same on every machine, and only those may decide which files a result
  /// is made of.
  package var isOfMachine: Bool {
    switch fault {
    case .refused, .ffmpegMissing, .ffmpegFailed: true
    case .missing, .directory, .notARegularFile, .empty, .lfsPointer, .notAudio, .damaged, .changes,
      .truncated, .noSoundTrack, .noSamples, .rate, .notFinite, .beyondScale, .silent, .tooLong,
      .cancelling, .span:
      false
    }
  }

  /// One sentence: the file and its facts, what is wrong, what would be right.
  package var description: String {
    let facts = info.map { info in
      let channels = info.channels == 1 ? "mono" : "\(info.channels) channels"
      return " (\(info.format), \(info.rateHz) Hz, \(channels), \(seconds(info.durationS)))"
    }
    return "\(file)\(facts ?? ""): \(sentence)."
  }

  private var sentence: String {
    switch fault {
    case .missing: "there is no such file; check the path"
    case .directory: "this is a folder; name an audio file in it"
    case .notARegularFile: "this is not a regular file; name an audio file"
    case .refused(let reason): "the file cannot be read: \(reason)"
    case .empty: "the file is empty (0 bytes); copy it again"
    case .lfsPointer:
      "this is a Git LFS pointer instead of the audio; fetch the file with `git lfs pull`"
    case .notAudio:
      "this is not audio in a format that is read; "
        + "convert it to one of WAV, FLAC, Ogg Vorbis, Opus, MP3, AIFF"
    case .damaged: "the audio data are damaged or cut off; copy the file again"
    case .changes(let atS):
      "after \(seconds(atS)) it goes on at another sampling rate or with other channels, as joined "
        + "files do; convert its parts to WAV one by one"
    case .truncated(let promisedS):
      promisedS.map {
        "the file is cut off or damaged: its header promises \(seconds($0)); copy it again"
      } ?? "the file is cut off or damaged: its stream has no end; copy it again"
    case .ffmpegMissing(let container):
      "\(container) is decoded by ffmpeg, which is not installed; install ffmpeg "
        + "(Debian: apt-get install ffmpeg) or convert the file to WAV or FLAC"
    case .ffmpegFailed(let reason): "ffmpeg could not decode it: \(reason)"
    case .noSoundTrack: "the file has no sound track; leave it out or copy it again"
    case .noSamples: "the file holds no samples; leave it out or copy it again"
    case .rate:
      "the rate is outside \(Self.rateHzRange.lowerBound) to \(Self.rateHzRange.upperBound) Hz; "
        + "the header is damaged or this is not speech"
    case .notFinite(let atS):
      "the sample at \(seconds(atS)) is infinite or not a number; export the file again"
    case .beyondScale(let peak):
      "a sample of \(String(format: "%g", Double(peak))) is far beyond full scale, which is ±1; "
        + "divide the samples (those of 16 bits by 32768)"
    case .silent(let usedS):
      "the \(seconds(usedS)) that would be used are silent, below "
        + "\(Int(AudioReader.silenceDb)) dB of full scale; leave the file out or use another part"
    case .tooLong(let longestS):
      "it is longer than \(seconds(longestS)), which is all that is taken here; use a part of it"
    case .cancelling:
      "the channels cancel each other out when averaged; invert one of them"
    case .span(let span):
      "the span from \(seconds(span.lowerBound)) to \(seconds(span.upperBound)) is empty or "
        + "reaches beyond the file; correct its start or end"
    }
  }

  private func seconds(_ value: Double) -> String { String(format: "%.3f s", value) }

  /// The rates of files that are taken for speech recordings.
  static let rateHzRange = 1000...768_000
}
