import Foundation
import Testing
import ValenceCore
import ValenceEvaluation
import ValenceTestSupport

@testable import ValenceCard
@testable import ValenceData
@testable import ValenceStore

@Suite("Model cards")
struct ModelCardTests {
  /// Lends the first model of an experiment over two corpora with two seeds, of which all models are trained
  /// or that one alone.
  private func trained(
    _ overrides: [String] = [], all: Bool = false,
    _ body: (Laboratory, TrialRecord, URL) throws -> Void
  ) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(speakers: 5, clips: 2, seed: 2), as: "two")
      try laboratory.run(
        laboratory.plan(corpora: ["one", "two"]),
        ["training.epochs=1", "seeds=[1, 2]", "protocol.across=pairs"] + overrides,
        .init(jobs: 2, cores: 2, only: { all || $0.number == 1 }))
      let record = try #require(try laboratory.store().records().first)
      try body(laboratory, record, laboratory.store().trialFolder(record.key))
    }
  }

  @Test("scores are those of the stored predictions, intervals those of the tables")
  func scores() throws {
    try trained(all: true) { laboratory, record, folder in
      let card = try ModelCard(of: folder)
      #expect(card.name == record.key && card.kind == "network")
      #expect(card.classes == ["low", "mid", "high"])
      #expect(
        card.digest
          == Digest(of: try Data(contentsOf: folder.appending(path: "model.safetensors"))).hex)
      #expect(card.scores.map(\.corpus) == ["one", "two"])
      #expect(card.scores.map(\.within) == [true, false])
      let store = laboratory.store()
      for score in card.scores {
        let predictions = try store.predictions(of: record, on: score.corpus)
        let own = try Score(predictions, names: record.classes)
        #expect(abs(score.model.uar - own.uar) < 1e-12)
        #expect(score.model.clips == predictions.count && score.model.models == 1)
        #expect(score.model.speakers == Set(predictions.map(\.speaker)).count)
        #expect(abs(score.model.chance - 1.0 / 3) < 1e-12)
        // Two folds with two seeds each.
        let settings = try #require(score.settings)
        #expect(settings.models == 4 && settings.seeds == 2)
      }
      #expect(card.scores[0].model.low == nil && card.scores[0].model.gap != nil)
      // The table of results has the same numbers.
      let table = try laboratory.text("Results/study/summary.md")
      for score in card.scores {
        let settings = try #require(score.settings)
        #expect(table.contains(NumberText.percent(settings.uar)))
        if let low = settings.low, let high = settings.high {
          #expect(table.contains(NumberText.percents(low, high)))
        }
      }
    }
  }

  @Test("data, split and making are those of the experiment")
  func data() throws {
    try trained { _, record, folder in
      let card = try ModelCard(of: folder)
      let training = try #require(card.training)
      #expect(training.experiment == "study" && training.corpora == ["one"])
      #expect(training.variant == "base" && training.fold == "1 of 2" && training.seed == 1)
      #expect(training.clips == record.training.train.utterances)
      #expect(training.clipsByClass == ["low": 3, "mid": 3, "high": 3])
      #expect(
        training.parts == [
          .init(corpus: "one", side: "train", clips: 9, speakers: 1),
          .init(corpus: "one", side: "validation", clips: 9, speakers: 1),
        ])
      #expect(training.split?.contains("2 folds of whole speakers") == true)
      #expect(card.corpora.map(\.name) == ["one", "two"])
      #expect(card.corpora.map(\.isTrainedOn) == [true, false])
      #expect(card.corpora.map(\.speakers) == [4, 5])
      #expect(card.corpora[0].clipsByClass == ["low": 12, "mid": 12, "high": 12])
      #expect(card.corpora[0].fewestClips == 9 && card.corpora[0].mostClips == 9)
      #expect(card.normalization.by == "train" && card.unknown == [])
      #expect(card.made == record.made && card.seconds.keys.contains("training_s"))
    }
  }

  @Test(
    "it names no path of the machine and no speaker, though folds are named after them",
    arguments: ["{speaker_folds: 2}", "leave_one_speaker_out"])
  func discretion(split: String) throws {
    try trained(["protocol.within=\(split)"]) { laboratory, _, folder in
      let card = try ModelCard(of: folder)
      for text in [card.markdown, String(decoding: try JSON.encoded(card), as: UTF8.self)] {
        #expect(!text.contains(laboratory.folder.url.path))
        #expect(!text.contains(NSHomeDirectory() + "/"))
        #expect(!text.contains(/\bs[1-5]\b/), "a speaker is named")
      }
    }
  }

  @Test("Markdown has a row for each score, and says what must not be done with it")
  func markdown() throws {
    try trained(all: true) { _, record, folder in
      let text = try ModelCard(of: folder).markdown
      #expect(text.hasPrefix("# Model card: \(record.key)\n"))
      for sentence in [
        "Article 5(1)(f) of the EU AI Act", "an acted or perceived emotion is not a felt one",
        "It was trained on speech of one.", "all 4 models of its settings, 2 seeds",
        "Only 2 speakers were tested; an interval needs at least 4.",
      ] {
        #expect(text.contains(sentence), "\(sentence)")
      }
      #expect(text.contains(/\| one +\| held-out clips +\| this model/))
      #expect(text.contains(/\| two +\| another corpus +\| this model/))
    }
  }

  @Test(
    "what normalization means for live speech is said, and its warnings are there",
    arguments: ["none", "corpus", "speaker"])
  func normalization(word: String) throws {
    try trained(["features.normalization=\(word)"]) { _, _, folder in
      let card = try ModelCard(of: folder)
      #expect(card.normalization.by == word)
      #expect(card.normalization.live.contains("running statistics") == (word != "none"))
      #expect(card.warnings.isEmpty == (word == "none"))
      for warning in card.warnings { #expect(card.markdown.contains(warning.dropFirst())) }
    }
  }

  @Test("a card is the same after it was written and read, names of classes and all")
  func roundTrip() throws {
    let labels =
      "labels={classes: [very_low, mid, highPitch], map: {'*': {low: very_low, high: highPitch}}}"
    try trained([labels]) { _, _, folder in
      let card = try ModelCard(of: folder)
      #expect(card.classes == ["very_low", "mid", "highPitch"])
      #expect(try JSON.decoder.decode(ModelCard.self, from: JSON.encoded(card)) == card)
      #expect(card.training?.clipsByClass.keys.sorted() == ["highPitch", "mid", "very_low"])
    }
  }

  @Test(
    "a model without its record is called untested, one without its experiment says what is missing"
  )
  func unknown() throws {
    try trained { laboratory, record, folder in
      let alone = laboratory.url("alone.safetensors")
      try FileManager.default.copyItem(at: folder.appending(path: "model.safetensors"), to: alone)
      let card = try ModelCard(of: alone)
      #expect(card.name == "model-\(card.digest.prefix(8))")
      #expect(card.training == nil && card.scores == [] && card.unknown.count == 1)
      #expect(card.markdown.contains("treat it as untested"))
      #expect(card.markdown.contains("No test of it is known here."))

      let moved = laboratory.url("moved")
      try FileManager.default.copyItem(at: folder, to: moved)
      let copy = try ModelCard(of: moved)
      #expect(copy.scores.map(\.model) == (try ModelCard(of: folder)).scores.map(\.model))
      #expect(copy.scores.allSatisfy { $0.settings == nil })
      #expect(copy.training?.corpora == nil && copy.unknown.count == 1)

      let predictions = moved.appending(path: "predictions/two.csv")
      try Data("file,start\n".utf8).write(to: predictions)
      let less = try ModelCard(of: moved)
      #expect(less.scores.map(\.corpus) == ["one"])
      #expect(less.unknown.contains { $0.hasPrefix("Its predictions on two are not here") })
      #expect(copy.name == record.key)
    }
  }

  @Test("a trial whose model was not kept has a card that says so")
  func withoutModel() throws {
    try trained { _, _, folder in
      let card = try ModelCard(of: folder)
      try FileManager.default.removeItem(at: folder.appending(path: "model.safetensors"))
      var other = try ModelCard(of: folder)
      #expect(other.unknown.count == 1)
      other.unknown = []
      #expect(other == card)
    }
  }

  @Test("a record that was edited vouches for nothing")
  func edited() throws {
    try trained { laboratory, _, folder in
      let file = folder.appending(path: "trial.json")
      let text = try String(contentsOf: file, encoding: .utf8)
      try Data(text.replacing("\"seed\" : 1", with: "\"seed\" : 9").utf8).write(to: file)
      #expect(
        laboratory.sentence { _ = try ModelCard(of: folder) }
          == "Results/study/trials/\(folder.lastPathComponent)/trial.json: this record was changed since "
          + "it was written, so nothing vouches for the model; take both from one run, or the model "
          + "without its record.")
      #expect(
        laboratory.sentence { _ = try ModelCard(of: laboratory.url("gone")) }?
          .hasSuffix(
            "gone: there is no model here; give a model.safetensors, the folder of a trial that holds one, "
              + "or a bundle.") == true)
    }
  }

  @Test(
    "the license of an encoder is what the header of its README states",
    arguments: [
      ("---\nlicense: apache-2.0\n---\n# Model", "apache-2.0"),
      ("---\ntags:\n- audio\nlicense: \"cc-by-nc-4.0\"\n---\n", "cc-by-nc-4.0"),
      ("# Model\nlicense: mit\n", nil), ("---\nlicense: mit\n", nil),
      ("---\nlicense: <script>alert(1)</script>\n---\n", nil), ("", nil),
    ] as [(String, String?)])
  func license(text: String, license: String?) throws {
    try TemporaryFolder.with { folder in
      try folder.write(["README.md": text])
      #expect(EncoderTerms.license(in: folder.url) == license)
    }
  }
}
