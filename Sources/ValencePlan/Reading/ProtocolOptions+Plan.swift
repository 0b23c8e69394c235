import ValenceCore
import ValenceCorpora

extension ProtocolOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    within = Self.within(from: &scope, default: within)
    validation = Self.validation(from: &scope, default: validation)
    scored = scope.choice("scored", default: scored)
    missingClasses = scope.choice("missing_classes", default: missingClasses)
    duplicates = scope.choice("duplicates", default: duplicates)
    allowances = scope.choices("allow", default: allowances, count: 0...Allowance.allCases.count)
    readAcross(from: &scope)
  }

  /// A word, which is the kind, or a map of `kind`, `test`, `train` and `nested`.
  private mutating func readAcross(from scope: inout PlanScope) {
    scope.record("across", .words(Across.allCases.map(\.rawValue)))
    if let node = scope.node("across"), node.entries == nil {
      let word = scope.word(node, among: Across.allCases.map(\.rawValue), about: "across", at: nil)
      across = word.flatMap(Across.init) ?? across
      var resolved = ResolvedMap()
      resolved.add("kind", .text(across.rawValue))
      if across.choosesTest {
        resolved.add("test", .text(acrossTest.rawValue))
        resolved.add("train", .text(acrossTraining.rawValue))
      }
      if across == .leaveOneCorpusOut { resolved.add("nested", .flag(acrossNested)) }
      scope.resolve("across", .map(resolved))
    } else {
      scope.nested("across") { inner in readAcrossMap(from: &inner) }
    }
  }

  private mutating func readAcrossMap(from scope: inout PlanScope) {
    across = scope.choice("kind", default: across)
    if across.choosesTest {
      acrossTest = scope.choice("test", default: acrossTest)
      acrossTraining = scope.choice("train", default: acrossTraining)
    }
    if across == .leaveOneCorpusOut {
      acrossNested = scope.flag("nested", default: acrossNested)
    } else {
      scope.resolveNothing("nested")
      if scope.has("nested") {
        scope.note(
          "serves leave_one_corpus_out; \(across.rawValue) trains nothing for a choice.",
          about: "nested")
      }
    }
    if across.choosesTest { return }
    for key in ["test", "train"] { scope.resolveNothing(key) }
    if scope.has("test") {
      let tested = across == .none ? "no other corpus" : "the whole of the other corpus"
      scope.note(
        "serves pairs and pooled; \(across.rawValue) tests on \(tested).", about: "test")
    }
    if scope.has("train") {
      let trained = across == .none ? "folds alone" : "the whole of every other corpus"
      scope.note(
        "serves pairs and pooled; \(across.rawValue) trains on \(trained).", about: "train")
    }
  }

  private static func within(from scope: inout PlanScope, default value: Within) -> Within {
    let words: [(word: String, value: Within)] = [
      ("leave_one_speaker_out", .leaveOneSpeakerOut), ("official", .official),
    ]
    scope.record("within", .words(words.map(\.word)))
    let forms = ["{speaker_folds: k}", "{emobox: path}", "{csv: path}"]
    guard let node = scope.node("within"), node.entries == nil else {
      return scope.oneOf("within", keys: ["speaker_folds", "emobox", "csv"]) { inner, key in
        switch key {
        case "emobox": inner.existingPath("emobox", as: [.folder]).map { .emobox($0) } ?? value
        case "csv": inner.existingPath("csv", as: [.file]).map { .csv($0) } ?? value
        default: .speakerFolds(foldCount(from: &inner, default: value))
        }
      }
    }
    let word = scope.word(node, among: words.map(\.word) + forms, about: "within", at: nil)
    if let word, forms.contains(word) {
      scope.note("expected a map of keys, found \(node.found).", about: "within")
    }
    let chosen = words.first { $0.word == word } ?? words[0]
    scope.resolve("within", .text(chosen.word))
    return chosen.value
  }

  private static func foldCount(from scope: inout PlanScope, default value: Within) -> Int {
    guard case .speakerFolds(let count) = value else { return speakerFoldsRange.lowerBound }
    return scope.integer("speaker_folds", default: count, in: speakerFoldsRange)
  }

  private static func validation(from scope: inout PlanScope, default value: Validation)
    -> Validation
  {
    scope.record("validation", .words(["none"]))
    if scope.node("validation")?.isWord("none") == true {
      scope.resolve("validation", .text("none"))
      return .none
    }
    return scope.oneOf("validation", keys: ["speakers", "fraction"]) { inner, key in
      if key == "fraction" {
        return .fraction(
          inner.number(
            "fraction", default: validationFractionRange.lowerBound, in: validationFractionRange))
      }
      guard case .speakers(let count) = value else { return value }
      return .speakers(inner.integer("speakers", default: count, in: validationSpeakersRange))
    }
  }
}
