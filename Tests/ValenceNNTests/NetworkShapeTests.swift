import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceNN

@Suite struct NetworkShapeTests {
  /// The reference network's input: 3 s at a hop of 10 ms, 64 log-mel bands beside 40 MFCC.
  static let input = NetworkInput(
    branches: [.init(name: "concat", channels: 1, bins: 104)], frames: 300)

  private func model(channels: [Int], hidden: Int, layers: Int) -> ModelOptions {
    var model = ModelOptions()
    model.cnn.channels = channels
    model.cnn.pool = PoolOptions(square: channels.map { _ in 2 })
    model.rnn?.hidden = hidden
    model.rnn?.layers = layers
    return model
  }

  @Test("parameters and operations are those that PyTorch counts")
  func torch() throws {
    let file = Fixture(.module).folder.appending(path: "shape/torch_counts.csv")
    let table = try Table(contentsOf: file, name: "torch_counts.csv")
    #expect(table.rows.count == 9)
    for row in table.rows {
      let text = Dictionary(uniqueKeysWithValues: zip(table.columns, row))
      func number(_ key: String) throws -> Int { try #require(Int(text[key] ?? "")) }
      var options = model(
        channels: (text["channels"] ?? "").split(separator: "-").compactMap { Int($0) },
        hidden: try number("hidden"), layers: try number("layers"))
      options.rnn?.bidirectional = text["bidirectional"] == "true"
      switch text["cell"] {
      case "none": options.rnn = nil
      case let cell: options.rnn?.cell = try #require(.init(rawValue: cell ?? ""))
      }
      options.pooling = try #require(.init(rawValue: text["pooling"] ?? ""))
      options.cnn.kernel = try number("kernel")
      let input = NetworkInput(
        branches: [.init(name: "x", channels: try number("planes"), bins: try number("bins"))],
        frames: try number("frames"))
      let shape = try NetworkShape(model: options, input: input, classes: try number("classes"))
      #expect(shape.cost.parameters == (try number("parameters")), "\(row)")
      #expect(shape.cost.forwardOperations == (try number("operations")), "\(row)")
    }
  }

  @Test("every layer's output is spelled out")
  func rows() throws {
    let shape = try NetworkShape(model: ModelOptions(), input: Self.input, classes: 8)
    #expect(
      shape.layers.map { "\($0.name): \($0.output)" } == [
        "input: 1 × 300 × 104",
        "convolution 1: 32 × 300 × 104", "batch norm 1: 32 × 300 × 104", "pool 1: 32 × 150 × 52",
        "convolution 2: 64 × 150 × 52", "batch norm 2: 64 × 150 × 52", "pool 2: 64 × 75 × 26",
        "convolution 3: 128 × 75 × 26", "batch norm 3: 128 × 75 × 26", "pool 3: 128 × 37 × 13",
        "rnn 1: 37 × 256", "attention: 256", "dense 1: 128", "classes: 8",
      ])
    #expect(shape.steps == 37)
    #expect(shape.stackedWidth == 1664)
    #expect(shape.pooledWidth == 256)
    #expect(shape.minimumFrames == 8)
  }

  @Test("layers that are chosen have rows of their own")
  func choices() throws {
    var model = model(channels: [8, 12], hidden: 20, layers: 1)
    func rows(_ model: ModelOptions) throws -> [String] {
      try NetworkShape(model: model, input: Self.input, classes: 8).layers
        .map { "\($0.name): \($0.output), \($0.parameters)" }
    }
    model.rnn?.cell = .gru
    model.cnn.norm = .layer
    model.cnn.pool = PoolOptions(time: [1, 3], frequency: [4, 2])
    #expect(
      try rows(model) == [
        "input: 1 × 300 × 104, 0", "convolution 1: 8 × 300 × 104, 72",
        "layer norm 1: 8 × 300 × 104, 16", "pool 1: 8 × 300 × 26, 0",
        "convolution 2: 12 × 300 × 26, 864", "layer norm 2: 12 × 300 × 26, 24",
        "pool 2: 12 × 100 × 13, 0", "rnn 1: 100 × 40, \(2 * 3 * 20 * (156 + 20 + 2))",
        "attention: 40, \(40 * 20 + 40)", "dense 1: 128, \(40 * 128 + 128)",
        "classes: 8, \(128 * 8 + 8)",
      ])
    model.cnn.norm = .none
    model.rnn = nil
    model.pooling = .max
    #expect(
      try rows(model) == [
        "input: 1 × 300 × 104, 0", "convolution 1: 8 × 300 × 104, 80", "pool 1: 8 × 300 × 26, 0",
        "convolution 2: 12 × 300 × 26, 876", "pool 2: 12 × 100 × 13, 0", "max over time: 156, 0",
        "dense 1: 128, \(156 * 128 + 128)", "classes: 8, \(128 * 8 + 8)",
      ])
  }

  @Test("branches have a stack each and meet side by side at every step")
  func branches() throws {
    let input = NetworkInput(
      branches: [
        .init(name: "mel", channels: 1, bins: 64), .init(name: "mfcc", channels: 1, bins: 40),
      ], frames: 300)
    let shape = try NetworkShape(model: ModelOptions(), input: input, classes: 8)
    #expect(shape.stackedWidth == 128 * (8 + 5))
    #expect(shape.layers.filter { $0.name == "mfcc pool 3" }.map(\.output) == ["128 × 37 × 5"])
    let single = try NetworkShape(model: ModelOptions(), input: Self.input, classes: 8)
    let stacks = 9 * (32 + 32 * 64 + 64 * 128) + 2 * (32 + 64 + 128)
    #expect(shape.cost.parameters == single.cost.parameters + stacks)
  }

  @Test("a clip of the fewest frames leaves one step, and one frame less cannot be pooled")
  func fewestFrames() throws {
    var random = RandomStream(seed: 5, "shapes")
    for _ in 0..<100 {
      var options = ModelOptions()
      let blocks = 1 + random.below(4)
      options.cnn.channels = (0..<blocks).map { _ in 1 + random.below(6) }
      options.cnn.pool = PoolOptions(
        time: (0..<blocks).map { _ in 1 + random.below(4) },
        frequency: (0..<blocks).map { _ in 1 + random.below(4) })
      let input = { NetworkInput(branches: [.init(name: "x", channels: 1, bins: 256)], frames: $0) }
      let long = try NetworkShape(model: options, input: input(1000), classes: 4)
      let short = try NetworkShape(model: options, input: input(long.minimumFrames), classes: 4)
      #expect(short.steps == 1)
      if long.minimumFrames > 1 {
        #expect(throws: ShapeError.self) {
          try NetworkShape(model: options, input: input(long.minimumFrames - 1), classes: 4)
        }
      }
    }
  }

  private func complaint(_ change: (inout ModelOptions) -> Void, bins: Int = 16, frames: Int = 300)
    -> String
  {
    var options = ModelOptions()
    change(&options)
    let input = NetworkInput(
      branches: [
        .init(name: "mel", channels: 1, bins: 64), .init(name: "mfcc", channels: 1, bins: bins),
      ], frames: frames)
    do {
      _ = try NetworkShape(model: options, input: input, classes: 4)
      return ""
    } catch {
      return error.description
    }
  }

  @Test("a layer that cannot fit its input is named with what would be right")
  func misfits() {
    #expect(
      complaint({ $0.cnn.pool = [2, 4, 4] }) == """
        pool: mfcc block 3 pools 4 × 4 but its input has only 2 bins; use a smaller pool \
        or fewer blocks.
        """)
    #expect(
      complaint({ _ in }, frames: 7) == """
        pool: mel block 3 pools 2 × 2 but its input has only 1 frame; use a smaller pool \
        or fewer blocks.
        """)
    #expect(
      complaint({ $0.cnn.channels = [8] }) == """
        pool: has 3 entries, but channels has 1; give one for each block.
        """)
    #expect(
      complaint({ $0.cnn.pool.frequency = [2, 4, 4] }) == """
        poolFrequency: mfcc block 3 pools 4 bins at a time but its input has only 2 \
        bins; use a smaller pool or fewer blocks.
        """)
    #expect(
      complaint({ $0.cnn.pool.time = [1, 1, 9] }, frames: 8) == """
        poolTime: mel block 3 pools 9 frames at a time but its input has only 8 frames; \
        use a smaller pool or fewer blocks.
        """)
    #expect(
      complaint({ $0.cnn.pool.time = [2] }) == """
        poolTime: has 1 entry, but channels has 3; give one for each block.
        """)
    #expect(
      complaint({ $0.cnn.kernel = 2 })
        == "kernel: 2 is even; use an odd kernel such as 3.")
  }

  @Test("memory grows with the batch by what a clip keeps and by its widest gradient")
  func memory() throws {
    let cost = try NetworkShape(model: ModelOptions(), input: Self.input, classes: 8).cost
    let widest = 32 * 300 * 104
    #expect(cost.widestFloats == widest)
    #expect(cost.activationFloats(batch: 2) == 2 * cost.activationFloats(batch: 1))
    var optimizer = OptimizerOptions()
    #expect(cost.trainingBytes(batch: 0, optimizer: optimizer) == 16 * cost.parameters)
    optimizer.name = .sgd
    #expect(cost.trainingBytes(batch: 0, optimizer: optimizer) == 12 * cost.parameters)
    optimizer.momentum = 0
    #expect(cost.trainingBytes(batch: 0, optimizer: optimizer) == 8 * cost.parameters)
    // A step of 32 clips in the prototype held 292 MiB; this estimate stores block 1 in full.
    let mebibytes =
      Double(
        cost.trainingBytes(batch: 32, optimizer: OptimizerOptions())) / 0x1p20
    #expect((292...600).contains(mebibytes), "\(mebibytes) MiB")
  }
}
