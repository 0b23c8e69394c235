import Testing
import ValenceAudio
import ValenceFeatures
import ValenceKernels

@Suite("What moves the numbers of features")
struct ExtractionSettingsTests {
  private typealias Change = (inout FeatureOptions, inout AudioOptions) -> Void

  private func settings(
    _ fusion: FeatureOptions.Fusion = .concat, speed: Double = 1,
    change: Change = { _, _ in }
  ) -> ExtractionSettings {
    var (features, audio) = (FeatureOptions(), AudioOptions())
    features.fusion = fusion
    change(&features, &audio)
    return ExtractionSettings(features, audio: audio, speed: speed)
  }

  @Test("options that move no number tell no two settings apart")
  func canonical() {
    let plain = settings()
    #expect(settings(.branches) == plain && settings(.late) == plain && settings(.stack) == plain)
    let changes: [Change] = [
      { features, _ in features.normalization = .speaker }, { $1.unreadable = .drop },
    ]
    for (index, change) in changes.enumerated() {
      #expect(settings(change: change) == plain, "\(index)")
    }
    #expect(settings(.mel) { features, _ in features.mfcc.deltas = 2 } == settings(.mel))
    #expect(settings(.mel) { features, _ in features.prosody = .init() } == settings(.mel))
    #expect(settings(.prosody) { features, _ in features.mel.bands = 8 } == settings(.prosody))
    #expect(settings(.prosody) { features, _ in features.prosody = .init() } == settings(.prosody))
    let whole = settings { $1.longClips = .windows }
    #expect(settings { ($1.longClips, $1.crop) = (.windows, .end) } == whole)
    #expect(Set([plain, settings(.gated), whole]).count == 2)
  }

  @Test("options that move numbers tell settings apart, and so do their keys")
  func distinct() {
    let changes: [Change] = [
      { $1.rateHz = 8000 }, { $1.trimDb = 35 }, { $1.clipS = 2 }, { $1.crop = .start },
      { $1.longClips = .windows }, { features, _ in features.framing.windowMs = 20 },
      { features, _ in features.framing.hopMs = 5 }, { features, _ in features.mel.bands = 40 },
      { features, _ in features.mel.lowHz = 0 }, { features, _ in features.mel.highHz = 7000 },
    ]
    let all = [settings()] + changes.map { settings(change: $0) } + [settings(speed: 0.9)]
    #expect(Set(all).count == all.count)
    #expect(Set(all.map { $0.cacheKey(of: .mel) }).count == all.count)
  }

  @Test("a key is its entries, in their order")
  func entries() {
    let settings = settings(.prosody, speed: 1.1) { $1.longClips = .windows }
    let entries = settings.entries(of: .prosody)
    #expect(
      entries.map { entry in entry.value.map { "\(entry.name)=\($0)" } ?? entry.name }
        .joined(separator: " ") == settings.cacheKey(of: .prosody))
    #expect(entries.filter { $0.value == nil }.map(\.name) == ["whole"])
    #expect(entries.last?.name == "speed" && entries.last?.value == "1.1")
  }

  @Test("the key of a waveform has no parameter of its features")
  func waveforms() {
    let reader = "kernels=\(KernelSetup.current.kind) audio_revision=\(AudioReader.revision)"
    #expect(
      WaveformSettings(AudioOptions()).cacheKey
        == "waveform \(reader) rate_hz=16000 trim_db=none clip_s=3.0 crop=center")
    var whole = AudioOptions()
    (whole.longClips, whole.trimDb) = (.windows, 35)
    #expect(
      WaveformSettings(whole, speed: 0.9).cacheKey
        == "waveform \(reader) rate_hz=16000 trim_db=35.0 whole speed=0.9")
  }
}
