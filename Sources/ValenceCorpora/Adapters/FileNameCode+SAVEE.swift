extension FileNameCode {
  /// SAVEE: speaker, emotion, sentence.
  ///
  /// The publishers' folders are the speakers (`AudioData/DC/sa03.wav`); copies with the speaker in the
  /// name (`DC_sa03.wav`) circulate as well. All four are men.
  /// Source: Haq and Jackson (2009), AVSP; `AudioData/Info.txt`.
  package static let savee = FileNameCode(
    word: "savee", publisher: "SAVEE", example: "SP/ENN.wav or SP_ENN.wav", language: "en",
    name: { path in
      let stem = CorpusFolder.stem(of: path)
      let folders = path.split(separator: "/").dropLast()
      guard !stem.contains("_"), let folder = folders.last else { return stem }
      return "\(folder)_\(stem)"
    }
  ) { name in
    let codes = name.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    guard codes.count == 2, codes[1].count >= 3, isDigits(codes[1].suffix(2)),
      codes[1].dropLast(2).allSatisfy({ ("a"..."z").contains($0) })
    else { return .foreign }
    let emotions = [
      "a": "anger", "d": "disgust", "f": "fear", "h": "happiness", "n": "neutral",
      "sa": "sadness", "su": "surprise",
    ]
    let emotion = String(codes[1].dropLast(2))
    guard ["DC", "JE", "JK", "KL"].contains(codes[0]) else {
      return .unused("SAVEE has no speaker \(codes[0]).")
    }
    guard let label = emotions[emotion] else {
      return .unused("SAVEE has no emotion \(emotion).")
    }
    // Sentence 3 of anger is not sentence 3 of fear: most were chosen for their emotion.
    return .speech(
      Utterance.Annotation(speaker: codes[0], label: label, gender: .male, sentence: codes[1]))
  }
}
