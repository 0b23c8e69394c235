package import ValenceClassic
package import ValenceFeatures

/// A classic model in place of the network: which one, and how a clip's frames become its vector.
package struct ClassicSettings: Hashable, Sendable {
  package var options: ClassicOptions
  /// How frames are pooled over time; functionals are a vector already.
  package var pooling = FramePooling.mean

  package init(_ options: ClassicOptions) { self.options = options }
}

extension Settings {
  /// What a classic model sees of a clip.
  package var clipVector: ClipVector {
    ClipVector(features, pooling: classic?.pooling ?? .mean)
  }
}
