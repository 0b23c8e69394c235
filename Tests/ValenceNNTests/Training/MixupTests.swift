import Testing
import ValenceCore
import ValenceKernels
import ValenceTestSupport

@testable import ValenceNN

@Suite("Mixup")
struct MixupTests {
  /// Mixes as the definition says, from a copy.
  private func mixed(
    _ clips: [[Float]], _ mixup: Mixup, frames: [Int], row: Int
  ) -> [[Float]] {
    clips.indices.map { clip in
      let partner = mixup.partners[clip]
      let common = partner == clip ? 0 : min(frames[clip], frames[partner]) * row
      return clips[clip].indices.map { index in
        guard index < common else { return clips[clip][index] }
        let (own, other) = (clips[clip][index], clips[partner][index])
        return Float(mixup.share) * own + Float(1 - mixup.share) * other
      }
    }
  }

  @Test("every clip takes in its unmixed partner over their common frames, in place")
  func equalsDefinition() {
    var random = RandomStream(seed: 5, "mixup")
    for turn in 0..<100 {
      let (count, room, row) = (1 + random.below(12), 1 + random.below(9), 1 + random.below(20))
      let frames = (0..<count).map { _ in 1 + random.below(room) }
      let clips = frames.map { frames in
        (0..<room * row).map { $0 < frames * row ? Float(random.normal()) : 0 }
      }
      let mixup = Mixup(alpha: 0.1 + 3 * random.uniform(), clips: count, random: &random)
      let images = Floats(clips.flatMap(\.self))
      mixup.mix(images, frames: frames, row: row, room: Floats(zeros: room * row))
      let expected = mixed(clips, mixup, frames: frames, row: row).flatMap(\.self)
      let far = Deviation(images.array, from: expected, absolute: 1e-6, relative: 1e-6)
      #expect(far.isWithin, "turn \(turn): \(far)")
    }
  }

  @Test("frames beyond a clip's end stay zero, however long its partner is")
  func keepsPadding() {
    let images = Floats([1, 1, 0, 0, 2, 2, 2, 2])
    let mixup = Mixup(share: 0.75, partners: [1, 0])
    mixup.mix(images, frames: [2, 4], row: 1, room: Floats(zeros: 4))
    #expect(images.array == [1.25, 1.25, 0, 0, 1.75, 1.75, 2, 2])
  }

  @Test("a seed fixes the mixture; each clip keeps at least half of itself")
  func draws() {
    func draw(_ seed: UInt64) -> Mixup {
      var random = RandomStream(seed: seed, "mixup")
      return Mixup(alpha: 0.4, clips: 9, random: &random)
    }
    #expect(draw(1) == draw(1))
    let all = (0..<300).map { draw($0) }
    #expect(Set(all).count == 300)
    #expect(all.allSatisfy { (0.5...1).contains($0.share) })
    #expect(all.allSatisfy { $0.partners.sorted() == Array(0..<9) })
    // E max(λ, 1 − λ) of Beta(0.4, 0.4), from scipy.stats.beta(.4, .4).expect.
    let mean = all.reduce(0) { $0 + $1.share } / 300
    #expect(abs(mean - MixupTests.expectedShare) < 0.03, "\(mean)")
  }

  @Test("a network's gradient on a mixed batch is the mixture of the two classes' gradients")
  func networkGradient() throws {
    let input = NetworkInput(branches: [.init(name: "mel", channels: 1, bins: 8)], frames: 12)
    var model = ModelOptions()
    model.cnn.channels = [4]
    model.cnn.pool = [2]
    model.rnn?.hidden = 5
    let network = Network(
      try NetworkShape(model: model, input: input, classes: 3), maxClips: 6, seed: 2,
      workers: .single)
    let loss = CrossEntropy(weights: [1, 2, 0.5], labelSmoothing: 0.1)
    let batch = BatchShape(frames: [12, 7, 9, 4, 12])
    let inputs = Floats(zeros: 6 * 12 * 8)
    for (clip, frames) in batch.frames.enumerated() {
      inputs[clip * 96..<(clip + 1) * 96].copy(hashed("clip \(clip)", frames * 8))
    }
    let (own, mixup) = ([0, 1, 2, 1, 0], Mixup(share: 0.8, partners: [3, 0, 2, 4, 1]))
    func step(_ targets: BatchTargets) -> (loss: Double, gradient: [Float]) {
      let value = network.forwardBackward(
        inputs: [inputs], batch: batch, targets: targets, loss: loss, step: 4)
      return (value, network.gradients.array)
    }
    let first = step(BatchTargets(own))
    let second = step(BatchTargets(mixup.partners.map { own[$0] }))
    let both = step(BatchTargets(own, mixup: mixup))
    #expect(abs(both.loss - (0.8 * first.loss + 0.2 * second.loss)) < 1e-12)
    #expect(first.loss != second.loss)
    let expected = zip(first.gradient, second.gradient).map { 0.8 * $0 + 0.2 * $1 }
    let far = Deviation(both.gradient, from: expected, tolerance: 1e-6)
    #expect(far.isWithin, "\(far)")
  }

  static let expectedShare = 0.8398
}
