import Foundation
import Testing
import ValenceCore
import ValenceData
import ValenceLive
import ValencePredict
import ValenceStore
import ValenceTestSupport

@Suite("Streams")
struct LiveTests {
  /// Tones of the corpus's classes with pauses of noise 60 dB below full scale between them.
  private static func speech(seconds: Double = 6, rateHz: Int = ToneCorpus.rateHz) -> [Float] {
    var random = RandomStream(seed: 5, "stream")
    return (0..<Int(seconds * Double(rateHz))).map { index in
      let time = Double(index) / Double(rateHz)
      let isPause = time.truncatingRemainder(dividingBy: 3) > 1.8
      let tone = isPause ? 0 : 0.3 * sin(2 * .pi * (300 + 200 * floor(time / 3)) * time)
      return Float(tone + 0.001 * random.normal())
    }
  }

  /// A predictor of a network that was trained on tones.
  private func predictor(
    _ laboratory: Laboratory, _ overrides: [String] = [], models: Int = 1
  ) throws -> Predictor {
    try laboratory.write(ToneCorpus(), as: "one")
    try laboratory.run(
      laboratory.plan(), ["training.epochs=2"] + overrides, .init(only: { $0.number <= models }))
    let store = laboratory.store()
    return try Predictor(
      models: store.records().map { store.trialFolder($0.key) }, threads: 1)
  }

  private func events(
    _ predictor: Predictor, _ samples: [Float], rateHz: Int = ToneCorpus.rateHz,
    _ options: LiveOptions = .init(), cut: () -> Int = { 1000 }
  ) throws -> [LiveEvent] {
    let session = try LiveSession(predictor, rateHz: rateHz, options: options)
    var (events, rest) = ([LiveEvent](), samples[...])
    while !rest.isEmpty {
      let part = rest.prefix(max(1, cut()))
      rest = rest.dropFirst(part.count)
      events += try session.hear(part, by: predictor)
    }
    events += try session.end(by: predictor)
    return events.map { event in
      var event = event
      event.latencyMs = nil
      return event
    }
  }

  @Test(
    "windows have the numbers that predict gives them, at the network's rate and another",
    arguments: [
      [], ["features.fusion=concat", "features.mfcc.deltas=2"], ["features.normalization=none"],
      ["audio.long_clips=windows", "audio.trim_db=30"], ["features.fusion=functionals"],
    ])
  func sameNumbers(overrides: [String]) throws {
    try Laboratory.with { laboratory in
      let predictor = try predictor(laboratory, overrides)
      for rateHz in [8000, 11025] {
        let samples = Self.speech(rateHz: rateHz)
        let file = laboratory.url("speech.wav")
        try ToneCorpus.wav(samples, rateHz: rateHz).write(to: file)
        // The samples as the file's 16 bits have them.
        let heard = samples.map { ($0 * 32767).rounded() / 32768 }
        for windows in [WindowOptions(), WindowOptions(windowS: 0.4, hopS: 0.13)] {
          var options = LiveOptions()
          (options.gate, options.windows) = (nil, windows)
          let truth = predictor.predict([file], windows: windows)[0]
          #expect(truth.faults == [] && truth.answers.count > 20)
          let stream = try events(predictor, heard, rateHz: rateHz, options)
            .filter { $0.event == .window }
          #expect(stream.map(\.startS) == truth.answers.map(\.startS))
          #expect(stream.map(\.endS) == truth.answers.map(\.endS))
          for (event, answer) in zip(stream, truth.answers) {
            #expect(event.prediction == answer.prediction)
            for (name, value) in answer.probabilities {
              #expect(abs((event.probabilities?[name] ?? -1) - value) <= 1e-5)
            }
          }
        }
      }
    }
  }

  @Test(
    "with running statistics they are those of predict --running",
    arguments: ["features.normalization=speaker", "features.normalization=corpus"])
  func running(normalization: String) throws {
    try Laboratory.with { laboratory in
      let predictor = try predictor(laboratory, [normalization])
      let samples = Self.speech()
      let file = laboratory.url("speech.wav")
      try ToneCorpus.wav(samples).write(to: file)
      var options = LiveOptions()
      options.warmUpS = 2
      let truth = predictor.hear([file], options: options)[0]
      #expect(truth.faults == [] && truth.answers.contains { $0.prediction != nil })
      let stream = try events(
        predictor, samples.map { ($0 * 32767).rounded() / 32768 }, options
      ).filter { $0.event == .window }
      #expect(stream.map(\.probabilities) == truth.answers.map { $0.probabilities })
      #expect(stream.first?.normalization?.source == .running)
      #expect(stream.first?.normalization?.warm == false)
      #expect(stream.last?.normalization?.warm == true)
      #expect((stream.last?.normalization?.heardS ?? 0) <= 6)

      let enrolled = try predictor.statistics(of: [file], group: 0)
      let session = try LiveSession(
        predictor, rateHz: 8000, options: options, enrolled: [enrolled])
      let windows = try session.hear(samples, by: predictor).filter { $0.event == .window }
      #expect(windows.allSatisfy { $0.normalization?.source == .enrolled })
      // All of the recording forms the statistics, as predict takes the file at hand.
      let whole = predictor.predict([file], windows: WindowOptions())[0].answers
      let first = try #require(windows.first { $0.prediction != nil })
      for (name, value) in whole.first?.probabilities ?? [:] {
        #expect(abs((first.probabilities?[name] ?? -1) - value) <= 1e-3)
      }
    }
  }

  @Test("how a stream is cut changes no event, and utterances are told apart")
  func cuts() throws {
    try Laboratory.with { laboratory in
      let predictor = try predictor(laboratory, [], models: 2)
      let samples = Self.speech()
      let whole = try events(predictor, samples) { samples.count }
      var random = RandomStream(seed: 8, "cuts")
      for longest in [1, 7, 160, 5000] {
        #expect(try events(predictor, samples) { 1 + random.below(longest) } == whole)
      }
      let kinds = whole.map(\.event).filter { $0 != .window }
      // Two networks and their mean answer for each of the two utterances.
      let utterance: [LiveEvent.Kind] = [.onset, .offset, .final, .final, .final]
      #expect(kinds == utterance + utterance + [.end])
      let onsets = whole.filter { $0.event == .onset }.compactMap(\.startS)
      let offsets = whole.filter { $0.event == .offset }.compactMap(\.endS)
      #expect(onsets[0] == 0 && abs(onsets[1] - 2.8) <= 0.041)
      #expect(abs(offsets[0] - 2) <= 0.041 && abs(offsets[1] - 5) <= 0.041)
    }
  }

  // Found so: at 11.025 kHz a frame of the gate is 221 samples and no 20 ms, which is 0.2 % too long.
  @Test("utterances lie where they do at rates that 20 ms do not divide")
  func oddRates() throws {
    try Laboratory.with { laboratory in
      let predictor = try predictor(laboratory)
      let samples = Self.speech(seconds: 90, rateHz: 11025)
      let onsets = try events(predictor, samples, rateHz: 11025)
        .filter { $0.event == .onset }.compactMap(\.startS)
      #expect(onsets.count == 30)
      for (index, onset) in onsets.enumerated().dropFirst() {
        #expect(abs(onset - (Double(index) * 3 - 0.2)) <= 0.05)
      }
    }
  }

  @Test("the answer for an utterance is the mean of its windows' logits, as for a long test clip")
  func utterance() throws {
    try Laboratory.with { laboratory in
      let predictor = try predictor(laboratory, ["audio.long_clips=windows"])
      let samples = Array(Self.speech().prefix(8000))
      var options = LiveOptions()
      options.gate = nil
      let final = try #require(
        try events(predictor, samples, options).last { $0.event == .final })
      #expect(final.startS == 0 && final.endS == 1)
      let file = laboratory.url("utterance.wav")
      try ToneCorpus.wav(samples).write(to: file)
      let parts = predictor.predict([file], windows: WindowOptions())[0].answers
      let logs = predictor.classes.map { name in
        parts.reduce(0.0) { $0 + log(Double($1.probabilities[name] ?? 0)) } / Double(parts.count)
      }
      let total = logs.map(exp).reduce(0, +)
      for (name, value) in zip(predictor.classes, logs) {
        #expect(abs(Double(final.probabilities?[name] ?? -1) - exp(value) / total) <= 1e-4)
      }
    }
  }

  @Test("smoothed probabilities are the exponential mean over time")
  func smoothing() throws {
    try Laboratory.with { laboratory in
      let predictor = try predictor(laboratory)
      var options = LiveOptions()
      (options.gate, options.halfLifeS) = (nil, 0.7)
      var mean: [String: Double] = [:]
      for event in try events(predictor, Self.speech(), options) where event.event == .window {
        let weight = mean.isEmpty ? 1 : 1 - pow(0.5, 0.25 / 0.7)
        for (name, value) in event.probabilities ?? [:] {
          mean[name, default: 0] += weight * (Double(value) - mean[name, default: 0])
          #expect(abs(Double(event.smoothed?[name] ?? -1) - (mean[name] ?? 0)) <= 1e-5)
        }
      }
    }
  }

  @Test("what cannot be heard is said in a sentence")
  func faults() throws {
    try Laboratory.with { laboratory in
      let predictor = try predictor(laboratory)
      func fault(rateHz: Int = 8000, _ change: (inout LiveOptions) -> Void = { _ in }) -> String? {
        var options = LiveOptions()
        change(&options)
        return laboratory.sentence {
          _ = try LiveSession(predictor, rateHz: rateHz, options: options)
        }
      }
      #expect(fault() == nil)
      for rateHz in [1, 0, -8000, 1_000_000_000, Int.max] {
        #expect(fault(rateHz: rateHz)?.contains("give 4000 to 192000.") == true)
      }
      #expect(
        fault { $0.windows.windowS = 0.6 }?.contains("longer than the clips of 0.5 s") == true)
      for short in [0, -1, 0.01, -Double.infinity] {
        #expect(fault { $0.windows.windowS = short }?.contains("is too short") == true)
      }
      for wrong in [Double.nan, .infinity] {
        #expect(fault { $0.windows.windowS = wrong } != nil)
        #expect(fault { $0.windows.hopS = wrong }?.contains("is no step") == true)
        #expect(fault { $0.halfLifeS = wrong } != nil && fault { $0.warmUpS = wrong } != nil)
      }
      for hop in [0, -0.1, 0.6] {
        #expect(fault { $0.windows.hopS = hop }?.contains("is no step between windows") == true)
      }
    }
  }

  @Test("many sessions share the threads of a pool, and each has the events that it has alone")
  func pool() async throws {
    try await TemporaryFolder.with { folder in
      let laboratory = Laboratory(folder: folder)
      let predictor = try predictor(laboratory)
      let samples = Self.speech()
      let truth = try events(predictor, samples)
      let store = laboratory.store()
      let pool = try ScoringPool(
        models: store.records().map { store.trialFolder($0.key) }, threads: 2)
      #expect(pool.inputs == predictor.inputs)
      try await withThrowingTaskGroup(of: [LiveEvent].self) { group in
        for part in 1...8 {
          group.addTask {
            let session = try await pool.run { predictor in
              try LiveSession(predictor, rateHz: ToneCorpus.rateHz, options: LiveOptions())
            }
            var all: [LiveEvent] = []
            for start in stride(from: 0, to: samples.count, by: 300 * part) {
              let piece = samples[start..<min(start + 300 * part, samples.count)]
              all += try await pool.run { try session.hear(piece, by: $0) }
            }
            return try await all + pool.run { try session.end(by: $0) }
          }
        }
        for try await events in group {
          #expect(events.map(\.probabilities) == truth.map(\.probabilities))
        }
      }
      #expect(throws: (any Error).self) {
        try ScoringPool(models: [laboratory.url("nowhere")], threads: 2)
      }
    }
  }
}
