import ValenceClassic
import ValenceCore
import ValenceFeatures
import ValenceNN

extension ClassicSettings: PlanReadable {
  /// The words of `model.classic`.
  static let words = ClassicOptions.Kind.allCases.map(\.rawValue)

  init(from scope: inout PlanScope) {
    scope.recordRequired("name")
    if !scope.has("name") {
      scope.note(
        "is missing; name one of \(Self.words.joined(separator: ", ")).", about: "name")
    }
    let kind = scope.choice("name", default: ClassicOptions.Kind.ridge)
    self.init(ClassicOptions(kind))
    let isKernel = kind == .kernelRidge
    scope.read("penalty", if: ![.majority, .lda].contains(kind), of: kind) {
      options.penalty = $0.strength("penalty", in: ClassicOptions.penalties)
    }
    scope.read("shrinkage", if: kind == .lda, of: kind) {
      options.shrinkage = $0.strength("shrinkage", in: ClassicOptions.shrinkages)
    }
    scope.read("class_weights", if: kind != .majority, of: kind) {
      options.classWeights = $0.choice("class_weights", default: options.classWeights)
    }
    scope.read("gamma", if: isKernel, of: kind) {
      options.gamma = $0.number("gamma", default: options.gamma, in: ClassicOptions.gammas)
    }
    scope.read("kernels", if: isKernel, of: kind) {
      options.kernels = $0.choice("kernels", default: options.kernels)
    }
    scope.read("pooling", if: kind != .majority, of: kind) {
      pooling = $0.choice("pooling", default: pooling)
    }
    scope.read("inner", if: kind != .majority, of: kind) {
      inner = $0.choice("inner", default: inner)
      if inner == .speakers { $0.setAside("inner") }
    }
    scope.read("balance", if: options.weighsClips, of: kind) {
      balance = $0.choice("balance", default: balance)
      if balance == .none { $0.setAside("balance") }
    }
    scope.read("self_training", if: kind != .majority, of: kind) {
      selfTraining = $0.noneUnlessGiven("self_training") { $0.options("self_training") }
    }
  }
}

extension SelfTrainingOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    rounds = scope.integer("rounds", default: rounds, in: Self.roundsRange)
    share = scope.number("share", default: share, in: Self.shareRange)
    score = scope.choice("score", default: score)
  }
}

extension PlanScope {
  /// `none`, a word, or a map of options with that word under `name`; nil for none.
  mutating func classic(_ key: String) -> ClassicSettings? {
    record(key, .words(ClassicSettings.words))
    return noneUnlessGiven(key) { scope in
      guard let node = scope.node(key), node.entries == nil else { return scope.options(key) }
      let words = ["none"] + ClassicSettings.words
      let word = scope.word(node, among: words, about: key, at: nil)
      return scope.alone(key, naming: PlanNode(word: word ?? words[1], at: node.place))
    }
  }

  /// The options of a model that is named and nothing else.
  private mutating func alone(_ key: String, naming word: PlanNode) -> ClassicSettings {
    var inner = PlanScope(
      [.init(key: "name", place: word.place, value: word)], path: fullKey(key), place: word.place,
      context: context)
    let value = ClassicSettings(from: &inner)
    resolve(key, .map(inner.resolved))
    return value
  }

  /// `nested`, or a number.
  fileprivate mutating func strength(
    _ key: String, in range: ClosedRange<Double>
  ) -> ClassicOptions.Strength {
    record(key, .words(["nested"]), default: .text("nested"))
    record(key, .number(range))
    if let node = node(key), !node.isWord("nested") {
      if node.number != nil { return .fixed(number(key, default: range.lowerBound, in: range)) }
      note("expected nested or a number, found \(node.found).", about: key)
    }
    resolve(key, .text("nested"))
    return .nested
  }

  /// Reads a key that kinds of models have; refuses it where this one has not.
  fileprivate mutating func read(
    _ key: String, if isOfUse: Bool, of kind: ClassicOptions.Kind,
    _ body: (inout PlanScope) -> Void
  ) {
    if isOfUse { return body(&self) }
    if has(key) {
      note("has no effect: \(kind.rawValue) has no \(key); leave it out.", about: key)
    }
    resolveNothing(key)
  }
}

extension PlanNode {
  /// A plain word.
  init(word: String, at place: SourcePlace) {
    self.init(content: .scalar(word, isQuoted: false), place: place)
  }
}
