/// Why there is no card of a model.
package enum CardFault: Error, Hashable, CustomStringConvertible {
  /// There is no model at the path.
  case noModel(path: String)
  /// The record beside the model is damaged.
  case record(file: String)
  /// The card of a bundle cannot be read.
  case card(file: String)

  package var description: String {
    switch self {
    case .noModel(let path):
      "\(path): there is no model here; give a model.safetensors, the folder of a trial that holds one, or a "
        + "bundle."
    case .record(let file):
      "\(file): this record was changed since it was written, so nothing vouches for the model; take both "
        + "from one run, or the model without its record."
    case .card(let file):
      "\(file): this is no card of a model that this version of Valence reads; make the bundle again."
    }
  }
}
