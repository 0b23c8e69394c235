import ValenceFeatures

extension FeatureOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    framing = FramingOptions(from: &scope)
    mel = scope.options("mel")
    mfcc = scope.options("mfcc")
    prosody = scope.falseOrOptions("prosody")
    encoder =
      scope.noneUnlessGiven("encoder") { scope in
        scope.nested("encoder") { EncoderOptions.read(from: &$0) }
      } ?? nil
    normalization = scope.choice("normalization", default: normalization)
    fusion = scope.choice("fusion", default: fusion)
    if fusion == .prosody, prosody == nil { prosody = scope.defaults("prosody") }
    if fusion == .encoder {
      framing = .ofEncoder
      for key in FramingOptions.keys { scope.setAside(key) }
    }
    for section in Section.allCases where !sections.contains(section) {
      scope.setAside(section.rawValue)
    }
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
