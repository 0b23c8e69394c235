package import ValenceCore
package import ValenceCorpora
import ValenceFeatures
import ValenceNN

/// A field of options that an experiment file has a key for.
///
/// The options know nothing of the file; the conformances below are the only place that knows both.
package protocol PlanField: Hashable, Sendable {
  /// The full key, for example `features.hop_ms`.
  var key: String { get }
}

extension FeatureOptions.Field: PlanField {
  package var key: String {
    switch self {
    case .windowMs: "features.window_ms"
    case .hopMs: "features.hop_ms"
    case .melBands: "features.mel.bands"
    case .melLowHz: "features.mel.low_hz"
    case .melHighHz: "features.mel.high_hz"
    case .mfccCoefficients: "features.mfcc.coefficients"
    case .prosody: "features.prosody"
    case .prosodyLowHz: "features.prosody.low_hz"
    case .prosodyHighHz: "features.prosody.high_hz"
    case .spectral: "features.spectral"
    case .functionals: "features.functionals"
    case .functionalsMelBands: "features.functionals.mel_bands"
    case .encoder: "features.encoder"
    case .encoderLayer: "features.encoder.layer"
    case .encoderPadS: "features.encoder.pad_s"
    case .fusion: "features.fusion"
    case .rateHz: "audio.rate_hz"
    }
  }
}

extension ModelOptions.Field: PlanField {
  package var key: String {
    switch self {
    case .channels: "model.cnn.channels"
    case .kernel: "model.cnn.kernel"
    case .pool: "model.cnn.pool"
    case .poolTime: "model.cnn.pool.time"
    case .poolFrequency: "model.cnn.pool.frequency"
    case .width: "model.transformer.width"
    case .heads: "model.transformer.heads"
    case .positions: "model.transformer.positions"
    }
  }
}

extension FoldError.Field {
  /// The full key of the choice, where it is about the corpus of this name.
  package func key(in corpus: String) -> String {
    switch self {
    case .labels: "labels"
    case .classes: "labels.classes"
    case .labelMap: "labels.map"
    case .labelDrop: "labels.drop"
    case .trainOn: "train_on"
    case .within: "protocol.within"
    case .speakerFolds: "protocol.within.speaker_folds"
    case .emobox: "protocol.within.emobox"
    case .csv: "protocol.within.csv"
    case .validationSpeakers: "protocol.validation.speakers"
    case .validationFraction: "protocol.validation.fraction"
    case .scored: "protocol.scored"
    case .missingClasses: "protocol.missing_classes"
    case .splitColumn: CorpusError.Field.column("split").key(in: corpus)
    }
  }
}

extension CorpusError.Field {
  /// The full key of the option, of the corpus of this name.
  package func key(in corpus: String) -> String {
    switch self {
    case .path: "corpora.\(corpus).path"
    case .column(let word): "corpora.\(corpus).columns.\(word)"
    case .pattern(let group): "corpora.\(corpus).\(group)"
    }
  }
}

extension Problem {
  /// The problem that a misfit is, with the keys of the file for the fields that it names.
  package init(_ misfit: Misfit<some PlanField>, at place: SourcePlace? = nil) {
    self.init(misfit, at: place, naming: \.key)
  }

  /// The problem that a misfit is, with `key` for the fields that it names.
  ///
  /// - Parameter before: what the sentence begins with, behind its key.
  init<Field>(
    _ misfit: Misfit<Field>, before: String = "", at place: SourcePlace? = nil,
    naming key: (Field) -> String
  ) {
    self.init(
      before + misfit.message.text(naming: key), at: place, key: key(misfit.field),
      others: misfit.fields.dropFirst().map(key))
  }
}
