package import ValenceAudio
import ValenceEncoders
import ValenceKernels

/// What moves the samples of a clip: how its audio is read, and how fast it is played.
///
/// Canonical: options that move no sample are set aside, so that they tell no two apart.
package struct WaveformSettings: Hashable, Sendable {
  package let audio: AudioOptions
  /// How much faster than recorded the audio is played; 1 is as recorded.
  package let speed: Double

  package init(_ audio: AudioOptions, speed: Double = 1) {
    var audio = audio
    // Which files are used moves no sample, and clips that are kept whole are not cropped.
    audio.unreadable = AudioOptions().unreadable
    if audio.longClips == .windows { audio.crop = AudioOptions().crop }
    (self.audio, self.speed) = (audio, speed)
  }

  /// The key of cached samples, without the clip's part.
  package var cacheKey: String {
    ([.init("waveform")] + audioEntries + speedEntries).map(\.text).joined(separator: " ")
  }

  fileprivate var audioEntries: [ExtractionSettings.Entry] {
    [
      .init("kernels", "\(KernelSetup.current.kind)"),
      .init("audio_revision", "\(AudioReader.revision)"), .init("rate_hz", "\(audio.rateHz)"),
      .init("trim_db", audio.trimDb.map { "\($0)" } ?? "none"),
    ]
      + (audio.longClips == .windows
        ? [.init("whole")]
        : [.init("clip_s", "\(audio.clipS)"), .init("crop", audio.crop.rawValue)])
  }

  /// Nothing at the recorded speed: keys from before there were speeds stay valid.
  fileprivate var speedEntries: [ExtractionSettings.Entry] {
    speed == 1 ? [] : [.init("speed", "\(speed)")]
  }
}

/// What extractions must agree in for a clip to be encoded once for all of them.
package struct EncodingSettings: Hashable, Sendable {
  package let waveform: WaveformSettings
  /// The encoder, of any layer.
  private let encoder: EncoderOptions

  fileprivate init(_ waveform: WaveformSettings, _ encoder: EncoderOptions) {
    (self.waveform, self.encoder) = (waveform, encoder.ofAnyLayer)
  }
}

/// Everything that moves the numbers of a clip's features: its waveform, and the options of what is
/// extracted.
///
/// Canonical: settings that differ only in what moves no number are equal. So this is the key of caches,
/// of extractions that variants share, and of networks that read a recording together; an option that
/// moves nothing is set aside here and nowhere else.
package struct ExtractionSettings: Hashable, Sendable {
  /// A parameter, by the name that keys of caches and exported features carry.
  package struct Entry: Hashable, Sendable {
    package let name: String
    /// Nil for a word that says it all.
    package let value: String?

    init(_ name: String, _ value: String? = nil) { (self.name, self.value) = (name, value) }

    /// `hop_ms=10.0`, or the word alone.
    fileprivate var text: String { value.map { "\(name)=\($0)" } ?? name }
  }

  package let waveform: WaveformSettings
  /// The kinds and their parameters; normalization and the order in a network play no part.
  package let features: FeatureOptions

  package init(_ features: FeatureOptions, audio: AudioOptions, speed: Double = 1) {
    waveform = WaveformSettings(audio, speed: speed)
    var canonical = features
    canonical.normalization = FeatureOptions().normalization
    canonical.fusion = features.extracted
    let sections = features.sections
    if !sections.contains(.mel) { canonical.mel = MelOptions() }
    if !sections.contains(.mfcc) { canonical.mfcc = MFCCOptions() }
    canonical.prosody = sections.contains(.prosody) ? features.prosody ?? ProsodyOptions() : nil
    // Functionals may take the default range of F0 beside frames that prosody does not join.
    if canonical.kinds != features.kinds { canonical.prosody = nil }
    canonical.spectral = sections.contains(.spectral)
    canonical.functionals =
      sections.contains(.functionals) ? (features.functionals ?? .init()).canonical : nil
    if !sections.contains(.encoder) { canonical.encoder = nil }
    canonical.encoder?.heard = []
    // Both are all states.
    if canonical.encoder?.layer == .nested { canonical.encoder?.layer = .weighted }
    self.features = canonical
  }

  /// What its clips are encoded by; nil without an encoder.
  package var encoding: EncodingSettings? {
    features.encoder.map { EncodingSettings(waveform, $0) }
  }

  /// The features that are extracted.
  package var kinds: [FeatureKind] { features.kinds }

  /// Every parameter that moves the numbers of one kind, revisions and the kind of kernels included.
  package func entries(of kind: FeatureKind) -> [Entry] {
    [Entry("feature", kind.rawValue), Entry("features_revision", "\(kind.revision)")]
      + waveform.audioEntries
      + (kind.isFramed
        ? [
          Entry("window_ms", "\(features.framing.windowMs)"),
          Entry("hop_ms", "\(features.framing.hopMs)"),
        ] : [])
      + kind.sections.flatMap(features.entries) + waveform.speedEntries
  }

  /// The key of cached features of one kind, without the clip's part.
  package func cacheKey(of kind: FeatureKind) -> String {
    entries(of: kind).map(\.text).joined(separator: " ")
  }
}
