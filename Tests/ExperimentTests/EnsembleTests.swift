import Foundation
import Testing
import ValenceCore
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValencePredict

@Suite("Asking several networks")
struct EnsembleTests {
  /// Runs a plan and gives the folders of its trials.
  private func trials(
    _ laboratory: Laboratory, _ name: String, _ overrides: [String]
  ) throws -> [URL] {
    let store = laboratory.store(name)
    try laboratory.run(laboratory.plan(name), ["training.epochs=1"] + overrides)
    return try store.records().map { store.trialFolder($0.key) }
  }

  private func files(_ laboratory: Laboratory, _ count: Int = 3) -> [URL] {
    ToneCorpus().rows.prefix(count).map { laboratory.url("one/\($0.file)") }
  }

  @Test("each answers as it does alone, and the ensemble has their mean probabilities")
  func mean() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      // Two folds that share their reading, and networks that hear something else.
      let models =
        try trials(laboratory, "study", [])
        + trials(laboratory, "other", ["features.fusion=concat", "audio.clip_s=0.3"])
      #expect(models.count == 4)
      let files = files(laboratory)
      let together = try Predictor(models: models, threads: 1)
      #expect(together.asksSeveral && together.classes == ["low", "mid", "high"])
      #expect(together.remarks(windows: nil) == [])
      let alone = try models.map { try Predictor(models: [$0], threads: 1) }
      for (file, reply) in zip(files, together.predict(files, windows: nil)) {
        #expect(reply.faults == [])
        let single = alone.flatMap { $0.predict([file], windows: nil)[0].answers }
        #expect(single.allSatisfy { $0.model == nil } && single.count == 4)
        let named = zip(single, models).map { answer, model in
          var answer = answer
          answer.model = model.relativePath
          return answer
        }
        #expect(Array(reply.answers.dropLast()) == named)
        let ensemble = try #require(reply.answers.last)
        #expect(ensemble.model == "ensemble" && ensemble.file == file.relativePath)
        #expect(ensemble.startS == 0 && ensemble.endS == 0.5)
        for name in together.classes {
          let mean = single.map { Double($0.probabilities[name] ?? -1) }.reduce(0, +) / 4
          #expect(abs(Double(ensemble.probabilities[name] ?? -1) - mean) <= 1e-6)
        }
        let best = together.classes.max {
          (ensemble.probabilities[$0] ?? 0) < (ensemble.probabilities[$1] ?? 0)
        }
        #expect(ensemble.prediction == best)
      }
    }
  }

  @Test("a network that is named twice counts once")
  func twice() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let models = try trials(laboratory, "study", [])
      let again = [models[0].appending(path: "model.safetensors"), models[1], models[0]]
      let predictor = try Predictor(models: models + again, threads: 1)
      let answers = predictor.predict(files(laboratory, 1), windows: nil)[0].answers
      #expect(answers.map(\.model) == models.map(\.relativePath) + ["ensemble"])
      let single = try Predictor(models: [models[0], again[0]], threads: 1)
      #expect(single.predict(files(laboratory, 1), windows: nil)[0].answers.map(\.model) == [nil])
    }
  }

  @Test("networks with other classes answer for themselves, the same in another order together")
  func otherClasses() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let first = try trials(laboratory, "study", [])[0]
      let turned = try trials(laboratory, "turned", ["labels={classes: [high, low, mid]}"])[0]
      let fewer = try trials(
        laboratory, "fewer", ["labels={classes: [mid, low], drop: [high]}"])[0]
      let agreeing = try Predictor(models: [first, turned], threads: 1)
      #expect(agreeing.remarks(windows: nil) == [])
      let answers = agreeing.predict(files(laboratory, 1), windows: nil)[0].answers
      #expect(answers.map(\.model) == [first.relativePath, turned.relativePath, "ensemble"])
      for name in ["low", "mid", "high"] {
        let parts = answers.map { $0.probabilities[name] ?? -1 }
        #expect(abs((parts[0] + parts[1]) / 2 - parts[2]) <= 1e-6)
      }

      let mixed = try Predictor(models: [fewer, first], threads: 1)
      #expect(mixed.classes == ["mid", "low", "high"])
      #expect(
        mixed.remarks(windows: nil) == [
          "The networks have different classes (\(fewer.relativePath): mid, low; "
            + "\(first.relativePath): low, mid, high), so each answers for itself and there is no "
            + "mean."
        ])
      let rows = mixed.predict(files(laboratory, 1), windows: nil)[0].answers
      #expect(rows.map(\.model) == [fewer.relativePath, first.relativePath])
      #expect(rows[0].probabilities.keys.sorted() == ["low", "mid"])
    }
  }

  @Test("by windows there is a mean of each window that all hear, and a remark where they differ")
  func windows() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      var long = ToneCorpus(speakers: 1, clips: 1)
      long.seconds = 1
      try laboratory.write(long, as: "long")
      let file = laboratory.url("long/\(long.rows[0].file)")
      let half = try trials(laboratory, "study", [])
      let shorter = try trials(laboratory, "shorter", ["audio.clip_s=0.3"])[0]
      let same = try Predictor(models: half, threads: 1)
      #expect(same.remarks(windows: WindowOptions()) == [])
      let answers = same.predict([file], windows: WindowOptions())[0].answers
      #expect(answers.map(\.startS) == [0, 0.25, 0.5].flatMap { [$0, $0, $0] })
      #expect(
        answers.map(\.model)
          == [0, 1, 2].flatMap { _ in half.map(\.relativePath) + ["ensemble"] })

      let mixed = try Predictor(models: [half[0], shorter], threads: 1)
      #expect(mixed.remarks(windows: nil) == [])
      #expect(
        mixed.remarks(windows: WindowOptions()) == [
          "The networks hear different windows, as their audio settings differ, so there is a mean only "
            + "of windows that all of them hear."
        ])
      let uneven = mixed.predict([file], windows: WindowOptions())[0].answers
      #expect(!uneven.contains { $0.model == "ensemble" } && uneven.count > 5)
      #expect(uneven.map(\.startS) == uneven.map(\.startS).sorted())
      #expect(mixed.predict([file], windows: nil)[0].answers.count == 3)
    }
  }

  @Test("a file that one of them cannot hear has no mean, and the fault names that network")
  func partialFault() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let plain = try trials(laboratory, "study", [])
      let pooling = try trials(laboratory, "pooling", ["model.cnn.pool=[8]"])
      let short = laboratory.url("short.wav")
      try ToneCorpus.wav((0..<500).map { Float(0.4 * sin(Double($0))) }).write(to: short)
      let predictor = try Predictor(models: plain + pooling, threads: 1)
      let nowhere = laboratory.url("nowhere.wav")
      let replies = predictor.predict([short, nowhere] + files(laboratory, 1), windows: nil)
      #expect(replies[0].answers.map(\.model) == plain.map(\.relativePath))
      #expect(
        replies[0].faults == [
          "\(pooling[0].relativePath) and 1 more: \(short.relativePath): has 4 frames, but the "
            + "network needs at least 8; use longer speech."
        ])
      #expect(replies[1].answers == [])
      #expect(
        replies[1].faults == ["\(nowhere.relativePath): there is no such file; check the path."])
      #expect(replies[2].answers.count == 5 && replies[2].faults == [])
    }
  }

  @Test("those that were normalized by corpus take the files at hand for one, beside others")
  func statistics() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let models =
        try [trials(laboratory, "study", [])[0]]
        + trials(laboratory, "by-corpus", ["features.normalization=corpus"])
      let files = files(laboratory, 6)
      let together = try Predictor(models: models, threads: 1)
      #expect(
        together.remarks(windows: nil) == [
          "2 of the 3 networks were trained with statistics of each corpus; for them the files "
            + "given here are normalized by their own statistics, all together."
        ])
      let pair = try Predictor(models: Array(models.dropFirst()), threads: 1)
      let one = try Predictor(models: Array(models.dropLast()), threads: 1)
      let remarks = [pair, one].map { $0.remarks(windows: nil)[0] }
      #expect(
        remarks[0].hasPrefix(
          "These networks were trained with statistics of each corpus; the files"))
      #expect(
        remarks[1].hasPrefix(
          "1 of the 2 networks was trained with statistics of each corpus; for it "))
      let all = together.predict(files, windows: nil).map(\.answers)
      for (number, model) in models.enumerated() {
        let alone = try Predictor(models: [model], threads: 1).predict(files, windows: nil)
        #expect(alone.map { $0.answers[0].probabilities } == all.map { $0[number].probabilities })
      }
    }
  }
}

@Suite("Where answers lie in the file")
struct AnswerSpanTests {
  /// The span of the answer, or of the answers by window, for a recording.
  private func spans(
    _ laboratory: Laboratory, _ overrides: [String], _ file: URL, windows: WindowOptions? = nil
  ) throws -> [[Double]] {
    try laboratory.run(
      laboratory.plan(), ["training.epochs=1"] + overrides, .init(only: { $0.number == 1 }))
    let record = try #require(try laboratory.store().records().first)
    let predictor = try Predictor(
      models: [laboratory.store().trialFolder(record.key)], threads: 1)
    return predictor.predict([file], windows: windows)[0].answers.map {
      [$0.startS, $0.endS].map { ($0 * 1e6).rounded() / 1e6 }
    }
  }

  /// Tones for `seconds` after and before `quietS` of silence.
  private func recording(_ laboratory: Laboratory, seconds: Double, quietS: Double = 0) throws
    -> URL
  {
    let quiet = [Float](repeating: 0, count: Int(quietS * 8000))
    let tone = (0..<Int(seconds * 8000)).map { Float(0.3 * sin(Double($0) * 0.3)) }
    let url = laboratory.url("recording.wav")
    try ToneCorpus.wav(quiet + tone + quiet).write(to: url)
    return url
  }

  // Found so: of a cropped recording 0 and the length of what was kept were given.
  @Test(
    "of a cropped recording the answer names the span that was heard",
    arguments: [("start", 0.0), ("center", 0.4), ("end", 0.8)])
  func cropped(crop: String, start: Double) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let file = try recording(laboratory, seconds: 1.3)
      #expect(
        try spans(laboratory, ["audio.crop=\(crop)"], file) == [[start, start + 0.5]])
      let long = try recording(laboratory, seconds: 61.3)
      let later = start == 0 ? 0 : start == 0.4 ? 30.4 : 60.8
      #expect(
        try spans(laboratory, ["audio.crop=\(crop)"], long) == [[later, later + 0.5]])
    }
  }

  @Test("what trimming leaves is told in the times of the file, and windows are not trimmed")
  func trimmed() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let file = try recording(laboratory, seconds: 1, quietS: 2)
      let trim = ["audio.trim_db=30"]
      // 50 ms and up to a frame of 32 ms more at each side, in steps of 8 ms.
      let whole = try #require(
        try spans(laboratory, trim + ["audio.long_clips=windows"], file).first)
      #expect((1.918...1.95).contains(whole[0]) && (3.05...3.082).contains(whole[1]), "\(whole)")
      let center = try #require(try spans(laboratory, trim, file).first)
      #expect(abs(center[0] - 2.25) <= 0.02 && abs(center[1] - center[0] - 0.5) < 1e-9)
      // Windows keep their quiet edges, so that a stream has the same.
      let windows = try spans(laboratory, trim, file, windows: WindowOptions())
      #expect(windows.first?[0] == 0 && windows.last?[1] == 5)
      #expect(windows.count == 19)
    }
  }

  @Test("an answer for all of a file ends where the file does")
  func whole() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      // No whole number of frames.
      let file = try recording(laboratory, seconds: 0.493)
      #expect(try spans(laboratory, [], file) == [[0, 0.493]])
    }
  }
}
