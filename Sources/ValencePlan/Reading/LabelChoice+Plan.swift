import ValenceCore

extension PlanScope {
  /// The label space of the experiment: a built-in one's name, or a map of its own.
  mutating func labels(corpora: [String]) -> LabelChoice {
    recordRequired("labels")
    guard let node = node("labels") else {
      noteMissing("labels")
      return .native
    }
    guard node.entries == nil else {
      return nested("labels") { .custom($0.customLabels(corpora: corpora)) }
    }
    let names = LabelSpace.builtInNames
    if node.text == nil {
      let all = names.joined(separator: ", ")
      note("expected one of \(all) or a map, found \(node.found).", about: "labels")
    }
    let native = "native"
    let name = node.text == nil ? native : word("labels", default: native, among: names)
    resolve("labels", .text(name))
    return name == native ? .native : .builtIn(name)
  }

  private mutating func customLabels(corpora: [String]) -> LabelSpace {
    recordRequired("classes")
    if !has("classes") { note("is missing; list the classes.", about: "classes") }
    let classes = texts("classes", default: [], count: 2...1000)
    let lowered = classes.map { $0.lowercased() }
    for (index, name) in lowered.enumerated() where lowered[..<index].contains(name) {
      note("'\(classes[index])' differs from another class in capitals only.", about: "classes")
    }
    let maps = nested("map", placeholder: "CORPUS") { scope in
      var maps: [String: [String: String]] = [:]
      for corpus in scope.keys {
        if corpus != "*", !corpora.contains(corpus) {
          let hint = NearestWord(among: corpora + ["*"]).hint(for: corpus)
          scope.note("is not a corpus; \(hint)\(hint.hasSuffix("?") ? "" : ".")", about: corpus)
        }
        maps[corpus] = scope.nested(corpus, placeholder: "LABEL") { $0.labelMap(to: classes) }
      }
      return maps
    }
    let dropped = Set(texts("drop", default: [], count: 0...1000).map { $0.lowercased() })
    for label in dropped.sorted() where maps["*"]?[label] != nil || lowered.contains(label) {
      let what = lowered.contains(label) ? "is one of labels.classes" : "is mapped in labels.map"
      note("'\(label)' \(what) and dropped; it cannot be both.", about: "drop")
    }
    return LabelSpace(name: "custom", classes: classes, maps: maps, dropped: dropped)
  }

  /// Native label → class, each label in lower case.
  private mutating func labelMap(to classes: [String]) -> [String: String] {
    var map: [String: String] = [:]
    for label in keys {
      settle(label, .other("one of `labels.classes`"))
      if map[label.lowercased()] != nil {
        note("differs from another label in capitals only.", about: label)
      }
      // Where the classes themselves are missing, that is said already.
      let target = classes.isEmpty ? "" : word(label, default: "", among: classes)
      if classes.isEmpty { resolveNothing(label) }
      if classes.contains(target) { map[label.lowercased()] = target }
    }
    return map
  }
}
