package import ValenceClassic
package import ValenceFeatures
package import ValenceNN

/// A trained network or a fitted classic model, with what its inputs are normalized by.
package enum TrainedModel {
  /// The statistics of the training fold's frames; nil where the settings normalize by others, or not at all.
  case network(Network, normalizers: [FeatureKind: Normalizer]?)
  /// The statistics of the training fold's vectors, of the kind that the model was fitted to; nil likewise.
  case classic(ClassicModel, normalizer: Normalizer?)
}
