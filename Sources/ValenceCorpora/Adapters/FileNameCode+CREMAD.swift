extension FileNameCode {
  /// CREMA-D: actor, sentence, emotion, level.
  ///
  /// Sources: Cao et al. (2014), IEEE Transactions on Affective Computing 5(4); the gender of each
  /// actor: `VideoDemographics.csv` of its repository.
  package static let cremad = FileNameCode(
    word: "crema-d", publisher: "CREMA-D", example: "AAAA_SSS_EEE_LL.wav", language: "en"
  ) { name in
    let codes = name.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    guard codes.count == 4, codes[0].count == 4, isDigits(codes[0]), codes[1].count == 3,
      codes[2].count == 3, (1...2).contains(codes[3].count)
    else { return .foreign }
    let emotions = [
      "ANG": "anger", "DIS": "disgust", "FEA": "fear", "HAP": "happy", "NEU": "neutral",
      "SAD": "sad",
    ]
    guard let actor = Int(codes[0]), (1001...1091).contains(actor) else {
      return .unused("CREMA-D has no actor \(codes[0]).")
    }
    guard cremadSentences.contains(codes[1]) else {
      return .unused("CREMA-D has no sentence \(codes[1]).")
    }
    guard let label = emotions[codes[2]] else {
      return .unused("CREMA-D has no emotion \(codes[2]).")
    }
    // Only one sentence was spoken at three levels; the others' is not specified.
    let levels = ["LO": "low", "MD": "medium", "HI": "high", "XX": nil, "X": nil]
    guard let level = levels[codes[3]] else {
      return .unused("CREMA-D has no level \(codes[3]).")
    }
    return .speech(
      Utterance.Annotation(
        speaker: codes[0], label: label,
        gender: cremadWomen.contains(actor - 1000) ? .female : .male, sentence: codes[1],
        intensity: level))
  }

  private static let cremadSentences: Set = [
    "DFA", "IEO", "IOM", "ITH", "ITS", "IWL", "IWW", "MTI", "TAI", "TIE", "TSI", "WSI",
  ]

  /// The 43 of the 91 actors, counted from 1001, who are women.
  private static let cremadWomen: Set = [
    2, 3, 4, 6, 7, 8, 9, 10, 12, 13, 18, 20, 21, 24, 25, 28, 29, 30, 37, 43, 46, 47, 49, 52, 53, 54,
    55, 56, 58, 60, 61, 63, 72, 73, 74, 75, 76, 78, 79, 82, 84, 89, 91,
  ]
}
