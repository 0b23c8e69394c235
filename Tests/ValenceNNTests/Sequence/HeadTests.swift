import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceNN

@Suite("Head")
struct HeadTests {
  private func make(
    _ hidden: [Int], clips: Int, dropout: Double = 0, width: Int = 7
  ) -> (Head, HashedBlock) {
    var options = HeadOptions()
    (options.hidden, options.dropout) = (hidden, dropout)
    var state = StateLayout()
    let head = Head(options, inputWidth: width, classes: 4, clips: clips, state: &state)
    return (head, HashedBlock(state) { _ in 0.7 })
  }

  @Test(
    "logits and all gradients equal PyTorch's",
    arguments: [("head", [9]), ("head_deep", [9, 6]), ("head_flat", [])])
  func equalsPyTorch(name: String, hidden: [Int]) throws {
    let arrays = try Fixture(.module).arrays("sequence/\(name).safetensors")
    let (head, block) = make(hidden, clips: 5)
    let input = Rows(Floats(hashed("input", 5 * 7)), width: 7)
    let inputGradient = Rows(zeros: 5, width: 7)
    head.forward(input, pass: block.pass())
    head.logitsGradient(clips: 5).copy(hashed("gradient", 5 * 4))
    head.backward(input: input, inputGradient: inputGradient, pass: block.pass())
    var ours = block.gradientArrays.mapKeys { "gradient.\($0)" }
    ours["output"] = head.logits(clips: 5).array
    ours["gradient.input"] = inputGradient.floats.array
    #expect(Set(ours.keys) == Set(arrays.keys))
    for (key, array) in arrays {
      let far = Deviation(ours[key] ?? [], from: array.values, absolute: 1e-6, relative: 1e-4)
      #expect(far.isWithin, "\(key): \(far)")
    }
  }

  @Test("dropout scales what it keeps, so the gradient of a dropped unit's bias is 0")
  func dropsInTraining() {
    let clips = 3
    let (head, block) = make([200], clips: clips, dropout: 0.25)
    let (plain, plainBlock) = make([200], clips: clips)
    let input = Rows(Floats(hashed("input", clips * 7)), width: 7)
    func biasGradient(_ head: Head, _ block: HashedBlock, clip: Int) -> [Float] {
      head.forward(input, pass: block.pass(seed: 8))
      var gradient = [Float](repeating: 0, count: clips * 4)
      gradient[clip * 4] = 1
      head.logitsGradient(clips: clips).copy(gradient)
      head.backward(
        input: input, inputGradient: Rows(zeros: clips, width: 7), pass: block.pass(seed: 8))
      return block.gradientArrays["dense.bias"] ?? []
    }
    var (kept, dropped) = (0, 0)
    for clip in 0..<clips {
      let with = biasGradient(head, block, clip: clip)
      let without = biasGradient(plain, plainBlock, clip: clip)
      for (a, b) in zip(with, without) where b != 0 {
        if a == 0 { dropped += 1 } else { kept += 1 }
        #expect(a == 0 || abs(a - b / 0.75) <= 1e-5 * abs(b))
      }
    }
    // About 300 units are active; five standard deviations around a quarter of them.
    let share = Double(dropped) / Double(kept + dropped)
    #expect(abs(share - 0.25) < 0.125)
    head.forward(input, pass: block.pass(.inference))
    plain.forward(input, pass: plainBlock.pass(.inference))
    #expect(head.logits(clips: clips).array == plain.logits(clips: clips).array)
  }
}
