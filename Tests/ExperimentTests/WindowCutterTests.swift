import Foundation
import Testing
import ValenceCore

@testable import ValenceLive
@testable import ValencePredict

@Suite("Windows of a stream")
struct WindowCutterTests {
  @Test("lie at multiples of the hop, and the last one ends with the stream, however it is cut")
  func windows() {
    var random = RandomStream(seed: 3, "cutter")
    for _ in 0..<300 {
      let (count, window) = (random.below(500), 1 + random.below(90))
      let hop = 1 + random.below(window)
      let samples = (0..<count).map(Float.init)
      var truth = stride(from: 0, through: count - window, by: hop).map { $0..<$0 + window }
      if count > 0, truth.last?.upperBound != count {
        truth.append(max(0, count - window)..<count)
      }
      var cutter = WindowCutter(window: window, hop: hop)
      var (pieces, rest) = ([WindowCutter.Piece](), samples[...])
      while !rest.isEmpty {
        let part = rest.prefix(1 + random.below(40))
        pieces += cutter.add(part)
        rest = rest.dropFirst(part.count)
      }
      if let last = cutter.end() { pieces.append(last) }
      #expect(pieces.map { $0.start..<$0.start + $0.samples.count } == truth)
      #expect(pieces.allSatisfy { $0.samples.first == Float($0.start) })
    }
  }
}

@Suite("Raw sound")
struct PCMDecoderTests {
  @Test("16 bits and numbers are read in pieces of any size, channels are averaged")
  func pieces() throws {
    let values: [Int16] = [0, 1, -1, 32767, -32768, 12345, -999, 7]
    let bytes = values.flatMap {
      [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
    }
    let numbers = values.map { Float($0) / 32768 }
    let floats = numbers.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
    }
    var random = RandomStream(seed: 4, "bytes")
    for (encoding, bytes) in [(PCMDecoder.Encoding.s16le, bytes), (.f32le, floats)] {
      for channels in [1, 2, 4] {
        var decoder = try PCMDecoder(encoding, channels: channels)
        var (samples, rest) = ([Float](), bytes[...])
        while !rest.isEmpty {
          let part = rest.prefix(1 + random.below(5))
          samples += try decoder.samples(part)
          rest = rest.dropFirst(part.count)
        }
        try decoder.end()
        let truth = stride(from: 0, to: numbers.count, by: channels).map { first in
          Float(numbers[first..<first + channels].reduce(0) { $0 + Double($1) } / Double(channels))
        }
        #expect(samples == truth)
      }
    }
  }

  @Test("what is no sample is refused")
  func faults() throws {
    #expect(throws: PCMDecoder.Fault.channels(0)) { try PCMDecoder(.s16le, channels: 0) }
    #expect(throws: PCMDecoder.Fault.channels(65)) { try PCMDecoder(.s16le, channels: 65) }
    for (value, fault) in [
      (Float.nan, PCMDecoder.Fault.notFinite(frame: 1)), (.infinity, .notFinite(frame: 1)),
      (1000, .beyondScale(frame: 1, 1000)),
    ] {
      var decoder = try PCMDecoder(.f32le, channels: 1)
      #expect(throws: fault) {
        try decoder.samples(
          [0, value].flatMap { number in
            (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt32($0))) }
          })
      }
    }
    var decoder = try PCMDecoder(.s16le, channels: 2)
    _ = try decoder.samples([1, 2, 3, 4, 5])
    #expect(throws: PCMDecoder.Fault.incomplete(bytes: 1, frameBytes: 4)) { try decoder.end() }
  }
}

@Suite("The voice gate")
struct VoiceGateTests {
  /// What the gate says of 20 ms frames of noise at these levels.
  private func changes(
    _ levels: [(db: Double, seconds: Double)], _ options: VoiceGate.Options = .init()
  ) -> [(atS: Double, change: VoiceGate.Change)] {
    var random = RandomStream(seed: 6, "gate")
    var (gate, frame) = (VoiceGate(options), 0)
    var changes: [(Double, VoiceGate.Change)] = []
    for level in levels {
      for _ in 0..<Int(level.seconds / VoiceGate.frameS) {
        let scale = Float(pow(10, level.db / 20))
        let change = gate.hear((0..<320).map { _ in scale * Float(random.normal()) })
        frame += 1
        if change != .none { changes.append((Double(frame) * VoiceGate.frameS, change)) }
      }
    }
    if case let change = gate.end(), change != .none {
      changes.append((Double(frame) * VoiceGate.frameS, change))
    }
    return changes
  }

  // Voice is smoothed over three frames, so it ends two frames later than it does.
  @Test("opens for what is louder than the background and closes after a pause")
  func utterances() {
    let found = changes([(-70, 6), (-20, 2), (-70, 2), (-25, 1), (-70, 2)])
    #expect(
      found.map(\.change) == [
        .onset(first: 290), .offset(end: 412), .onset(first: 490), .offset(end: 562),
      ])
    #expect(abs(found[0].atS - 6.1) < 0.03 && abs(found[1].atS - 8.84) < 0.03)
  }

  @Test("a click, silence and steady noise are no utterance; a stream may begin within speech")
  func background() {
    #expect(changes([(-70, 3), (-10, 0.04), (-70, 3)]).isEmpty)
    #expect(changes([(-100, 60)]).isEmpty && changes([(-55, 60)]).isEmpty)
    // Noise above the threshold is taken for voice until it is known to have no pause.
    let noise = changes([(-35, 60)])
    #expect(noise.count == 2 && noise[1].atS < 6)
    #expect(changes([(-20, 1), (-70, 2)]).first?.change == .onset(first: 0))
  }

  @Test("an utterance without an end is answered after the longest time")
  func longest() {
    var options = VoiceGate.Options()
    (options.longestS, options.marginDb) = (3, 0)
    // Speech has pauses, so the background stays low.
    let syllables = (0..<40).flatMap { _ in [(db: -20.0, seconds: 0.3), (db: -80.0, seconds: 0.1)] }
    let ends = changes(syllables, options).compactMap { change -> Int? in
      if case .offset(let end) = change.change { end } else { nil }
    }
    #expect(ends.count >= 5 && ends[0] == 150)
  }
}
