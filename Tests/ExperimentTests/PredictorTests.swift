import Foundation
import Testing
import ValenceCore
import ValenceEvaluation
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValencePredict

@Suite("Asking a stored network")
struct PredictorTests {
  @Test(
    "files of the test fold get the probabilities of the stored predictions",
    arguments: [
      ["features.fusion=mel"], ["features.fusion=concat"], ["features.fusion=prosody"],
      ["features.fusion=branches", "features.prosody=true"],
      ["features.fusion=gated", "features.prosody=true"], ["features.fusion=late"],
      ["features.fusion=functionals"], ["features.fusion=spectral"],
      ["features.fusion=mel", "features.functionals=true"],
      [
        "features.fusion=gated", "features.functionals.of=[mfcc]",
        "training.augmentation.mixup=0.2", "training.augmentation.speed=[0.9, 1]",
      ],
      ["features.fusion=late", "features.functionals.of=[timing, mel]"],
      [
        "model.rnn.cell=gru", "model.cnn.norm=layer", "model.cnn.activation=gelu",
        "model.cnn.pool={time: [1], frequency: [3]}", "training.loss.name=focal",
        "training.optimizer.name=adam",
      ],
      [
        "model.rnn=none", "model.cnn.norm=none", "training.optimizer.name=sgd",
        "training.optimizer.nesterov=true",
        "training.schedule={name: step, warmup_epochs: 0, every_epochs: 1}",
      ],
    ])
  func sameProbabilities(overrides: [String]) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(
        laboratory.plan(), ["training.epochs=2"] + overrides,
        .init(only: { $0.number == 1 }))
      let store = laboratory.store()
      let record = try #require(try store.records().first)
      let stored = try store.predictions(of: record, on: "one")
      let folder = store.trialFolder(record.key)
      for model in [folder, folder.appending(path: "model.safetensors")] {
        let predictor = try Predictor(models: [model], threads: 2)
        #expect(predictor.classes == ["low", "mid", "high"])
        #expect(predictor.remarks(windows: nil) == [])
        let answers = predictor.predict(
          stored.map { laboratory.url("one/\($0.segment.file)") }, windows: nil
        ).flatMap(\.answers)
        #expect(answers.count == stored.count)
        for (answer, prediction) in zip(answers, stored) {
          #expect(answer.prediction == predictor.classes[prediction.prediction])
          for (name, expected) in zip(predictor.classes, prediction.probabilities) {
            let given = try #require(answer.probabilities[name])
            #expect(abs(given - expected) <= 1e-6, "\(given) against \(expected)")
          }
        }
      }
    }
  }

  @Test("a network that was normalized by corpus takes the files at hand for one, and says so")
  func byCorpus() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(
        laboratory.plan(), ["training.epochs=1", "features.normalization=corpus"],
        .init(only: { $0.number == 1 }))
      let record = try #require(try laboratory.store().records().first)
      let predictor = try Predictor(
        models: [laboratory.store().trialFolder(record.key)], threads: 1)
      #expect(
        predictor.remarks(windows: nil) == [
          "This network was trained with statistics of each corpus; the files given here are "
            + "normalized by their own statistics, all together."
        ])
      let files = ToneCorpus().rows.map(\.file)
      let answers = predictor.predict(
        files.map { laboratory.url("one/\($0)") }, windows: nil
      ).flatMap(\.answers)
      for prediction in try laboratory.store().predictions(of: record, on: "one") {
        let index = try #require(files.firstIndex(of: prediction.segment.file))
        for (name, expected) in zip(predictor.classes, prediction.probabilities) {
          #expect(abs((answers[index].probabilities[name] ?? -1) - expected) <= 1e-5)
        }
      }
    }
  }

  @Test("what is no network, or no usable file, is named in a sentence")
  func sentences() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(
        laboratory.plan(), ["training.epochs=1", "model.cnn.pool=[8]"],
        .init(only: { $0.number == 1 }))
      let record = try #require(try laboratory.store().records().first)
      let folder = laboratory.store().trialFolder(record.key)
      func model(_ path: String) -> String? {
        laboratory.sentence { _ = try Predictor(models: [laboratory.url(path)], threads: 1) }
      }
      for path in ["nowhere", "one"] {
        #expect(
          model(path)
            == "\(path): there is no network here; give a model.safetensors, or the folder "
            + "of a trial that holds one.")
      }
      #expect(
        model("one/manifest.csv")
          == "one/manifest.csv: this is not a whole safetensors file: its header is cut off; write it "
          + "again.")
      try Safetensors(arrays: ["features": .init(shape: [1], values: [1])]).encoded()
        .write(to: laboratory.url("other.safetensors"))
      #expect(
        model("other.safetensors")
          == "other.safetensors: it holds no network of Valence (its note valence.settings is missing or "
          + "no such note).")
      let whole = try Data(contentsOf: folder.appending(path: "model.safetensors"))
      try whole.dropLast(4).write(to: laboratory.url("cut.safetensors"))
      #expect(model("cut.safetensors")?.hasPrefix("cut.safetensors: ") == true)
      var foreign = try Safetensors(decoding: whole, name: "model")
      foreign.metadata["valence.settings"] = "audio: {rate_hz: many}\n"
      try foreign.encoded().write(to: laboratory.url("foreign.safetensors"))
      #expect(
        model("foreign.safetensors")?.hasPrefix("foreign.safetensors:1: audio.rate_hz: ") == true)

      let predictor = try Predictor(models: [folder], threads: 1)
      func audio(_ path: String) -> String? {
        predictor.predict([laboratory.url(path)], windows: nil)[0].faults.first?
          .replacing(laboratory.folder.url.path + "/", with: "")
      }
      #expect(audio("none.wav") == "none.wav: there is no such file; check the path.")
      #expect(
        audio("one/manifest.csv")
          == "one/manifest.csv: this is not audio in a format that is read; convert it to one of WAV, "
          + "FLAC, Ogg Vorbis, Opus, MP3, AIFF.")
      try ToneCorpus.wav((0..<500).map { Float(0.4 * sin(Double($0))) })
        .write(to: laboratory.url("short.wav"))
      #expect(
        audio("short.wav")
          == "short.wav: has 4 frames, but the network needs at least 8; use longer speech.")
    }
  }
}
