/// The classes of an experiment and how each corpus's native labels map into them.
package struct LabelSpace: Hashable, Sendable {
  /// The mapping of one native label.
  package enum Decision: Hashable, Sendable {
    /// It is this class (a position in `classes`).
    case mapped(Int)
    /// The space leaves this label out on purpose.
    case dropped
    /// The space does not know this label.
    case unknown
  }

  /// `emotion4`, `native`, … or `custom`.
  package let name: String
  /// The class names, in the order that every table and figure keeps.
  package let classes: [String]
  /// Native label → class name, by corpus; `*` holds for every corpus that does not say otherwise.
  package let maps: [String: [String: String]]
  /// Native labels that are left out on purpose.
  package let dropped: Set<String>

  /// Makes a label space; every map must lead to one of `classes`.
  ///
  /// Native labels are compared in lower case.
  package init(
    name: String, classes: [String], maps: [String: [String: String]], dropped: Set<String> = []
  ) {
    for target in maps.values.flatMap(\.values) {
      precondition(classes.contains(target), "\(target) is not one of the classes \(classes)")
    }
    self.name = name
    self.classes = classes
    self.maps = maps.mapValues { map in
      Dictionary(map.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: min)
    }
    self.dropped = Set(dropped.map { $0.lowercased() })
  }

  /// The mapping of `native` in `corpus`: the corpus's own map comes first, then the common one,
  /// then a class of the very same name.
  package func decide(_ native: String, corpus: String) -> Decision {
    let label = native.lowercased()
    let target = maps[corpus]?[label] ?? maps["*"]?[label]
    if let target, let index = classes.firstIndex(of: target) { return .mapped(index) }
    if dropped.contains(label) { return .dropped }
    if let index = classes.firstIndex(where: { $0.lowercased() == label }) { return .mapped(index) }
    return .unknown
  }

  /// The native labels that `decide` knows in `corpus`, in alphabetical order.
  package func knownLabels(in corpus: String) -> [String] {
    let mapped = [corpus, "*"].flatMap { (maps[$0] ?? [:]).keys }
    return Set(mapped).union(dropped).union(classes.map { $0.lowercased() }).sorted()
  }
}

extension LabelSpace {
  /// The names of the built-in label spaces; `native` is built from the corpora themselves.
  package static let builtInNames = ["sentiment3", "emotion4", "ekman6", "meld7", "native"]

  /// The built-in space of that name, except `native`, which depends on the corpora.
  ///
  /// A known emotion that a space has no class for is dropped. In `sentiment3` that is surprise,
  /// which is as often negative as positive (614 and 591 times in MELD's training set; TESS's is called
  /// pleasant, and is positive), boredom, and excitement; calm is neutral there, as Livingstone and Russo (2018) recorded it as a second
  /// baseline beside neutral. In the other spaces calm is dropped.
  package static func builtIn(_ name: String) -> LabelSpace? {
    switch name {
    case "sentiment3":
      let negative = ["anger", "contempt", "disgust", "fear", "frustration", "sadness"]
      let words = [
        "negative": negative.flatMap { synonyms[$0] ?? [] } + ["negative"],
        "neutral": (synonyms["neutral"] ?? []) + ["calm"],
        "positive": (synonyms["happiness"] ?? []) + ["positive", "pleasant surprise", "ps"],
      ]
      return LabelSpace(
        name: name, classes: ["negative", "neutral", "positive"], maps: ["*": map(words)],
        dropped: everything)
    case "emotion4":
      return basic(
        name,
        [
          ("angry", "anger"), ("happy", "happiness"), ("neutral", "neutral"), ("sad", "sadness"),
        ])
    case "ekman6":
      return basic(
        name,
        [
          ("anger", "anger"), ("disgust", "disgust"), ("fear", "fear"), ("happiness", "happiness"),
          ("sadness", "sadness"), ("surprise", "surprise"),
        ])
    case "meld7":
      return basic(
        name,
        [
          ("neutral", "neutral"), ("joy", "happiness"), ("sadness", "sadness"), ("anger", "anger"),
          ("surprise", "surprise"), ("fear", "fear"), ("disgust", "disgust"),
        ])
    default: return nil
    }
  }

  /// The space of the labels as the corpora have them: each label is its own class, in
  /// alphabetical order.
  package static func native(labels: Set<String>) -> LabelSpace {
    LabelSpace(name: "native", classes: labels.map { $0.lowercased() }.sorted(), maps: [:])
  }

  private static func basic(_ name: String, _ classes: [(name: String, emotion: String)])
    -> LabelSpace
  {
    let pairs = classes.map { ($0.name, synonyms[$0.emotion] ?? []) }
    return LabelSpace(
      name: name, classes: classes.map(\.name),
      maps: ["*": map(Dictionary(uniqueKeysWithValues: pairs))], dropped: everything)
  }

  private static func map(_ words: [String: [String]]) -> [String: String] {
    var result: [String: String] = [:]
    for (target, labels) in words {
      for label in labels { result[label] = target }
    }
    return result
  }

  /// The spellings under which the corpora's publishers know each emotion.
  ///
  /// RAVDESS, EMOVO, URDU, EmoDB, MELD and EmoBox's label maps write words, CREMA-D and IEMOCAP three
  /// letters, TESS `ps` for pleasant surprise; `boredem` is how EmoBox writes EmoDB's boredom.
  private static let synonyms = [
    "anger": ["anger", "angry", "ang"],
    "boredom": ["boredom", "bored", "boredem"],
    "calm": ["calm"],
    "contempt": ["contempt"],
    "disgust": ["disgust", "disgusted", "dis"],
    "excitement": ["excitement", "excited", "exc"],
    "fear": ["fear", "fearful", "afraid", "anxiety", "fea"],
    "frustration": ["frustration", "frustrated", "fru"],
    "happiness": ["happiness", "happy", "joy", "joyful", "hap"],
    "neutral": ["neutral", "neutrality", "neu"],
    "sadness": ["sadness", "sad"],
    "surprise": ["surprise", "surprised", "pleasant surprise", "ps", "sur"],
  ]

  /// Every known word: what a space has no class for is left out on purpose, not by mistake.
  private static let everything = Set(synonyms.values.flatMap { $0 })
}
