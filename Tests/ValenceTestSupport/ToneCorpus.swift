import Foundation
import ValenceCore

/// A corpus of half-second tones in noise whose classes differ in pitch: what any network learns.
///
/// It is written as WAV files with a `manifest.csv` (file, speaker, emotion, fold, split), which is
/// also a list of folds. Every speaker has every class; the same description gives the same bytes.
package struct ToneCorpus {
  /// One utterance.
  package struct Row: Equatable {
    /// The audio file, below the corpus folder.
    package var file: String
    /// Who speaks.
    package var speaker: String
    /// The native label.
    package var label: String
    /// The published split, empty where there is none.
    package var split = ""

    /// Describes an utterance; its sound is that of the class that its name begins with.
    package init(file: String, speaker: String, label: String) {
      (self.file, self.speaker, self.label) = (file, speaker, label)
    }
  }

  /// The classes, from the lowest tone to the highest.
  package static let classes = ["low", "mid", "high"]
  /// The rate of the files.
  package static let rateHz = 8000
  /// The utterances; change labels or speakers here.
  package var rows: [Row] = []
  /// The length of a clip.
  package var seconds = 0.5
  /// What the noise and small deviations in pitch are drawn from.
  package var seed: UInt64

  /// Describes a corpus; utterances are `<class>-<speaker>-<number>.wav`.
  package init(speakers: Int = 4, clips: Int = 3, seed: UInt64 = 1) {
    self.seed = seed
    for speaker in 0..<speakers {
      for label in Self.classes {
        for clip in 0..<clips {
          let name = "s\(speaker + 1)"
          rows.append(
            Row(file: "\(label)-\(name)-\(clip).wav", speaker: name, label: label))
        }
      }
    }
  }

  /// Puts the last speaker into the test split, the one before into validation, the others into
  /// training.
  package mutating func split() {
    let names = Set(rows.map(\.speaker)).sorted()
    for index in rows.indices {
      let speaker = rows[index].speaker
      rows[index].split =
        speaker == names.last ? "test" : speaker == names.dropLast().last ? "validation" : "train"
    }
  }

  /// Writes the manifest, and each audio file that is not there yet.
  package func write(to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for row in rows {
      let file = folder.appending(path: row.file)
      if FileManager.default.fileExists(atPath: file.path) { continue }
      // The sound follows the file's name, so that changing a label changes the label only.
      let pitch = Self.classes.firstIndex { row.file.hasPrefix($0) } ?? 0
      try Self.wav(samples(pitch: pitch, name: row.file)).write(to: file)
    }
    let table = Table(
      columns: ["file", "speaker", "emotion", "fold", "split"],
      rows: rows.map { [$0.file, $0.speaker, $0.label, "1", $0.split] })
    try Data(table.text.utf8).write(to: folder.appending(path: "manifest.csv"))
  }

  private func samples(pitch: Int, name: String) -> [Float] {
    var random = RandomStream(seed: seed, name)
    let hz = [300.0, 800, 1800][pitch] * (0.95 + 0.1 * random.uniform())
    let level = 0.3 + 0.2 * random.uniform()
    return (0..<Int(seconds * Double(Self.rateHz))).map { index in
      let tone = sin(2 * .pi * hz * Double(index) / Double(Self.rateHz))
      return Float(level * tone + 0.02 * random.normal())
    }
  }

  /// A 16-bit mono WAV file of samples within ±1.
  package static func wav(_ samples: [Float], rateHz: Int = rateHz) -> Data {
    func bytes<T: FixedWidthInteger>(_ value: T) -> Data {
      Data((0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
    }
    let size = UInt32(2 * samples.count)
    var file = Data("RIFF".utf8) + bytes(36 + size) + Data("WAVEfmt ".utf8) + bytes(UInt32(16))
    file += bytes(UInt16(1)) + bytes(UInt16(1)) + bytes(UInt32(rateHz)) + bytes(UInt32(2 * rateHz))
    file += bytes(UInt16(2)) + bytes(UInt16(16)) + Data("data".utf8) + bytes(size)
    var body: [UInt8] = []
    body.reserveCapacity(2 * samples.count)
    for sample in samples {
      let value = UInt16(bitPattern: Int16(max(-32767, min(32767, (sample * 32767).rounded()))))
      body.append(UInt8(truncatingIfNeeded: value))
      body.append(UInt8(truncatingIfNeeded: value >> 8))
    }
    return file + Data(body)
  }
}
