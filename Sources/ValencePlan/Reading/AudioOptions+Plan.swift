import ValenceAudio

extension AudioOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    rateHz = scope.integer("rate_hz", default: rateHz, in: Self.rateHzRange)
    trimDb = scope.noneUnlessGiven("trim_db") {
      $0.number("trim_db", default: 35, in: Self.trimDbRange)
    }
    clipS = scope.number("clip_s", default: clipS, in: Self.clipSRange)
    longClips = scope.choice("long_clips", default: longClips)
    crop = scope.choice("crop", default: crop)
    // Settings from before there were windows keep their identity.
    scope.setAside(longClips == .windows ? "crop" : "long_clips")
    unreadable = scope.choice("unreadable", default: unreadable)
    // It decides which utterances there are, and a trial's identity has those by their content.
    scope.setAside("unreadable")
  }
}
