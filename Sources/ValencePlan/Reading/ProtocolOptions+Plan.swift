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
    (across, acrossTest) = Self.across(from: &scope, default: (across, acrossTest))
  }

  /// A word, which is the kind, or a map of `kind` and `test`.
  private static func across(
    from scope: inout PlanScope, default value: (kind: Across, test: AcrossTest)
  ) -> (Across, AcrossTest) {
    var (kind, test) = value
    scope.record("across", .words(Across.allCases.map(\.rawValue)))
    if let node = scope.node("across"), node.entries == nil {
      let word = scope.word(node, among: Across.allCases.map(\.rawValue), about: "across", at: nil)
      kind = word.flatMap(Across.init) ?? kind
      var resolved = ResolvedMap()
      resolved.add("kind", .text(kind.rawValue))
      if kind.choosesTest { resolved.add("test", .text(test.rawValue)) }
      scope.resolve("across", .map(resolved))
    } else {
      scope.nested("across") { inner in
        kind = inner.choice("kind", default: kind)
        if kind.choosesTest {
          test = inner.choice("test", default: test)
        } else {
          inner.resolveNothing("test")
          guard inner.has("test") else { return }
          let tested = kind == .none ? "no other corpus" : "the whole of the other corpus"
          inner.note(
            "serves pairs and pooled; \(kind.rawValue) tests on \(tested).", about: "test")
        }
      }
    }
    return (kind, test)
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
