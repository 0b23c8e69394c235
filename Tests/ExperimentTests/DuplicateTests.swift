import Foundation
import Testing
import ValenceCore
import ValenceCorpora
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceTraining

@Suite("The same sound in training and in what is tested")
struct DuplicateTests {
  private static let short = ["training.epochs=2"]
  private static let leaveOut = "protocol.duplicates=leave_out_of_training"
  private static let allow = "protocol.duplicates=allow"

  /// What a plan is refused with; nil if it is accepted.
  private func refusal(_ laboratory: Laboratory, _ text: String, _ settings: [String] = [])
    -> String?
  {
    laboratory.sentence { _ = try laboratory.experiment(text, settings) }
  }

  /// A corpus with further rows, for which `make` makes the files.
  private func write(
    _ laboratory: Laboratory, copies: [(file: String, speaker: String, label: String)],
    make: (_ folder: URL) throws -> Void
  ) throws {
    var corpus = ToneCorpus()
    try laboratory.write(corpus, as: "one")
    try make(laboratory.url("one"))
    for copy in copies {
      corpus.rows.append(.init(file: copy.file, speaker: copy.speaker, label: copy.label))
    }
    let table = Table(
      columns: ["file", "speaker", "emotion"],
      rows: corpus.rows.map { [$0.file, $0.speaker, $0.label] })
    try Data(table.text.utf8).write(to: laboratory.url("one/manifest.csv"))
  }

  // MARK: - Within a corpus

  /// Ways by which a recording of `s1` comes to be one of another speaker.
  enum Way: String, CaseIterable, Sendable {
    case copy, symbolicLink, hardLink, slashes, folder, repacked, stereo

    var file: String {
      switch self {
      case .slashes: ".//low-s1-0.wav"
      case .folder: "sub/low-s1-0.wav"
      default: "copy.wav"
      }
    }

    func make(in folder: URL) throws {
      let manager = FileManager.default
      let original = folder.appending(path: "low-s1-0.wav")
      let copy = folder.appending(path: "copy.wav")
      let sub = folder.appending(path: "sub")
      switch self {
      case .copy: try manager.copyItem(at: original, to: copy)
      case .symbolicLink:
        try manager.createSymbolicLink(atPath: copy.path, withDestinationPath: "low-s1-0.wav")
      case .hardLink: try manager.linkItem(at: original, to: copy)
      case .slashes: break
      case .folder:
        try manager.createSymbolicLink(atPath: sub.path, withDestinationPath: ".")
      case .repacked:
        // The same samples behind a header of another length: other bytes.
        let bytes = try Data(contentsOf: original)
        var note = Data("LIST".utf8) + Data([4, 0, 0, 0]) + Data("INFO".utf8)
        note = bytes[..<36] + note + bytes[36...]
        let size = UInt32(note.count - 8)
        for index in 0..<4 { note[4 + index] = UInt8(truncatingIfNeeded: size >> (8 * index)) }
        try note.write(to: copy)
      case .stereo:
        // Each sample of 16 bits twice, as players and editors save mono sound.
        let bytes = [UInt8](try Data(contentsOf: original))
        let samples = stride(from: 44, to: bytes.count - 1, by: 2).flatMap {
          bytes[$0..<$0 + 2] + bytes[$0..<$0 + 2]
        }
        var header = Array(bytes[..<44])
        func put(_ number: Int, at place: Int, _ count: Int = 4) {
          for index in 0..<count {
            header[place + index] = UInt8(truncatingIfNeeded: number >> (8 * index))
          }
        }
        put(samples.count + 36, at: 4)
        put(2, at: 22, 2)
        put(4 * ToneCorpus.rateHz, at: 28)
        put(4, at: 32, 2)
        put(samples.count, at: 40)
        try Data(header + samples).write(to: copy)
      }
    }
  }

  @Test(
    "a recording under another speaker's name is refused, however it got there",
    arguments: Way.allCases)
  func within(_ way: Way) throws {
    try Laboratory.with { laboratory in
      try write(laboratory, copies: [(way.file, "s4", "low")]) { try way.make(in: $0) }
      let text = laboratory.plan()
      let loso = ["protocol.within=leave_one_speaker_out"]
      var refused = refusal(laboratory, text, loso)
      if [.repacked, .stereo].contains(way) {
        #expect(refused == nil, "its samples are not known yet")
        refused = laboratory.sentence { try laboratory.run(text, Self.short + loso) }
        #expect(try laboratory.store().records().isEmpty)
        #expect(refused != nil && refused == refusal(laboratory, text, loso))
      }
      let sentence = try #require(refused)
      #expect(sentence.contains("protocol.duplicates: corpus one: 2 of 37 test utterances have "))
      #expect(sentence.contains("low-s1-0.wav"))
      #expect(sentence.contains(", in 2 folds; the network is tested on what was learned."))
    }
  }

  @Test("copies leave training and validation, and never the test")
  func leftOut() throws {
    try Laboratory.with { laboratory in
      try write(laboratory, copies: [("copy.wav", "s4", "low")]) { try Way.copy.make(in: $0) }
      let settings = Self.short + ["protocol.within=leave_one_speaker_out", Self.leaveOut]
      let experiment = try laboratory.experiment(laboratory.plan(), settings)
      let corpus = experiment.corpora[0]
      let names = corpus.labeled.utterances.map(\.utterance.id)
      var missing = 0
      for trial in experiment.trials {
        let fold = trial.fold.parts[0].fold
        let learned = Set((fold.train + fold.validation).map { names[$0] })
        let tested = Set(fold.test.map { names[$0] })
        for (a, b) in [("copy.wav", "low-s1-0.wav"), ("low-s1-0.wav", "copy.wav")]
        where tested.contains(a) {
          #expect(!learned.contains(b))
          missing += 1
        }
        #expect(
          !Set(fold.train.map { names[$0] }).isSuperset(of: ["copy.wav", "low-s1-0.wav"])
            || !fold.validation.contains { ["copy.wav", "low-s1-0.wav"].contains(names[$0]) })
      }
      #expect(missing == 2)
      #expect(experiment.trials.map(\.fold.parts[0].fold.test.count).reduce(0, +) == 37)
      try laboratory.run(laboratory.plan(), settings)
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(
        summary.contains("2 utterances are left out of training and validation in some folds"))
    }
  }

  @Test("allowed copies are told beside every number, with their count")
  func allowed() throws {
    try Laboratory.with { laboratory in
      try write(laboratory, copies: [("copy.wav", "s4", "high")]) { try Way.copy.make(in: $0) }
      let settings = Self.short + ["protocol.within=leave_one_speaker_out", Self.allow]
      try laboratory.run(laboratory.plan(), settings + ["report.figures=[confusion, corpora]"])
      let remark = "one: 2 of 37 test utterances have their sound in training or validation too"
      let table = try Table(contentsOf: laboratory.url("Results/study/results.csv"))
      #expect(table.rows.count > 0)
      #expect(table.rows.allSatisfy { $0[9].contains(remark) })
      #expect(try laboratory.text("Results/study/summary.md").contains(remark))
      let same =
        "one: 2 utterances are copies of one another, 1 recording in all "
        + "(copy.wav and low-s1-0.wav); 1 of these with different labels; 1 of these under different "
        + "speakers' names."
      #expect(try laboratory.text("Results/study/summary.md").contains(same))
      // The figure of the corpora has no folds; a note begins with a capital letter.
      let figures = try laboratory.files("Plots/study").mapValues {
        String(decoding: $0, as: UTF8.self)
      }
      let corpora = try #require(figures["corpora.gp"])
      #expect(corpora.contains("'Corpus one: 2 utterances are copies of one another"))
      #expect(!corpora.contains("in training or validation"))
      #expect(figures["confusion-one.gp"]?.contains("'Corpus \(remark.prefix(50))") == true)
      let plan = try PlanSummary(
        try laboratory.experiment(laboratory.plan(), settings),
        runner: Runner(
          try laboratory.experiment(laboratory.plan(), settings), store: laboratory.store(),
          cache: FeatureCache(folder: laboratory.url("cache")), control: RunControl { _ in }))
      #expect(plan.text.contains("Note: " + remark))
    }
  }

  @Test("copies of one speaker stay on one side: a remark with their number, and no refusal")
  func oneSide() throws {
    try Laboratory.with { laboratory in
      try write(laboratory, copies: [("copy.wav", "s1", "low")]) { try Way.copy.make(in: $0) }
      let experiment = try laboratory.experiment(laboratory.plan())
      #expect(
        experiment.corpora[0].foldRemarks == [
          "one: 2 utterances are copies of one another, 1 recording in all (copy.wav and low-s1-0.wav)."
        ])
    }
  }

  @Test("a copy in training of what chooses the epoch is refused, or leaves training")
  func validation() throws {
    try Laboratory.with { laboratory in
      var corpus = ToneCorpus()
      corpus.split()
      try laboratory.write(corpus, as: "one")
      let folder = laboratory.url("one")
      let judge = try #require(corpus.rows.first { $0.split == "validation" }?.file)
      let learned = try #require(corpus.rows.first { $0.split == "train" }?.file)
      try Data(contentsOf: folder.appending(path: judge)).write(
        to: folder.appending(path: learned))
      let split = ["protocol.within=official"]
      let sentence = try #require(refusal(laboratory, laboratory.plan(), split))
      #expect(sentence.contains("1 validation utterance has its sound in training too"))
      #expect(
        sentence.contains("(\(judge) is \(learned)); the epoch is chosen on what was learned."))
      let fold = try laboratory.experiment(laboratory.plan(), split + [Self.leaveOut])
        .trials[0].fold.parts[0].fold
      #expect(fold.train.count == 17 && fold.validation.count == 9 && fold.test.count == 9)
    }
  }

  @Test("files that are no sound are copies of nothing")
  func noSound() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      for name in ["low-s1-0.wav", "low-s2-0.wav", "low-s3-0.wav", "low-s4-0.wav"] {
        try Data("<html>Not found</html>".utf8).write(to: laboratory.url("one/\(name)"))
      }
      for name in ["mid-s1-0.wav", "mid-s2-0.wav", "mid-s3-0.wav", "mid-s4-0.wav"] {
        try Data().write(to: laboratory.url("one/\(name)"))
      }
      for _ in 0..<2 {
        try laboratory.run(laboratory.plan(), Self.short + ["audio.unreadable=drop"])
      }
    }
  }

  // MARK: - Spans

  /// Spans of `s1`'s file and of another path to the same bytes, under two speakers.
  private func spans(
    _ laboratory: Laboratory, _ second: (file: String, start: String, end: String)
  ) throws -> String? {
    try laboratory.write(ToneCorpus(), as: "one")
    let folder = laboratory.url("one")
    let long = (0..<32_000).map { Float(0.4 * sin(Double($0) * (0.1 + Double($0) / 1e6))) }
    try ToneCorpus.wav(long).write(to: folder.appending(path: "long.wav"))
    let manager = FileManager.default
    for name in ["link.wav", "twin.wav"]
    where !manager.fileExists(atPath: folder.appending(path: name).path) {
      if name == "link.wav" {
        try manager.createSymbolicLink(
          atPath: folder.appending(path: name).path, withDestinationPath: "long.wav")
      } else {
        try ToneCorpus.wav(long).write(to: folder.appending(path: name))
      }
    }
    let rows =
      ToneCorpus().rows.map { [$0.file, $0.speaker, $0.label, "", ""] } + [
        ["long.wav", "s1", "low", "0.5", "1.5"],
        [second.file, "s4", "low", second.start, second.end],
      ]
    let table = Table(columns: ["file", "speaker", "emotion", "start", "end"], rows: rows)
    try Data(table.text.utf8).write(to: folder.appending(path: "manifest.csv"))
    return refusal(laboratory, laboratory.plan(), ["protocol.within=leave_one_speaker_out"])
  }

  @Test("spans that overlap are refused by whatever name the file is reached, others are not")
  func overlaps() throws {
    try Laboratory.with { laboratory in
      for file in ["long.wav", "link.wav", "twin.wav", ".//long.wav"] {
        #expect(try spans(laboratory, (file, "1.5", "2.5")) == nil, "\(file): one after the other")
        let sentence = try #require(try spans(laboratory, (file, "1.4", "2.5")), "\(file)")
        #expect(sentence.contains(" overlaps with "), "\(sentence)")
        #expect(try spans(laboratory, (file, "", "")) != nil, "\(file): the whole of it")
        // A manifest refuses the same span of the same path twice.
        guard file != "long.wav" else { continue }
        let same = try #require(try spans(laboratory, (file, "0.5", "1.5")))
        #expect(same.contains(" is long.wav#0.5-1.5") || same.contains("long.wav#0.5-1.5 is "))
      }
    }
  }

  // MARK: - Across corpora

  /// Two corpora, `two` of which has other speech, and what `change` does to it.
  private func pair(
    _ laboratory: Laboratory, _ change: (_ two: inout ToneCorpus, _ folder: URL) throws -> Void
  ) throws -> String {
    let one = ToneCorpus()
    try laboratory.write(one, as: "one")
    var two = ToneCorpus(seed: 2)
    try two.write(to: laboratory.url("two"))
    try change(&two, laboratory.url("two"))
    try two.write(to: laboratory.url("two"))
    return laboratory.plan(corpora: ["one", "two"])
  }

  /// Overwrites files of `two` by those of `one`.
  private func copy(_ names: [String], _ laboratory: Laboratory) throws {
    for name in names {
      try Data(contentsOf: laboratory.url("one/\(name)")).write(
        to: laboratory.url("two/\(name)"))
    }
  }

  @Test("a corpus that is another, a part of it, or more than it is refused where they meet")
  func parts() throws {
    for kind in ["equal", "part", "superset", "other speakers"] {
      try Laboratory.with { laboratory in
        let text = try pair(laboratory) { two, _ in
          switch kind {
          case "part": two.rows.removeAll { $0.file.hasSuffix("-2.wav") }
          case "superset":
            two.rows += ToneCorpus(speakers: 5, seed: 2).rows.filter { $0.speaker == "s5" }
          default: break
          }
          try copy(two.rows.map(\.file).filter { !$0.contains("s5") }, laboratory)
          if kind == "other speakers" {
            for index in two.rows.indices { two.rows[index].speaker += "x" }
          }
        }
        let sentence = try #require(refusal(laboratory, text), "\(kind)")
        let count = kind == "part" ? 24 : 36
        let all = kind == "superset" ? 45 : count
        #expect(
          sentence.contains("trained on one, tested on two: \(count) of \(all) test utterances "),
          "\(sentence)")
        #expect(sentence.contains("trained on two, tested on one: \(count) of 36 test utterances "))
        #expect(sentence.contains("-0.wav is one/high-s"))
        #expect(
          refusal(laboratory, text, ["protocol.across=none"]) == nil, "they do not meet")
      }
    }
  }

  @Test("two recordings of one corpus in another are told, left out, and not trained on")
  func some() throws {
    try Laboratory.with { laboratory in
      let names = ["low-s1-0.wav", "mid-s3-1.wav"]
      let text = try pair(laboratory) { _, _ in try copy(names, laboratory) }
      let sentence = try #require(refusal(laboratory, text, ["train_on=[one]"]))
      #expect(
        sentence.contains("trained on one, tested on two: 2 of 36 test utterances have their "))
      #expect(sentence.contains("two/low-s1-0.wav is one/low-s1-0.wav"))
      let experiment = try laboratory.experiment(
        text, Self.short + ["train_on=[one]", Self.leaveOut])
      let ids = experiment.corpora[0].labeled.utterances.map(\.utterance.id)
      for trial in experiment.trials {
        let fold = trial.fold.parts[0].fold
        #expect((fold.train + fold.validation).allSatisfy { !names.contains(ids[$0]) })
      }
      // What is left out makes other trials, where it was trained on.
      let allowed = try laboratory.experiment(
        text, Self.short + ["train_on=[one]", Self.allow])
      #expect(experiment.trials.map(\.key) != allowed.trials.map(\.key))
      // Without copies the word moves no trial.
      let alone = ["train_on=[one]", "test_on=[one]", "protocol.across=none"]
      let plain = try laboratory.experiment(text, Self.short + alone)
      let asked = try laboratory.experiment(text, Self.short + alone + [Self.leaveOut])
      #expect(plain.trials.map(\.key) == asked.trials.map(\.key))
    }
  }

  @Test("pooled corpora and the rest of the corpora are held against what they are tested on")
  func united() throws {
    try Laboratory.with { laboratory in
      let text = try pair(laboratory) { _, _ in try copy(["low-s1-0.wav"], laboratory) }
      // The same speaker may be in another fold of the other corpus: here `two` says other names.
      for across in ["pooled", "leave_one_corpus_out"] {
        var two = ToneCorpus(seed: 2)
        for index in two.rows.indices {
          let number = Int(two.rows[index].speaker.dropFirst()) ?? 0
          two.rows[index].speaker = "t\(5 - number)"
        }
        try two.write(to: laboratory.url("two"))
        let settings = ["protocol.across=\(across)", "protocol.within={speaker_folds: 4}"]
        let sentence = try #require(refusal(laboratory, text, settings), "\(across)")
        #expect(
          sentence.contains("1 of 36 test utterances has its sound in training"), "\(sentence)")
        let experiment = try laboratory.experiment(text, settings + [Self.leaveOut])
        for trial in experiment.trials {
          func ids(_ part: TrialFold.Part, _ indices: [Int]) -> [String] {
            let utterances = experiment.corpus(part.corpus).labeled.utterances
            return indices.map { utterances[$0].utterance.id }.filter { $0 == "low-s1-0.wav" }
          }
          let learned = trial.fold.parts.flatMap { ids($0, $0.fold.train + $0.fold.validation) }
          let tested = trial.fold.tests.flatMap { test in
            test.indices.map { test.corpus.labeled.utterances[$0].utterance.id }
              .filter { $0 == "low-s1-0.wav" }
          }
          #expect(learned.isEmpty || tested.isEmpty)
        }
      }
      let allowed = try laboratory.experiment(
        text, ["protocol.across=pooled", "protocol.within={speaker_folds: 4}", Self.allow])
      #expect(
        allowed.corpora.allSatisfy { corpus in
          corpus.foldRemarks.contains {
            $0 == "1 utterance of two is in one too (two/low-s1-0.wav is one/low-s1-0.wav)."
          }
        })
    }
  }

  @Test("where nothing would be left to learn from, leaving out is refused too")
  func nothingLeft() throws {
    try Laboratory.with { laboratory in
      let text = try pair(laboratory) { two, _ in try copy(two.rows.map(\.file), laboratory) }
      let sentence = try #require(
        refusal(laboratory, text, ["train_on=[one]", Self.leaveOut]))
      #expect(
        sentence.contains(
          "protocol.duplicates: trained on one, fold 1: without the copies nothing is left to train on"
        ))
    }
  }

  @Test("where a class or all of validation would be lost, leaving out is refused too")
  func tooLittleLeft() throws {
    let advice = "; take another split, or protocol.duplicates: allow."
    try Laboratory.with { laboratory in
      let text = try pair(laboratory) { two, _ in
        try copy(two.rows.map(\.file).filter { $0.hasPrefix("low") }, laboratory)
      }
      #expect(
        refusal(laboratory, text, ["train_on=[one]", Self.leaveOut])?.contains(
          "protocol.duplicates: trained on one, fold 1: without the copies no low utterance is left to "
            + "train on" + advice) == true)
    }
    try Laboratory.with { laboratory in
      var one = ToneCorpus()
      one.split()
      let judges = one.rows.filter { $0.split == "validation" }.map(\.file)
      let text = try pair(laboratory) { _, _ in try copy(judges, laboratory) }
      try laboratory.write(one, as: "one")
      let settings = ["train_on=[one]", "protocol.within=official"]
      #expect(
        refusal(laboratory, text, settings + [Self.leaveOut])?.contains(
          "protocol.duplicates: trained on one, fold official: without the copies nothing is left for "
            + "validation" + advice) == true)
      #expect(refusal(laboratory, text, settings + [Self.allow]) == nil)
    }
  }

  @Test("a repacked corpus is found once both were decoded, and by the next plan at once")
  func repacked() throws {
    try Laboratory.with { laboratory in
      let text = try pair(laboratory) { two, folder in
        for row in two.rows {
          let bytes = try Data(contentsOf: laboratory.url("one/\(row.file)"))
          // As WAV with the extensible header, which holds the same 16-bit samples.
          var header = Data(bytes[..<16]) + Data([40, 0, 0, 0, 0xFE, 0xFF]) + bytes[22..<36]
          header += Data([22, 0, 16, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 16, 0])
          header += Data([0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71])
          var file = header + bytes[36...]
          let size = UInt32(file.count - 8)
          for index in 0..<4 { file[4 + index] = UInt8(truncatingIfNeeded: size >> (8 * index)) }
          try file.write(to: folder.appending(path: row.file))
        }
      }
      #expect(refusal(laboratory, text) == nil, "nothing is decoded by a plan")
      let sentence = laboratory.sentence { try laboratory.run(text, Self.short) }
      #expect(sentence?.contains("36 of 36 test utterances have their sound in training") == true)
      #expect(try laboratory.store().records().isEmpty)
      #expect(sentence == refusal(laboratory, text))
    }
  }
}
