/// The classes of an experiment and how each corpus's native labels map into them.
public struct LabelSpace: Hashable, Sendable {
  /// What becomes of one native label.
  public enum Decision: Hashable, Sendable {
    /// It is this class (a position in `classes`).
    case mapped(Int)
    /// The space leaves this label out on purpose.
    case dropped
    /// The space does not know this label.
    case unknown
  }

  /// `emotion4`, `native`, … or `custom`.
  public let name: String
  /// The class names, in the order that every table and figure keeps.
  public let classes: [String]
  /// Native label → class name, by corpus; `*` holds for every corpus that does not say otherwise.
  public let maps: [String: [String: String]]
  /// Native labels that are left out on purpose.
  public let dropped: Set<String>

  /// Makes a label space; every map must lead to one of `classes`.
  public init(
    name: String, classes: [String], maps: [String: [String: String]], dropped: Set<String> = []
  ) {
    for target in maps.values.flatMap(\.values) {
      precondition(classes.contains(target), "\(target) is not one of the classes \(classes)")
    }
    self.name = name
    self.classes = classes
    self.maps = maps
    self.dropped = dropped
  }

  /// What becomes of `native` in `corpus`: the corpus's own map comes first, then the common one,
  /// then a class of the very same name.
  public func decide(_ native: String, corpus: String) -> Decision {
    let label = native.lowercased()
    let target = maps[corpus]?[label] ?? maps["*"]?[label]
    if let target, let index = classes.firstIndex(of: target) { return .mapped(index) }
    if dropped.contains(label) { return .dropped }
    if let index = classes.firstIndex(of: label) { return .mapped(index) }
    return .unknown
  }
}

extension LabelSpace {
  /// The names of the built-in label spaces; `native` is built from the corpora themselves.
  public static let builtInNames = ["sentiment3", "emotion4", "ekman6", "meld7", "native"]

  /// The built-in space of that name, except `native`, which depends on the corpora.
  public static func builtIn(_ name: String) -> LabelSpace? {
    switch name {
    case "sentiment3":
      let negative = ["anger", "sadness", "fear", "disgust"].flatMap { synonyms[$0] ?? [] }
      let positive = synonyms["happiness"] ?? []
      return LabelSpace(
        name: name, classes: ["negative", "neutral", "positive"],
        maps: [
          "*": map(
            [
              "negative": negative + ["negative"], "neutral": ["neutral", "calm"],
              "positive": positive + ["positive"],
            ])
        ],
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
  public static func native(labels: Set<String>) -> LabelSpace {
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
  private static let synonyms = [
    "anger": ["anger", "angry", "ang"],
    "boredom": ["boredom", "bored"],
    "calm": ["calm"],
    "disgust": ["disgust", "disgusted"],
    "fear": ["fear", "fearful", "afraid", "anxiety"],
    "happiness": ["happiness", "happy", "joy", "joyful"],
    "neutral": ["neutral"],
    "sadness": ["sadness", "sad"],
    "surprise": ["surprise", "surprised"],
  ]

  /// Every known word: what a space has no class for is left out on purpose, not by mistake.
  private static let everything = Set(synonyms.values.flatMap { $0 })
}
