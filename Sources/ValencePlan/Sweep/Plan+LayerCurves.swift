import ValenceEncoders
import ValenceFeatures
package import ValenceReport

extension Plan {
  /// The variants that differ in the layer of a frozen encoder alone; none where no two do.
  ///
  /// What counts are the settings, not how the sweep spells them.
  package var layerCurves: [LayerCurve] {
    var (order, groups): ([Settings], [Settings: [Variant]]) = ([], [:])
    for variant in variants where variant.settings.features.kinds.contains(.encoder) {
      var settings = variant.settings
      settings.features.encoder = settings.features.encoder?.ofAnyLayer
      if groups[settings] == nil { order.append(settings) }
      groups[settings, default: []].append(variant)
    }
    let curves = order.compactMap { groups[$0] }.filter { $0.count > 1 }
    let names = Self.commonNames(curves.map { $0.map(\.name) })
    return zip(curves, names).compactMap { variants, name in
      variants[0].settings.features.encoder.map { encoder in
        LayerCurve(
          name: name, encoder: encoder.descriptionOfAnyLayer, heard: encoder.heard,
          layers: encoder.identity.shape.layers, points: Self.points(variants))
      }
    }
  }

  /// Numbers from low to high, then words.
  private static func points(_ variants: [Variant]) -> [LayerCurve.Point] {
    let layers = variants.compactMap { variant in
      variant.settings.features.encoder.map { (layer: $0.layer, variant: variant.name) }
    }
    return layers.sorted { $0.layer.rank < $1.layer.rank }.map {
      LayerCurve.Point(layer: $0.layer.text, variant: $0.variant)
    }
  }
}

extension EncoderLayer {
  /// Its position along a curve.
  fileprivate var rank: Int {
    switch self {
    case .state(let number): number
    case .last: Int.max - 3
    case .mean: Int.max - 2
    case .weighted: Int.max - 1
    case .nested: Int.max
    }
  }
}
