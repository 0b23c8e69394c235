import Foundation

/// A score as a figure shows it: its mean over networks, their spread and number.
public struct PlottedValue: Hashable, Sendable {
  /// The mean, as a fraction (0.543 is drawn as 54.3 %); NaN is drawn as missing.
  public var mean: Double
  /// The standard deviation as a fraction; nil for a single network.
  public var sd: Double?
  /// How many networks (folds × seeds) the mean is over.
  public var networks: Int

  /// Notes a score; see the properties.
  public init(mean: Double, sd: Double?, networks: Int) {
    self.mean = mean
    self.sd = sd
    self.networks = networks
  }

  /// `54.3 ± 2.1 %`, without the spread where there is none; a dash for no mean.
  public var text: String {
    guard mean.isFinite else { return "–" }
    return "\(Self.percent(mean))\(sd.map { " ± \(Self.percent($0))" } ?? "") %"
  }

  static func percent(_ fraction: Double) -> String {
    fraction.isFinite ? String(format: "%.1f", 100 * fraction) : "–"
  }
}
