import ValenceAudio

extension AudioOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    rateHz = scope.integer("rate_hz", default: rateHz, in: Self.rateHzRange)
    trimDb = scope.noneUnlessGiven("trim_db") {
      $0.number("trim_db", default: 35, in: Self.trimDbRange)
    }
    clipS = scope.number("clip_s", default: clipS, in: Self.clipSRange)
    crop = scope.choice("crop", default: crop)
    unreadable = scope.choice("unreadable", default: unreadable)
    // It decides which utterances there are, and a trial's identity has those by their content.
    scope.setAside("unreadable")
  }
}
