import ValenceFeatures

extension FeatureOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    framing = FramingOptions(from: &scope)
    mel = scope.options("mel")
    mfcc = scope.options("mfcc")
    prosody = scope.falseOrOptions("prosody")
    spectral = scope.flag("spectral", default: spectral)
    functionals = scope.falseOrOptions("functionals")
    encoder =
      scope.noneUnlessGiven("encoder") { scope in
        scope.nested("encoder") { EncoderOptions.read(from: &$0) }
      } ?? nil
    normalization = scope.choice("normalization", default: normalization)
    fusion = scope.choice("fusion", default: fusion)
    if fusion == .prosody, prosody == nil { prosody = scope.defaults("prosody") }
    if fusion == .spectral {
      spectral = true
      scope.resolve("spectral", .flag(true))
    }
    if fusion == .functionals, functionals == nil { functionals = scope.defaults("functionals") }
    if functionals != nil, prosody == nil, !isJoined {
      // What the range of F0 is may be said there.
      prosody = scope.defaults("prosody")
    }
    if functionals?.isOfOwnFrames == true, !isJoined, fusion != .prosody {
      prosody = scope.defaults("prosody")
      scope.setAside("prosody")
      if fusion == .functionals {
        framing = FramingOptions()
        for key in FramingOptions.keys { scope.setAside(key) }
      }
    }
    if fusion == .encoder {
      framing = .ofEncoder
      for key in FramingOptions.keys { scope.setAside(key) }
    }
    for section in Section.allCases where !sections.contains(section) {
      scope.setAside(section.rawValue)
    }
  }
}

extension FunctionalsOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    let sources = scope.choices("of", default: of, count: 1...Source.allCases.count)
    // In whatever order they were written, the vector is the same.
    of = Source.allCases.filter(sources.contains)
    scope.resolve("of", .list(of.map { .text($0.rawValue) }))
    statistics = scope.statistics(default: statistics)
    melBands = scope.integer("mel_bands", default: melBands, in: Self.melBandsRange)
    mfccCoefficients = scope.integer(
      "mfcc_coefficients", default: mfccCoefficients, in: Self.mfccCoefficientsRange)
    if !hasContours { scope.setAside("statistics") }
    if !of.contains(.mel) { scope.setAside("mel_bands") }
    if !of.contains(.mfcc) { scope.setAside("mfcc_coefficients") }
  }
}

extension PlanScope {
  /// `all`, or a list of some.
  fileprivate mutating func statistics(
    default value: [FunctionalsOptions.Statistics]
  ) -> [FunctionalsOptions.Statistics] {
    let (key, all) = ("statistics", FunctionalsOptions.Statistics.allCases)
    record(key, .words(["all"]), default: .text("all"))
    var chosen = value
    if let node = node(key), !node.isWord("all") {
      chosen = choices(key, default: value, count: 1...all.count)
    }
    chosen = all.filter(chosen.contains)
    resolve(key, chosen == all ? .text("all") : .list(chosen.map { .text($0.rawValue) }))
    return chosen
  }
}

extension FramingOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    windowMs = scope.number(Self.keys[0], default: windowMs, in: Self.windowMsRange)
    hopMs = scope.number(Self.keys[1], default: hopMs, in: Self.hopMsRange)
  }

  /// The keys of the window and the hop, which an encoder that stands alone leaves without effect.
  fileprivate static let keys = ["window_ms", "hop_ms"]
}

extension MelOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    bands = scope.integer("bands", default: bands, in: Self.bandsRange)
    lowHz = scope.number("low_hz", default: lowHz, in: Self.edgeHzRange)
    highHz = scope.number("high_hz", default: highHz, in: Self.edgeHzRange)
  }
}

extension MFCCOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    coefficients = scope.integer("coefficients", default: coefficients, in: Self.coefficientsRange)
    deltas = scope.integer("deltas", default: deltas, in: Self.deltasRange)
  }
}

extension ProsodyOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    lowHz = scope.number("low_hz", default: lowHz, in: Self.lowHzRange)
    highHz = scope.number("high_hz", default: highHz, in: Self.highHzRange)
  }
}
