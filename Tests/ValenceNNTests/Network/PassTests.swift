import Synchronization
import Testing
import ValenceKernels

@testable import ValenceNN

@Suite("Pass")
struct PassTests {
  private func pass(_ mode: Mode = .training, seed: UInt64 = 7, threads: Int = 1) -> Pass {
    let none = Floats(zeros: 0)
    return Pass(
      mode: mode, parameters: none, gradients: none, statistics: none, seed: seed,
      workers: Workers(threads: threads))
  }

  @Test("a named layer draws by FNV-1a of its name, as trained networks did")
  func names() {
    // fnv1a_64(b"convolutions.0") and of b"mel.convolutions.0", by Python.
    let expected = [("", 0xF99B_01EF_9613_6EAC as UInt64), ("mel.", 0xF3D6_C739_69D1_D5D4)]
    for (prefix, hash) in expected {
      let pass = pass().drawing(from: "stack 0", layerPrefix: prefix)
      #expect(
        pass.dropout(0.25, layer: "convolutions.0")
          == Dropout(share: 0.25, seed: pass.seed, layer: hash))
    }
  }

  @Test("each group of layers has a stream of its own, which the step's seed fixes")
  func streams() {
    let seeds = ["stack 0", "stack 1", "mel.stack 0", "head"].map { pass().drawing(from: $0).seed }
    #expect(Set(seeds).count == 4)
    #expect(pass().drawing(from: "head").seed == seeds[3])
    #expect(pass(seed: 8).drawing(from: "head").seed != seeds[3])
  }

  @Test("inference drops nothing")
  func inference() {
    #expect(pass(.inference).dropout(0.5, layer: 1).share == 0)
    #expect(pass(.training).dropout(0.5, layer: 1).share == 0.5)
  }

  @Test("shards cover each clip and row once, whatever the number of threads", arguments: [1, 3])
  func shards(threads: Int) {
    for clips in [1, 3, 8, 21] {
      let packing = PackedRows(steps: (0..<clips).map { 1 + $0 % 4 })
      let seen = Mutex<[(clips: Range<Int>, rows: Range<Int>)]>([])
      pass(threads: threads).forEachShard(packing) { clips, rows in
        seen.withLock { $0.append((clips, rows)) }
      }
      let shards = seen.withLock { $0 }.sorted { $0.clips.lowerBound < $1.clips.lowerBound }
      #expect(shards.count == min(8, clips))
      #expect(shards.flatMap(\.clips) == Array(0..<clips))
      #expect(shards.flatMap(\.rows) == Array(0..<packing.rows))
    }
  }
}

@Suite("State layout")
struct StateLayoutTests {
  @Test("scopes nest, and end with their body")
  func scopes() {
    var state = StateLayout()
    let start = Initializer.constant(0)
    state.scoped("mel.") { state in
      _ = state.addParameter("weight", shape: [2], initializer: start)
      state.scoped("inner.") { state in
        _ = state.addStatistic("mean", shape: [3], start: 1)
      }
      _ = state.addParameter("bias", shape: [20], initializer: start)
    }
    _ = state.addParameter("weight", shape: [4], initializer: start)
    #expect(state.parameters.entries.map(\.name) == ["mel.weight", "mel.bias", "weight"])
    #expect(state.parameters.entries.map(\.range) == [0..<2, 16..<36, 48..<52])
    #expect(state.statistics.entries.map(\.name) == ["mel.inner.mean"])
    #expect(state.statistics.entries.map(\.initializer) == [.constant(1)])
  }
}
