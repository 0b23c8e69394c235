import ValenceAudio
import ValenceCore
import ValenceFeatures
import ValenceStore

extension ClipLoader {
  /// An extraction with all that it takes.
  struct Work: Sendable {
    /// Its place among the extractions of an experiment.
    let number: Int
    let extraction: ExtractionSettings
    /// The keys of the cache by kind, without the clip's part.
    private let keys: [FeatureKind: String]
    /// Turns waveforms into its features.
    let extractor: FeatureExtractor
    /// Its encoder, which other layers' extractions share; nil without one.
    let encoder: FrozenEncoder?

    /// Plans extractions, numbered in their order: those of different layers of an encoder share its
    /// weights.
    ///
    /// - Throws: `FeatureError` for options that cannot be extracted.
    static func all(_ extractions: [ExtractionSettings]) throws -> [Work] {
      let options = extractions.compactMap(\.features.encoder)
      let encoders = Dictionary(grouping: options, by: \.ofAnyLayer).mapValues { options in
        var seen: Set<EncoderOptions> = []
        return FrozenEncoder(
          options[0], layers: options.filter { seen.insert($0).inserted }.map(\.layer))
      }
      return try extractions.enumerated().map { number, extraction in
        let encoder = extraction.features.encoder.flatMap { encoders[$0.ofAnyLayer] }
        return try Work(extraction, number: number, encoder: encoder)
      }
    }

    private init(_ extraction: ExtractionSettings, number: Int, encoder: FrozenEncoder?) throws {
      (self.extraction, self.number, self.encoder) = (extraction, number, encoder)
      keys = Dictionary(
        uniqueKeysWithValues: extraction.kinds.map { ($0, extraction.cacheKey(of: $0)) })
      extractor = try FeatureExtractor(
        extraction.features, rateHz: extraction.waveform.audio.rateHz, encoder: encoder)
    }

    /// Where the features of a clip lie in the cache.
    func digests(_ content: Digest) -> [FeatureKind: Digest] {
      keys.mapValues { Digest(ofParts: [content.hex, $0]) }
    }

    /// The kinds that have to be extracted where there are matrices of these shapes: an encoder's by itself, a
    /// vector of the clip too, the others together, as they must have equal frames and cost little.
    func lacking(_ shapes: [FeatureKind: FeatureCache.Shape]) -> [FeatureKind] {
      if frames(shapes) != nil { return [] }
      let kinds = extraction.kinds
      let groups = [
        kinds.filter { $0 == .encoder }, kinds.filter { $0 != .encoder && !$0.isVector },
        kinds.filter(\.isVector),
      ]
      func isWhole(_ kinds: [FeatureKind]) -> Bool {
        let known = shapes.filter { kinds.contains($0.key) }
        let fits = known.allSatisfy { $1.columns == extraction.features.bins(of: $0) }
        let rows = Set(known.values.map(\.rows))
        let isOne = kinds.allSatisfy { !$0.isVector } || rows == [1]
        return known.count == kinds.count && fits && rows.count <= 1 && isOne
      }
      return groups.filter { !isWhole($0) }.flatMap(\.self)
    }

    /// The number of frames of a clip with matrices of these shapes; nil unless they are those of one clip.
    ///
    /// An encoder has frames of its own, which are brought to those of the other features; a vector is of the
    /// whole clip.
    func frames(_ shapes: [FeatureKind: FeatureCache.Shape]) -> Int? {
      let framed = shapes.filter { !$0.key.isVector }
      let leading = framed.first { $0.key != .encoder } ?? framed.first ?? shapes.first
      guard shapes.count == keys.count, let frames = leading?.value.rows else { return nil }
      let fits = shapes.allSatisfy { kind, shape in
        (kind == .encoder || shape.rows == (kind.isVector ? 1 : frames))
          && shape.columns == extraction.features.bins(of: kind)
      }
      return fits ? frames : nil
    }
  }
}
