/// How a model adapts to clips that nobody has labeled.
package struct SelfTrainingOptions: Hashable, Sendable {
  /// Who is scored.
  package enum Scored: String, Hashable, Sendable, CaseIterable {
    /// Every speaker of a test corpus, by a model that has adapted to all of them.
    case all
    /// Each half of a test corpus's speakers, by a model that has adapted to the other half.
    case others
  }

  /// How often clips are labeled and the model is fitted anew.
  package var rounds = 3
  /// The share of the clips of each class, the likeliest first, whose labels are believed.
  package var share = 1.0
  package var score = Scored.all

  /// The defaults: three rounds that believe every label.
  package init() {}

  package static let roundsRange = 1...100
  package static let shareRange = 0.05...1.0
}

extension ClassicModel {
  /// The model after rounds of self-training (Scudder, 1965): it labels clips, and is fitted anew to its training
  /// clips and these together.
  ///
  /// Classes are weighted as in the first fit, over all clips of a round. Strength and calibration stay.
  ///
  /// - Parameters:
  ///   - vectors: `count` clips whose classes nobody knows, row after row.
  ///   - training: the clips that the model was fitted to. Where they have weights, the labeled clips count
  ///     together as much as `share` of them: those of one more corpus.
  package func adapted(
    to vectors: [Float], count: Int, training: ClassicData, _ options: SelfTrainingOptions,
    share: Double = 1
  ) throws(ClassicError) -> ClassicModel {
    var model = self
    if count == 0 { return model }
    for _ in 0..<options.rounds {
      let believed = Self.believed(
        try model.logProbabilities(vectors, count: count), share: options.share)
      var data = training
      for (clip, label) in believed {
        data.vectors += vectors[clip * dimensions..<(clip + 1) * dimensions]
        data.targets.append(label)
        data.speakers.append(-1)
      }
      if !training.weights.isEmpty, !believed.isEmpty {
        let weight = share * training.weights.reduce(0, +) / Double(believed.count)
        data.weights += Array(repeating: weight, count: believed.count)
      }
      model = try model.refitted(to: data)
    }
    return model
  }

  /// The clips whose labels are believed, in their order: of each class a share, the likeliest.
  private static func believed(
    _ logits: [[Double]], share: Double
  ) -> [(clip: Int, label: Int)] {
    let labels = logits.map { $0[...].firstGreatest }
    var isBelieved = [Bool](repeating: false, count: labels.count)
    for clips in Dictionary(grouping: labels.indices, by: { labels[$0] }).values {
      let ranked = clips.sorted {
        (logits[$1][labels[$1]], $0) < (logits[$0][labels[$0]], $1)
      }
      let count = Int((share * Double(clips.count)).rounded(.up))
      for clip in ranked.prefix(count) { isBelieved[clip] = true }
    }
    return labels.indices.filter { isBelieved[$0] }.map { ($0, labels[$0]) }
  }
}
