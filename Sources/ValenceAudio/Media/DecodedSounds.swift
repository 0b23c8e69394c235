import Foundation
import Synchronization
import ValenceCore

/// The sound that was last taken out of media files, kept for more spans of the same files.
///
/// A span cannot be decoded alone and be the same to the last bit: AAC fills bands with noise that depends
/// on all frames before (PNS), AMR's filters remember, and ffmpeg takes about as long to start as to
/// decode a minute. So a file is decoded once for all its spans.
final class DecodedSounds: Sendable {
  /// The one of this program: descriptors and disk space belong to all threads.
  static let shared = DecodedSounds()

  /// A file's place; the thread that finds it empty decodes, and others wait for it.
  private final class Slot: Sendable {
    let stamp: FileStamp
    let sound = Mutex<FileBytes?>(nil)

    init(_ stamp: FileStamp) { self.stamp = stamp }
  }

  /// The last used first.
  private let slots = Mutex<[Slot]>([])

  /// The bytes that are kept on disk beyond the last two files.
  private static let greatestBytes = 1 << 30
  private static let mostFiles = 32

  /// The sound of a file: as it was decoded before, or as `decode` gives it.
  ///
  /// - Throws: what `decode` throws, which is not remembered.
  func sound(
    of stamp: FileStamp?, _ decode: () throws(AudioError) -> FileBytes
  ) throws(AudioError) -> FileBytes {
    guard let stamp else { return try decode() }
    let slot = slots.withLock { slots in
      let slot = slots.first { $0.stamp == stamp } ?? Slot(stamp)
      slots.removeAll { $0.stamp == stamp }
      slots.insert(slot, at: 0)
      return slot
    }
    let sound = try slot.sound.withLock { kept throws(AudioError) in
      let sound = if let kept { kept } else { try decode() }
      kept = sound
      return sound
    }
    slots.withLock { slots in
      var bytes = 0
      var files = 0
      slots = slots.filter { slot in
        // A file that is being decoded has no size yet.
        let size = slot.sound.withLockIfAvailable { $0?.count ?? 0 } ?? 0
        bytes += size
        files += 1
        return files <= 2 || (bytes <= Self.greatestBytes && files <= Self.mostFiles)
      }
    }
    return sound
  }

  /// Forgets the sound of a file.
  func forget(_ stamp: FileStamp) {
    slots.withLock { $0.removeAll { $0.stamp == stamp } }
  }

  /// Forgets all of it; what is in use goes when it is closed.
  func clear() {
    slots.withLock { $0 = [] }
  }
}
