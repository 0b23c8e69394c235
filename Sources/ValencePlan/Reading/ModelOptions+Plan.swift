import ValenceNN

extension ModelOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    cnn = scope.options("cnn")
    projection = scope.noneOrOptions("projection")
    if projection == nil { scope.resolve("projection", .text("none")) }
    rnn = scope.noneOrOptions("rnn")
    if rnn == nil { scope.resolve("rnn", .text("none")) }
    transformer = scope.noneUnlessGiven("transformer") { $0.options("transformer") }
    pooling = scope.choice("pooling", default: pooling)
    modalityDropout = scope.number(
      "modality_dropout", default: modalityDropout, in: CNNOptions.dropoutRange)
    if modalityDropout == 0 { scope.setAside("modality_dropout") }
    head = scope.options("head")
  }
}

extension CNNOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    channels = scope.integers(
      "channels", default: channels, in: Self.channelsRange, count: Self.blocksRange)
    kernel = scope.integer("kernel", default: kernel, in: Self.kernelRange)
    pool = PoolOptions(of: "pool", in: &scope)
    norm = scope.choice("norm", default: norm)
    activation = scope.choice("activation", default: activation)
    dropout = scope.number("dropout", default: dropout, in: Self.dropoutRange)
  }
}

extension PoolOptions: PlanReadable {
  /// A list of the sides of square windows, or a map that sets time and frequency apart.
  fileprivate init(of key: String, in scope: inout PlanScope) {
    self = CNNOptions().pool
    if scope.node(key)?.entries != nil {
      self = scope.options(key)
    } else {
      let sides = scope.integers(
        key, default: time, in: Self.sideRange, count: CNNOptions.blocksRange)
      self = PoolOptions(square: sides)
    }
    // However they were written, the same windows are the same experiment.
    if isSquare { scope.resolve(key, .list(time.map(ResolvedValue.integer))) }
  }

  init(from scope: inout PlanScope) {
    self = CNNOptions().pool
    time = scope.integers("time", default: time, in: Self.sideRange, count: CNNOptions.blocksRange)
    frequency = scope.integers(
      "frequency", default: frequency, in: Self.sideRange, count: CNNOptions.blocksRange)
  }
}

extension ProjectionOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    width = scope.integer("width", default: width, in: Self.widthRange)
    activation = scope.choice("activation", default: activation)
    dropout = scope.number("dropout", default: dropout, in: CNNOptions.dropoutRange)
    inputDropout = scope.number(
      "input_dropout", default: inputDropout, in: CNNOptions.dropoutRange)
    if inputDropout == 0 { scope.setAside("input_dropout") }
  }
}

extension RNNOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    cell = scope.choice("cell", default: cell)
    hidden = scope.integer("hidden", default: hidden, in: Self.hiddenRange)
    layers = scope.integer("layers", default: layers, in: Self.layersRange)
    bidirectional = scope.flag("bidirectional", default: bidirectional)
    dropout = scope.number("dropout", default: dropout, in: CNNOptions.dropoutRange)
    if layers == 1 { scope.setAside("dropout") }  // it acts between stacked layers only
  }
}

extension TransformerOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    layers = scope.integer("layers", default: layers, in: Self.layersRange)
    width = scope.integer("width", default: width, in: Self.widthRange)
    heads = scope.integer("heads", default: heads, in: Self.headsRange)
    feedForward = scope.integer("feed_forward", default: feedForward, in: Self.feedForwardRange)
    positions = scope.choice("positions", default: positions)
    dropout = scope.number("dropout", default: dropout, in: CNNOptions.dropoutRange)
  }
}

extension HeadOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    hidden = scope.integers(
      "hidden", default: hidden, in: Self.hiddenRange, count: Self.layersRange)
    dropout = scope.number("dropout", default: dropout, in: CNNOptions.dropoutRange)
    if hidden.isEmpty { scope.setAside("dropout") }  // it acts after hidden layers only
  }
}
