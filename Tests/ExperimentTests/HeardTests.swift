import Foundation
import Testing
import ValenceCore
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceTraining

@Suite("What a network has heard is not tested by those that start from it")
struct HeardTests {
  private static let allow = "protocol.allow=[heard]"

  /// The files of `one` under other names, speakers and a folder of its own.
  private func copy(_ laboratory: Laboratory, repacked: Bool = false) throws {
    var rows: [[String]] = []
    try FileManager.default.createDirectory(
      at: laboratory.url("moved"), withIntermediateDirectories: true)
    for row in ToneCorpus().rows {
      var bytes = try Data(contentsOf: laboratory.url("one/\(row.file)"))
      if repacked {
        // The same samples in front of a list of notes: other bytes.
        bytes += Data("LIST".utf8) + Data([4, 0, 0, 0]) + Data("INFO".utf8)
        let size = UInt32(bytes.count - 8)
        for index in 0..<4 { bytes[4 + index] = UInt8(truncatingIfNeeded: size >> (8 * index)) }
      }
      let name = "clip-\(rows.count).wav"
      try bytes.write(to: laboratory.url("moved/\(name)"))
      rows.append([name, "other \(row.speaker)", row.label])
    }
    let table = Table(columns: ["file", "speaker", "emotion"], rows: rows)
    try Data(table.text.utf8).write(to: laboratory.url("moved/manifest.csv"))
  }

  @Test(
    "tested clips and speakers that it has heard are refused, or allowed and said in every result")
  func sameCorpus() throws {
    try StartLaboratory.with { start in
      let lines = start.start(
        "training.selection=last", "protocol.validation=none",
        within: "protocol.within={speaker_folds: 2}")
      let network = "the network \(Digest(of: try Data(contentsOf: start.model)).short)"
      #expect(
        start.complaint(["one"], lines)
          == "command line: training.start_from.model: \(network) has heard 18 of 36 test utterances of one "
          + "(low-s1-0.wav holds one/low-s1-0.wav, …) and 3 of 4 test speakers (s1, s2 and s3), so scores there "
          + "would be too good; test on others, or write protocol.allow: [heard] to have every result say so."
      )
      try start.laboratory.run(start.laboratory.plan(), lines + [Self.allow])
      let records = try start.laboratory.store().records()
      #expect(records.count == 2)
      for record in records {
        let warning = try #require(record.warnings.first?.rawValue)
        #expect(warning.contains("; it has heard "), "\(warning)")
        #expect(warning.contains(" of 18 test utterances of one ("), "\(warning)")
      }
      let summary = try start.laboratory.text("Results/study/summary.md")
      #expect(summary.contains("it has heard"))
    }
  }

  @Test(
    "on the sides of its own split it is tested on strangers, and validated by who chose its epoch")
  func ownSplit() throws {
    try StartLaboratory.with { start in
      #expect(start.complaint(["one"], start.start()) == nil)
    }
  }

  @Test("validation by what it has learned from is refused")
  func validation() throws {
    try StartLaboratory.with { start in
      let laboratory = start.laboratory
      var again = ToneCorpus()
      again.split()
      for index in again.rows.indices {
        // s1 taught it, s3 chose its epoch; s4 stays the test.
        if again.rows[index].speaker == "s1" { again.rows[index].split = "validation" }
        if again.rows[index].speaker == "s3" { again.rows[index].split = "train" }
      }
      try laboratory.write(again, as: "again")
      let said = start.complaint(["again"], start.start())
      #expect(
        said?.contains(
          " has learned from 6 of 9 validation utterances of again (low-s1-0.wav holds one/low-s1-0.wav, …) and 1 "
            + "of 1 validation speaker (s1), by which the epoch would be chosen; validate by others, or by none "
            + "with training.selection: last, or write protocol.allow: [heard] to have every result say so."
        )
          == true, "\(said ?? "")")
      #expect(said?.contains("too good") == false)
      #expect(
        start.complaint(
          ["again"],
          start.start("protocol.validation=none", "training.selection=last")) == nil)
    }
  }

  @Test("copies under other names, of other corpora and speakers, are found")
  func moved() throws {
    try StartLaboratory.with { start in
      try copy(start.laboratory)
      let said = start.complaint(["two", "moved"], start.start("train_on=[two]"))
      #expect(
        said?.contains(
          "has heard 18 of 36 test utterances of moved (clip-0.wav holds one/low-s1-0.wav, …) and 3 of 4 test "
            + "speakers (other s1, other s2 and other s3), so scores") == true, "\(said ?? "")")
    }
  }

  @Test("repacked copies are found once they were decoded, before anything is trained")
  func repacked() throws {
    try StartLaboratory.with { start in
      let laboratory = start.laboratory
      try copy(laboratory, repacked: true)
      let text = laboratory.plan(corpora: ["two", "moved"])
      let lines = start.start("train_on=[two]")
      let said = laboratory.sentence { _ = try laboratory.run(text, lines) }
      #expect(
        said?.contains("has heard 18 of 36 test utterances of moved (clip-0.wav holds") == true,
        "\(said ?? "")")
      #expect(try laboratory.store().records().isEmpty)
    }
  }

  @Test("other clips of a speaker whom it has heard are refused by corpus and name")
  func speakers() throws {
    try StartLaboratory.with { start in
      let laboratory = start.laboratory
      // New recordings in place of the old ones, of a class that the body has not learned too.
      try FileManager.default.removeItem(at: laboratory.url("one"))
      var one = ToneCorpus(seed: 7)
      one.split()
      for index in one.rows.indices {
        // The tested speaker is one whom it has heard, by a name in other letters.
        let speaker = one.rows[index].speaker
        one.rows[index].speaker = speaker == "s4" ? "S1" : speaker + "x"
      }
      try laboratory.write(one, as: "one")
      let said = start.complaint(["one"], start.start())
      #expect(
        said?.contains(
          " has heard 1 of 1 test speaker of one (S1), so scores there would be too good;") == true,
        "\(said ?? "")")
      // A corpus of another name is another one: many have a speaker s1.
      try FileManager.default.moveItem(at: laboratory.url("one"), to: laboratory.url("three"))
      #expect(start.complaint(["three"], start.start()) == nil)
    }
  }

  @Test("what is not known is refused, or allowed and said")
  func unknown() throws {
    try StartLaboratory.with { start in
      let laboratory = start.laboratory
      let alone = laboratory.url("alone.safetensors")
      try FileManager.default.copyItem(at: start.model, to: alone)
      let said = start.complaint(["two"], start.start(from: alone))
      #expect(
        said?.contains(
          " has heard is not known (no trial.json of it lies beside it), so it may have heard what is tested; give "
            + "a model in the folder of its trial, with all files of that, or write protocol.allow: [heard] to "
            + "have every result say so.") == true, "\(said ?? "")")
      try laboratory.run(
        laboratory.plan(corpora: ["two"]), start.start(Self.allow, from: alone))
      let record = try #require(try laboratory.store().records().first)
      #expect(record.training.start?.isHeardKnown == false)
      #expect(
        record.warnings[0].rawValue.contains(
          "which has heard nothing that is known; what else is not known: no trial.json of it lies beside it"
        ))
      // Who starts from that one knows no more.
      let child = laboratory.store().trialFolder(record.key).appending(path: "model.safetensors")
      try laboratory.write(ToneCorpus(seed: 5), as: "three")
      let next = start.complaint(
        ["three"], start.start(from: child, within: "protocol.within={speaker_folds: 2}"))
      #expect(
        next?.contains("(it started from a network of which that is not known)") == true,
        "\(next ?? "")")
      // Through a link the file's own folder counts.
      let link = laboratory.url("link.safetensors")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: start.model)
      #expect(start.complaint(["two"], start.start(from: link)) == nil)
    }
  }

  @Test("what the network before the network has heard counts as well")
  func chain() throws {
    try StartLaboratory.with { start in
      let laboratory = start.laboratory
      try laboratory.run(laboratory.plan(corpora: ["two"]), start.start())
      let record = try #require(try laboratory.store().records().first)
      let child = laboratory.store().trialFolder(record.key).appending(path: "model.safetensors")
      try copy(laboratory)
      let said = start.complaint(
        ["two", "moved"], start.start("train_on=[two]", from: child))
      #expect(
        said?.contains(
          "has heard 18 of 36 test utterances of moved (clip-0.wav holds one/low-s1-0.wav")
          == true, "\(said ?? "")")
    }
  }

  @Test(
    "what it inherited stays on record when it is scored anew, whatever became of the body's record"
  )
  func inherited() throws {
    try StartLaboratory.with { start in
      let laboratory = start.laboratory
      try laboratory.run(laboratory.plan(corpora: ["two"]), start.start())
      let record = try #require(try laboratory.store().records().first)
      let file = laboratory.store().trialFolder(record.key).appending(path: "heard.csv")
      let heard = try Data(contentsOf: file)
      try FileManager.default.removeItem(
        at: start.model.deletingLastPathComponent().appending(path: "trial.json"))
      try laboratory.write(ToneCorpus(speakers: 2, seed: 4), as: "three")
      let summary = try laboratory.run(
        laboratory.plan(corpora: ["two", "three"]), start.start(Self.allow, "train_on=[two]"))
      #expect(summary.scored == 1 && summary.trained == 0)
      #expect(try Data(contentsOf: file) == heard)
    }
  }

  @Test("a network that was trained anew has learned from its validation clips, too")
  func refit() throws {
    try StartLaboratory.with { start in
      let laboratory = start.laboratory
      try laboratory.run(
        laboratory.plan("refit"),
        ["training.epochs=2", "training.refit=true", StartLaboratory.official])
      let record = try #require(try laboratory.store("refit").records().first)
      let file = laboratory.store("refit").trialFolder(record.key)
        .appending(path: "model.safetensors")
      let history = try BodyHistory(
        of: file, digest: Digest(of: Data(contentsOf: file)), revision: 0)
      #expect(history.clips.count == 27 && history.clips.allSatisfy { $0.side == .train })
      let said = start.complaint(["one"], start.start(from: file))
      #expect(
        said?.contains("has learned from 9 of 9 validation utterances of one") == true,
        "\(said ?? "")")
    }
  }

  @Test("a record that was edited, or is of other bytes, is refused, allowed or not")
  func edited() throws {
    try StartLaboratory.with { start in
      let folder = start.model.deletingLastPathComponent()
      let heard = folder.appending(path: "heard.csv")
      let record = folder.appending(path: "trial.json")
      let (clips, text) = (try Data(contentsOf: heard), try Data(contentsOf: record))
      func expect(_ part: String, sourceLocation: SourceLocation = #_sourceLocation) {
        for more in [[], [Self.allow]] {
          let said = start.complaint(["two"], start.start() + more)
          #expect(
            said?.contains("training.start_from.model: ") == true && said?.contains(part) == true,
            "\(said ?? "")", sourceLocation: sourceLocation)
        }
      }
      try Data(clips.dropLast(200)).write(to: heard)
      expect("heard.csv: this file is damaged (it is not as it was written)")
      // What is gone may be allowed, what was changed may not.
      try FileManager.default.removeItem(at: heard)
      #expect(
        start.complaint(["two"], start.start())?.contains(
          "is not known (the heard.csv of its trial is missing)") == true)
      #expect(start.complaint(["two"], start.start(Self.allow)) == nil)
      try clips.write(to: heard)
      try Data(String(decoding: text, as: UTF8.self).replacing("\"low\"", with: "\"lox\"").utf8)
        .write(to: record)
      expect("trial.json: this file is damaged (it is not as it was written)")
      try text.write(to: record)
      var model = try Safetensors(decoding: Data(contentsOf: start.model), name: "model")
      model.arrays["out.bias"]?.values[0] += 1
      try model.encoded().write(to: start.model)
      expect(
        "model.safetensors: this file is damaged (the trial.json beside it was written for other bytes)"
      )
    }
  }

  @Test(
    "a trial of an older version says so, goes on counting as finished, and is made up for when scored anew"
  )
  func older() throws {
    try StartLaboratory.with { start in
      let laboratory = start.laboratory
      let store = laboratory.store("body")
      let record = start.record
      let folder = store.trialFolder(record.key)
      let heard = try Data(contentsOf: folder.appending(path: "heard.csv"))
      var files = RunStore.TrialFiles(
        record: record, history: try store.history(of: record), model: try store.model(of: record),
        predictions: ["one": try store.predictions(of: record, on: "one")],
        metrics: try Data(contentsOf: folder.appending(path: "metrics.json")))
      files.heard = nil
      try store.commit(files)
      #expect(
        start.complaint(["two"], start.start())?.contains(
          "is not known (its trial was trained before trials kept a heard.csv)") == true)
      let lines = ["training.epochs=3", StartLaboratory.narrow, StartLaboratory.official]
      let again = try laboratory.run(laboratory.plan("body"), lines)
      #expect(again.reused == 1 && again.trained == 0)
      let scored = try laboratory.run(
        laboratory.plan("body", corpora: ["one", "two"]), lines + ["train_on=[one]"])
      #expect(scored.scored == 1 && scored.trained == 0)
      #expect(try Data(contentsOf: folder.appending(path: "heard.csv")) == heard)
      #expect(start.complaint(["two"], start.start()) == nil)
      // One that is lost makes no trial unfinished, and is made anew likewise.
      try FileManager.default.removeItem(at: folder.appending(path: "heard.csv"))
      let settled = try laboratory.run(
        laboratory.plan("body", corpora: ["one", "two"]), lines + ["train_on=[one]"])
      #expect(settled.reused == 1)
      try laboratory.write(ToneCorpus(speakers: 2, seed: 4), as: "three")
      let third = try laboratory.run(
        laboratory.plan("body", corpora: ["one", "two", "three"]), lines + ["train_on=[one]"])
      #expect(third.scored == 1)
      #expect(try Data(contentsOf: folder.appending(path: "heard.csv")) == heard)
    }
  }
}
