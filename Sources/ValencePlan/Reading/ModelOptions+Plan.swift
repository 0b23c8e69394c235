import ValenceNN

extension ModelOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    cnn = scope.options("cnn")
    rnn = scope.noneOrOptions("rnn")
    if rnn == nil { scope.resolve("rnn", .text("none")) }
    pooling = scope.choice("pooling", default: pooling)
    head = scope.options("head")
  }
}

extension CNNOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    channels = scope.integers(
      "channels", default: channels, in: Self.channelsRange, count: Self.blocksRange)
    kernel = scope.integer("kernel", default: kernel, in: Self.kernelRange)
    pool = scope.integers("pool", default: pool, in: Self.poolRange, count: Self.blocksRange)
    _ = scope.word("norm", default: "batch", among: ["batch"])
    _ = scope.word("activation", default: "relu", among: ["relu"])
    dropout = scope.number("dropout", default: dropout, in: Self.dropoutRange)
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

extension HeadOptions: PlanReadable {
  init(from scope: inout PlanScope) {
    self.init()
    hidden = scope.integers(
      "hidden", default: hidden, in: Self.hiddenRange, count: Self.layersRange)
    dropout = scope.number("dropout", default: dropout, in: CNNOptions.dropoutRange)
    if hidden.isEmpty { scope.setAside("dropout") }  // it acts after hidden layers only
  }
}
