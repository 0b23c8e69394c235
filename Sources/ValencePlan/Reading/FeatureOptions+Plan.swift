import ValenceFeatures

extension FeatureOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    framing = FramingOptions(from: &scope)
    mel = scope.options("mel")
    mfcc = scope.options("mfcc")
    prosody = scope.falseOrOptions("prosody")
    normalization = scope.choice("normalization", default: normalization)
    fusion = scope.choice("fusion", default: fusion)
    if fusion == .prosody, prosody == nil { prosody = scope.defaults("prosody") }
    for section in Section.allCases where !sections.contains(section) {
      scope.setAside(section.rawValue)
    }
  }
}

extension FramingOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    windowMs = scope.number("window_ms", default: windowMs, in: Self.windowMsRange)
    hopMs = scope.number("hop_ms", default: hopMs, in: Self.hopMsRange)
  }
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
