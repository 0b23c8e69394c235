import Foundation

extension TrialRecord {
  /// What inner folds of the training clips chose for a classic model, and how well it did there.
  package struct Choice: Hashable, Sendable {
    /// What holds the model back, by its key: `penalty` or `shrinkage`.
    package var key: String
    /// Its value.
    package var strength: Double
    /// Whether the value was chosen, and not given.
    package var isChosen: Bool
    /// Whether the value is the strongest or the weakest of those that were tried.
    package var isAtEnd: Bool
    /// The layer of the encoder that was chosen; nil where none was.
    package var layer: Int?
    /// The best unweighted average recall with each layer, from layer 0; nil where none was chosen.
    package var layerUARs: [Double]?
    /// How frames are pooled, if that was chosen.
    package var pooling: String?
    /// The unweighted average recall on inner folds with what was chosen.
    package var innerUAR: Double
    /// Whether the solver of the kept model came as close to its optimum as it was told to.
    package var hasConverged: Bool

    package init(key: String, strength: Double, innerUAR: Double, hasConverged: Bool) {
      (self.key, self.strength) = (key, strength)
      (self.innerUAR, self.hasConverged) = (innerUAR, hasConverged)
      (isChosen, isAtEnd) = (false, false)
    }

    /// `penalty 0.3, layer 2, mean_std`.
    package var text: String {
      (["\(key) \(Self.short(strength))"]
        + [layer.map { "layer \($0)" }, pooling].compactMap(\.self))
        .joined(separator: ", ")
    }

    /// A strength to three digits.
    package static func short(_ strength: Double) -> String {
      String(format: "%.3g", locale: nil, strength)
    }
  }
}

/// As the decoder spells the names.
extension TrialRecord.Choice: Codable {
  private enum CodingKeys: String, CodingKey {
    case key, strength, isChosen = "chosen", isAtEnd = "atEnd", layer, pooling
    case layerUARs = "layerUars"
    case innerUAR = "innerUar"
    case hasConverged = "converged"
  }
}
