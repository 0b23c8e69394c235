package import ValenceCore
import ValenceCorpora
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
    }
  }
}

extension FoldError.Field: PlanField {
  package var key: String {
    switch self {
    case .labels: "labels"
    case .within: "protocol.within"
    case .validation: "protocol.validation"
    case .missingClasses: "protocol.missing_classes"
    }
  }
}

extension Problem {
  /// The problem that a misfit is, with the keys of the file for the fields that it names.
  package init(_ misfit: Misfit<some PlanField>, at place: SourcePlace? = nil) {
    self.init(misfit.message.text(naming: \.key), at: place, key: misfit.field.key)
  }
}
