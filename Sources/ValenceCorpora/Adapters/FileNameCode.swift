import ValenceCore

/// How a corpus says in its file names what was spoken by whom.
///
/// A published corpus is one value of this type and its place in `published`.
package struct FileNameCode: Hashable, Sendable {
  /// The meaning of a name without its extension.
  enum Reading: Equatable {
    /// An utterance.
    case speech(Utterance.Annotation)
    /// A file of the corpus that is not used, and the reason in one sentence.
    case unused(String)
    /// No name of this corpus.
    case foreign
  }

  /// The word that chooses the corpus; tells it from all others.
  package let word: String
  /// The corpus as its publishers call it.
  let publisher: String
  /// The form of a name.
  let example: String
  /// ISO 639-1.
  let language: String
  /// The name that a path has in the corpus, which `read` reads: that of the file without extension,
  /// unless the publishers put a part of it into folders.
  var name: @Sendable (_ path: String) -> String = CorpusFolder.stem
  /// Reads a name without its extension.
  let read: @Sendable (_ name: String) -> Reading

  /// The utterances of a folder, and the media files that are none.
  ///
  /// If several files share a name, the least compressed one is used.
  func utterances(in folder: CorpusFolder) -> ([Utterance], [SkippedFile]) {
    var utterances: [Utterance] = []
    var skipped = folder.links
    var firstOfName: [String: String] = [:]
    // By quality, so that the first file of a name is the one to use.
    for path in folder.audioFilesByQuality {
      func skip(_ reason: String) { skipped.append(SkippedFile(id: path, reason: reason)) }
      let name = name(path)
      switch read(name) {
      case .foreign: skip("Its name is not of \(publisher)'s form \(example).")
      case .unused(let reason): skip(reason)
      case .speech(var annotation):
        if let first = firstOfName[name] {
          skip("It is a second copy of \(first): \(publisher) has each name once.")
          continue
        }
        firstOfName[name] = path
        annotation.language = language
        utterances.append(Utterance(id: path, filePath: folder.wholePath(path), annotation))
      }
    }
    return (utterances, skipped.sorted { ExactName($0.id) < ExactName($1.id) })
  }

  package static func == (one: FileNameCode, other: FileNameCode) -> Bool { one.word == other.word }

  package func hash(into hasher: inout Hasher) { hasher.combine(word) }
}

extension FileNameCode {
  /// The published corpora, in the order in which messages list them.
  package static let published: [FileNameCode] = [
    .ravdess, .emovo, .urdu, .emodb, .cremad, .savee, .tess,
  ]

  /// RAVDESS: modality, vocal channel, emotion, intensity, statement, repetition, actor.
  ///
  /// Odd actors are male. Source: Livingstone and Russo (2018), PLoS ONE 13(5).
  package static let ravdess = FileNameCode(
    word: "ravdess", publisher: "RAVDESS", example: "03-01-EE-II-SS-RR-AA.wav", language: "en"
  ) { stem in
    let codes = stem.split(separator: "-", omittingEmptySubsequences: false)
    guard codes.count == 7, codes.allSatisfy({ $0.count == 2 && isDigits($0) }) else {
      return .foreign
    }
    guard codes[0] == "03" else {
      return .unused("It is video (modality \(codes[0])); the audio-only files (03) are used.")
    }
    guard codes[1] == "01" else {
      return .unused("It is song (vocal channel \(codes[1])); the speech files (01) are used.")
    }
    let emotions = [
      "01": "neutral", "02": "calm", "03": "happy", "04": "sad", "05": "angry", "06": "fearful",
      "07": "disgust", "08": "surprised",
    ]
    guard let label = emotions[String(codes[2])] else {
      return .unused("RAVDESS has no emotion \(codes[2]).")
    }
    guard let intensity = ["01": "normal", "02": "strong"][String(codes[3])] else {
      return .unused("RAVDESS has no intensity \(codes[3]).")
    }
    guard let actor = Int(codes[6]), (1...24).contains(actor) else {
      return .unused("RAVDESS has no actor \(codes[6]).")
    }
    return .speech(
      Utterance.Annotation(
        speaker: String(codes[6]), label: label,
        gender: actor.isMultiple(of: 2) ? .female : .male, sentence: String(codes[4]),
        intensity: intensity))
  }

  /// EMOVO: emotion, actor, sentence.
  ///
  /// Source: Costantini et al. (2014), LREC.
  package static let emovo = FileNameCode(
    word: "emovo", publisher: "EMOVO", example: "EEE-SP-TT.wav", language: "it"
  ) { stem in
    let codes = stem.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    let emotions = [
      "dis": "disgust", "gio": "joy", "neu": "neutral", "pau": "fear", "rab": "anger",
      "sor": "surprise", "tri": "sadness",
    ]
    guard codes.count == 3, let label = emotions[codes[0]] else { return .foreign }
    guard ["f1", "f2", "f3", "m1", "m2", "m3"].contains(codes[1]) else {
      return .unused("EMOVO has no speaker \(codes[1]).")
    }
    guard codes[2].count == 2, "bdln".contains(codes[2].prefix(1)), isDigits(codes[2].dropFirst())
    else { return .unused("EMOVO has no sentence \(codes[2]).") }
    return .speech(
      Utterance.Annotation(
        speaker: codes[1], label: label, gender: codes[1].hasPrefix("f") ? .female : .male,
        sentence: codes[2]))
  }

  /// URDU: speaker with gender, file of that speaker, emotion with number.
  ///
  /// Source: Latif et al. (2018), FIT.
  package static let urdu = FileNameCode(
    word: "urdu", publisher: "URDU", example: "SGX_FXX_EYY.wav", language: "ur"
  ) { stem in
    let codes = stem.split(separator: "_", omittingEmptySubsequences: false)
    guard codes.count == 3, codes[0].count > 2, isDigits(codes[0].dropFirst(2)),
      codes[1].hasPrefix("F"), isDigits(codes[1].dropFirst()), codes[2].count > 1,
      isDigits(codes[2].dropFirst()),
      let gender = ["SF": Gender.female, "SM": .male][codes[0].prefix(2)]
    else { return .foreign }
    let emotions: [Substring: String] = ["A": "angry", "H": "happy", "N": "neutral", "S": "sad"]
    guard let label = emotions[codes[2].prefix(1)] else {
      return .unused("URDU has no emotion \(codes[2].prefix(1)).")
    }
    return .speech(Utterance.Annotation(speaker: String(codes[0]), label: label, gender: gender))
  }

  /// EmoDB: speaker, sentence, emotion (the first letter of its German name), version.
  ///
  /// Source: Burkhardt et al. (2005), Interspeech.
  package static let emodb = FileNameCode(
    word: "emodb", publisher: "EmoDB", example: "SSTTTEv.wav", language: "de"
  ) { stem in
    let letters = Array(stem)
    guard letters.count == 7, isDigits(stem.prefix(2)), "ab".contains(letters[2]),
      isDigits(letters[3...4]), letters[5].isUppercase, letters[6].isLowercase
    else { return .foreign }
    let genders: [String: Gender] = [
      "03": .male, "08": .female, "09": .female, "10": .male, "11": .male, "12": .male,
      "13": .female, "14": .female, "15": .male, "16": .female,
    ]
    let emotions: [Character: String] = [
      "W": "anger", "L": "boredom", "E": "disgust", "A": "fear", "F": "happiness", "T": "sadness",
      "N": "neutral",
    ]
    let speaker = String(stem.prefix(2))
    guard let gender = genders[speaker] else {
      return .unused("EmoDB has no speaker \(speaker).")
    }
    guard let label = emotions[letters[5]] else {
      return .unused("EmoDB has no emotion \(letters[5]).")
    }
    return .speech(
      Utterance.Annotation(
        speaker: speaker, label: label, gender: gender, sentence: String(letters[2...4])))
  }

  static func isDigits(_ text: some Collection<Character>) -> Bool {
    !text.isEmpty && text.allSatisfy { ("0"..."9").contains($0) }
  }
}
