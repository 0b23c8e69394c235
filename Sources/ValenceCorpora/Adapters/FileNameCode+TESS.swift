extension FileNameCode {
  /// TESS: talker, the word after "Say the word", emotion.
  ///
  /// OAF is the older woman, YAF the younger; in one file name of the publishers' OAF is `OA`.
  /// Source: Dupuis and Pichora-Fuller (2010), University of Toronto, TSpace.
  package static let tess = FileNameCode(
    word: "tess", publisher: "TESS", example: "TTT_word_emotion.wav", language: "en"
  ) { name in
    let codes = name.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    guard codes.count == 3, codes.allSatisfy({ !$0.isEmpty }) else { return .foreign }
    let talkers = ["OAF": "OAF", "OA": "OAF", "YAF": "YAF"]
    let emotions = [
      "angry": "angry", "disgust": "disgust", "fear": "fear", "happy": "happy",
      "neutral": "neutral", "ps": "pleasant surprise", "sad": "sad",
    ]
    guard let talker = talkers[codes[0]] else {
      return .unused("TESS has no talker \(codes[0]).")
    }
    guard let label = emotions[codes[2].lowercased()] else {
      return .unused("TESS has no emotion \(codes[2]).")
    }
    return .speech(
      Utterance.Annotation(
        speaker: talker, label: label, gender: .female, sentence: codes[1].lowercased()))
  }
}
