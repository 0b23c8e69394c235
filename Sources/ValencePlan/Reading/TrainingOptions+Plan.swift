import ValenceNN

extension TrainingOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    epochs = scope.integer("epochs", default: epochs, in: Self.epochsRange)
    batch = scope.integer("batch", default: batch, in: Self.batchRange)
    optimizer = scope.options("optimizer")
    schedule = scope.options("schedule")
    loss = scope.options("loss")
    balance = scope.choice("balance", default: balance)
    if balance == .none { scope.setAside("balance") }
    adaptation = scope.noneUnlessGiven("adaptation") { $0.options("adaptation") }
    clipNorm = scope.number("clip_norm", default: clipNorm, in: Self.clipNormRange)
    selection = scope.selection("selection", default: selection)
    earlyStopping = scope.options("early_stopping")
    if !selection.needsValidation { scope.setAside("early_stopping") }
    refit = scope.flag("refit", default: refit)
    if !refit { scope.setAside("refit") }
    augmentation = scope.noneOrOptions("augmentation") ?? AugmentationOptions.nothing(in: &scope)
    startFrom =
      scope.noneUnlessGiven("start_from") { scope in
        scope.nested("start_from") { StartOptions.read(from: &$0) }
      } ?? nil
  }
}

extension OptimizerOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    name = scope.choice("name", default: name)
    learningRate = scope.number("learning_rate", default: learningRate, in: Self.learningRateRange)
    weightDecay = scope.number(
      "weight_decay", default: name.defaultWeightDecay, in: Self.weightDecayRange)
    momentum = scope.number("momentum", default: momentum, in: Self.momentumRange)
    nesterov = scope.flag("nesterov", default: nesterov)
    if name != .sgd { scope.setAside("momentum") }
    if name != .sgd || momentum == 0 { scope.setAside("nesterov") }
  }
}

extension ScheduleOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    name = scope.choice("name", default: name)
    warmupEpochs = scope.integer(
      "warmup_epochs", default: warmupEpochs, in: Self.warmupEpochsRange)
    everyEpochs = scope.integer("every_epochs", default: everyEpochs, in: Self.everyEpochsRange)
    factor = scope.number("factor", default: factor, in: Self.factorRange)
    if name != .step {
      scope.setAside("every_epochs")
      scope.setAside("factor")
    }
  }
}

extension LossOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    name = scope.choice("name", default: name)
    classWeights = scope.choice("class_weights", default: classWeights)
    labelSmoothing = scope.number(
      "label_smoothing", default: labelSmoothing, in: Self.labelSmoothingRange)
    gamma = scope.number("gamma", default: gamma, in: Self.gammaRange)
    if name != .focal { scope.setAside("gamma") }
  }
}

extension PlanScope {
  /// A word, or a map for the numbers of a mean.
  ///
  /// An identity leaves the best epoch out, as settings did before there was the key.
  fileprivate mutating func selection(
    _ key: String, default value: SelectionRule
  ) -> SelectionRule {
    let words = SelectionRule.Word.allCases.map(\.rawValue)
    record(key, .words(words), default: .text(SelectionRule.Word.bestEpoch.rawValue))
    let node = node(key)
    if node?.entries != nil { return .average(options(key)) }
    let word = node.flatMap { self.word($0, among: words, about: key, at: nil) }
    switch word.flatMap(SelectionRule.Word.init) {
    case .average: return .average(defaults(key))
    case .last:
      resolve(key, .text(SelectionRule.Word.last.rawValue))
      return .last
    case .bestEpoch, nil:
      resolve(key, .text(SelectionRule.Word.bestEpoch.rawValue))
      setAside(key)
      return value
    }
  }
}

extension AverageOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    kind = scope.choice("average", default: kind)
    epochs = scope.integer("epochs", default: epochs, in: Self.epochsRange)
    halfLifeEpochs = scope.number(
      "half_life_epochs", default: halfLifeEpochs, in: Self.halfLifeEpochsRange)
    scope.setAside(kind == .last ? "half_life_epochs" : "epochs")
  }
}

extension AdaptationOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    gradientReversal = scope.number(
      "gradient_reversal", default: gradientReversal, in: Self.gradientReversalRange)
  }
}

extension EarlyStoppingOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    metric = scope.choice("metric", default: metric)
    patience = scope.integer("patience", default: patience, in: Self.patienceRange)
  }
}

extension AugmentationOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    specaugment = scope.noneOrOptions("specaugment")
    if specaugment == nil { scope.resolve("specaugment", .text("none")) }
    noise = scope.noneUnlessGiven("noise") { $0.options("noise") }
    speed =
      scope.noneUnlessGiven("speed") { scope in
        let factors = scope.numbers(
          "speed", default: [1], in: Self.speedRange, count: Self.speedCount
        ).sorted()
        // Every order is the same draw, and clips that are always played at speed 1 are as they are.
        scope.resolve("speed", .list(factors.map(ResolvedValue.number)))
        if factors == [1] { scope.setAside("speed") }
        return factors
      }
    mixup = scope.noneUnlessGiven("mixup") { $0.number("mixup", default: 1, in: Self.mixupRange) }
  }

  /// The meaning of `augmentation: none`: every augmentation is resolved as `none`.
  fileprivate static func nothing(in scope: inout PlanScope) -> AugmentationOptions {
    var nothing = AugmentationOptions()
    nothing.specaugment = nil
    var keys = ResolvedMap()
    keys.add("specaugment", .text("none"))
    for key in ["noise", "speed", "mixup"] {
      keys.add(key, .text("none"))
      keys.setAside(key)
    }
    scope.resolve("augmentation", .map(keys))
    return nothing
  }
}

extension NoiseOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    snrDb = scope.interval("snr_db", default: snrDb, in: Self.snrDbRange)
  }
}

extension SpecAugmentOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    timeMasks = scope.integer("time_masks", default: timeMasks, in: Self.masksRange)
    timeFrames = scope.integer("time_frames", default: timeFrames, in: Self.lengthRange)
    freqMasks = scope.integer("freq_masks", default: freqMasks, in: Self.masksRange)
    freqBins = scope.integer("freq_bins", default: freqBins, in: Self.lengthRange)
    // No masks and masks without a length are the same nothing.
    if timeMasks == 0 || timeFrames == 0 {
      scope.setAside("time_masks")
      scope.setAside("time_frames")
    }
    if freqMasks == 0 || freqBins == 0 {
      scope.setAside("freq_masks")
      scope.setAside("freq_bins")
    }
  }
}
