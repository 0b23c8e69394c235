/// p-values of several tests, corrected so that the chance of any false finding stays below the level.
///
/// Sorted from the least, p₍ᵢ₎ of m values becomes max over j ≤ i of min(1, (m − j + 1) · p₍ⱼ₎), with j
/// counted from 1; nothing is assumed of how the tests depend on each other. Source: Holm (1979),
/// Scandinavian Journal of Statistics 6; equals R's `p.adjust(p, "holm")`.
public enum HolmCorrection {
  /// The corrected values, in the order of `p`.
  public static func corrected(_ p: [Double]) -> [Double] {
    var corrected = p
    var greatest = 0.0
    for (rank, index) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated() {
      greatest = max(greatest, min(1, Double(p.count - rank) * p[index]))
      corrected[index] = greatest
    }
    return corrected
  }
}
