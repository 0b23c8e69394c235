package import Foundation
import ValenceCore
import ValenceEncoders
import ValenceFeatures
package import ValenceStore

extension ModelBundle {
  /// Writes a model with its record, its card and the encoder that it hears through into a new folder.
  ///
  /// - Parameters:
  ///   - path: a `model.safetensors`, the folder of a trial that holds one, or a bundle.
  ///   - folder: where nothing may be yet.
  ///   - encoder: the folder of its encoder; nil takes a bundle's own, or looks in `$VALENCE_ENCODERS`.
  /// - Returns: the model's card.
  /// - Throws: a sentence if there is no such model or encoder, or if the folder cannot be written.
  @discardableResult
  package static func make(
    of path: URL, at folder: URL, encoder: URL? = nil
  ) throws -> ModelCard {
    let place = try ModelPlace(path)
    let named = encoder ?? place.bundle?.encoder
    let card = try ModelCard(of: path, encoder: named)
    var content = Content()
    if let identity = card.encoder.flatMap({ EncoderIdentity($0.identity) }) {
      let found = try KnownEncoders.folder(of: identity, named: named)
      for file in try EncoderFolder(found).files + EncoderTerms.files(in: found) {
        content.copies["\(BundleFile.encoderFolder)/\(file.lastPathComponent)"] = file
      }
    }
    let model = try StoredFile.content(of: place.file)
    // A run may have replaced the trial since the card was made.
    guard let model, Digest(of: model).hex == card.digest else {
      throw CardFault.noModel(path: path.relativePath)
    }
    content.data[TrialFile.model.path] = model
    let record = place.folder.appending(path: TrialFile.record.path)
    content.data[TrialFile.record.path] = try StoredFile.content(of: record)
    content.data[BundleFile.card.rawValue] = try JSON.encoded(card)
    content.data[BundleFile.cardText.rawValue] = Data(card.markdown.utf8)
    try write(content, to: folder)
    return card
  }
}
