import Foundation
import Testing
import ValenceCore
import ValenceKernels

@testable import ValenceNN

@Suite("Checkpoint")
struct CheckpointTests {
  @Test("a checkpoint restores every bit, its notes, and so every logit")
  func roundTrip() throws {
    let trained = try SmallNetwork(branches: 2)
    _ = trained.trained()
    let data = try trained.network.checkpoint(metadata: ["classes": "a b c"]).encoded()
    let file = try Safetensors(decoding: data, name: "model.safetensors")
    #expect(file.metadata == ["classes": "a b c"])
    let other = try SmallNetwork(branches: 2)
    let logits = trained.network.logits(inputs: trained.inputs, batch: trained.batch)
    #expect(other.network.logits(inputs: other.inputs, batch: other.batch) != logits)
    try other.network.load(file, name: "model.safetensors")
    #expect(other.network.logits(inputs: other.inputs, batch: other.batch) == logits)
    #expect(try other.network.checkpoint(metadata: ["classes": "a b c"]).encoded() == data)
  }

  @Test("matrices that the block keeps transposed stand in a checkpoint as PyTorch has them")
  func keepsAxes() throws {
    let network = try SmallNetwork().network
    let weight = try #require(network.checkpoint().arrays["dense.weight"])
    #expect(weight.shape == [7, 10])
    let entry = try #require(network.layout.entries.first { $0.name == "dense.weight" })
    for row in 0..<7 {
      for column in 0..<10 {
        let kept = network.parameters[entry.range.lowerBound + column * 7 + row]
        #expect(weight.values[row * 10 + column] == kept)
      }
    }
  }

  @Test("any order of axes is stored and read back")
  func permutesAxes() {
    var layout = ParameterLayout()
    let range = layout.add(
      "w", shape: [2, 3, 4], initializer: .constant(0), axes: [2, 0, 1])
    let block = Floats(zeros: layout.count)
    let values = (0..<24).map(Float.init)
    layout.entries[0].store(values, in: block)
    #expect(layout.entries[0].values(in: block) == values)
    for (c, a, b) in [(0, 0, 0), (3, 1, 2), (1, 0, 2), (2, 1, 0)] {
      #expect(block[range.lowerBound + (c * 2 + a) * 3 + b] == Float((a * 3 + b) * 4 + c))
    }
  }

  @Test("a checkpoint that does not fit is refused in one sentence and changes nothing")
  func refusesMisfits() throws {
    let network = try SmallNetwork().network
    let whole = network.checkpoint()
    let before = network.parameters.array
    func sentence(_ change: (inout Safetensors) -> Void) -> String {
      var file = whole
      change(&file)
      for name in file.arrays.keys where file.arrays[name]?.values.first?.isFinite == true {
        file.arrays[name]?.values[0] += 1
      }
      let error = #expect(throws: CheckpointError.self) {
        try network.load(file, name: "model.safetensors")
      }
      #expect(network.parameters.array == before)
      return error?.description ?? ""
    }
    #expect(
      sentence { $0.arrays["lstm.weight_hh_l0"] = nil } == """
        model.safetensors: the checkpoint lacks lstm.weight_hh_l0; \
        take one of a network with the same settings.
        """)
    #expect(
      sentence { file in
        for name in file.arrays.keys where name.hasPrefix("lstm") { file.arrays[name] = nil }
      } == """
        model.safetensors: the checkpoint lacks lstm.weight_ih_l0, lstm.weight_hh_l0, \
        lstm.bias_ih_l0, lstm.bias_hh_l0 and 12 more arrays; \
        take one of a network with the same settings.
        """)
    #expect(
      sentence { $0.arrays["lstm.gain"] = .init(shape: [1], values: [1]) } == """
        model.safetensors: the network has no lstm.gain; \
        take a checkpoint of one with the same settings.
        """)
    #expect(
      sentence { $0.arrays["out.bias"] = .init(shape: [4], values: [1, 2, 3, 4]) } == """
        model.safetensors: out.bias has the shape [4] where the network has [3]; \
        take a checkpoint of a network with the same settings.
        """)
    #expect(
      sentence { $0.arrays["out.bias"] = .init(shape: [3], values: [.nan, 2, 3]) } == """
        model.safetensors: out.bias holds numbers that are not finite; \
        the training that wrote it diverged.
        """)
  }

  @Test("a file cut off anywhere is an error, never a crash")
  func refusesTruncation() throws {
    let data = try SmallNetwork().network.checkpoint().encoded()
    for length in stride(from: 0, to: data.count, by: 997) {
      #expect(throws: SafetensorsError.self) {
        try Safetensors(decoding: data.prefix(length), name: "model.safetensors")
      }
    }
  }
}
