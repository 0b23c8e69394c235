import ValenceAudio

/// A part of the features that can be left out by itself: frames of one kind, or what functionals take from
/// one source.
package struct FeatureGroup: Hashable, Sendable {
  /// What it is called among others: `mfcc`.
  package let word: String
  /// Whether it is a part of functionals.
  package let isOfFunctionals: Bool
  /// Every option that moves its numbers; audio plays no part.
  let settings: [ExtractionSettings.Entry]
}

extension FeatureOptions {
  /// The groups of the features, in their order; equal groups of two options are the same numbers.
  package var groups: [FeatureGroup] {
    kinds.flatMap { kind -> [FeatureGroup] in
      guard kind == .functionals else {
        return [
          FeatureGroup(
            word: kind.rawValue, isOfFunctionals: false, settings: Self.settings(self, of: kind))
        ]
      }
      return (functionals ?? .init()).of.map { source in
        FeatureGroup(
          word: source.rawValue, isOfFunctionals: true,
          settings: Self.settings(functionals(ofOnly: source), of: kind))
      }
    }
  }

  private static func settings(
    _ options: FeatureOptions, of kind: FeatureKind
  ) -> [ExtractionSettings.Entry] {
    ExtractionSettings(options, audio: AudioOptions()).entries(of: kind)
  }

  /// Functionals of one source and nothing else, with defaults for what does not move its numbers.
  private func functionals(ofOnly source: FunctionalsOptions.Source) -> FeatureOptions {
    var options = self
    options.fusion = .functionals
    options.functionals = functionals ?? .init()
    options.functionals?.of = [source]
    if options.functionals?.isOfOwnFrames == true {
      (options.framing, options.prosody) = (FramingOptions(), nil)
    }
    return options
  }
}
