import Synchronization
import ValenceFeatures

/// The pooled vectors of clips, which the trials of a run share: each clip's frames are read and pooled once,
/// though it is in most folds, and again where a speaker's statistics are formed.
final class VectorShelf: Sendable {
  /// A clip's vector among all of a run.
  struct Key: Hashable {
    let corpus: String
    let index: Int
    /// The number of the extraction.
    let work: Int
    let pooling: FramePooling
  }

  /// Numbers beyond these are not kept but pooled anew, so that memory has a bound: 256 MiB.
  private static let room = 64 << 20

  private struct State {
    var vectors: [Key: FeatureMatrix] = [:]
    var room = VectorShelf.room
  }

  private let state = Mutex(State())

  /// The vector of a key, made where it is asked for first.
  func vector(_ key: Key, _ make: () throws -> FeatureMatrix) rethrows -> FeatureMatrix {
    if let known = state.withLock({ $0.vectors[key] }) { return known }
    let made = try make()
    state.withLock { state in
      guard state.room >= made.values.count, state.vectors[key] == nil else { return }
      state.vectors[key] = made
      state.room -= made.values.count
    }
    return made
  }
}
