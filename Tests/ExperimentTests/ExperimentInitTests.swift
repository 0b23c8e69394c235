import Foundation
import Testing
import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValenceFeatures
import ValencePlan
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceInit
@testable import ValenceTraining

@Suite("An experiment file for a folder of speech")
struct ExperimentInitTests {
  /// Settings with which a run of any written file takes a second.
  private static let tiny = [
    "baselines=none",
    "training.epochs=1", "training.schedule.warmup_epochs=0", "model.cnn.channels=[2]",
    "model.cnn.pool=[8]", "model.rnn.hidden=2", "model.head.hidden=[]", "report.figures=[]",
    "features.fusion=mel",
  ]

  /// A WAV file of a tone that is the higher the greater `pitch`.
  private func wav(_ pitch: Int, rateHz: Int = 16000, seconds: Double = 0.6) -> Data {
    let hz = [300.0, 700, 1500, 2200][pitch % 4]
    var file = ToneCorpus.wav(
      (0..<Int(seconds * Double(rateHz))).map {
        Float(0.4 * sin(2 * .pi * hz * Double($0) / Double(rateHz)))
      })
    for (offset, value) in [(24, rateHz), (28, 2 * rateHz)] {
      for byte in 0..<4 { file[offset + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
    }
    return file
  }

  private func write(_ data: Data, _ path: String, in laboratory: Laboratory) throws {
    let file = laboratory.url(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    // Recordings differ; the same tone under many names would be copies.
    var data = data
    if data.count > 100, data[50..<data.count].contains(where: { $0 != 0 }) {
      let hash = path.utf8.reduce(7) { ($0 &* 31 &+ UInt32($1)) }
      for byte in 0..<3 { data[60 + 2 * byte] = UInt8(truncatingIfNeeded: hash >> (8 * byte)) }
    }
    try data.write(to: file)
  }

  /// Writes the file for a folder of the laboratory and returns its text.
  private func initialize(
    _ folder: String, out: String = "mine.yaml", in laboratory: Laboratory
  ) throws -> (text: String, outcome: ExperimentInit.Outcome) {
    let outcome = try ExperimentInit(
      folder: laboratory.url(folder).path, file: laboratory.url(out).path
    ).write(threads: 2)
    let text = try laboratory.text(out)
    return (text.replacing(laboratory.folder.url.path + "/", with: ""), outcome)
  }

  private func plan(
    _ file: String = "mine.yaml", _ overrides: [String] = [], in laboratory: Laboratory
  ) throws -> Plan {
    let document = try PlanDocument(
      contentsOf: laboratory.url(file).path, overrides: overrides)
    return try PlanReader(document, environment: [:]).read()
  }

  /// Runs the written file with a tiny network.
  private func run(_ file: String = "mine.yaml", in laboratory: Laboratory) throws -> [TrialRecord]
  {
    let experiment = try Experiment(plan(file, Self.tiny, in: laboratory))
    let summary = try laboratory.run(experiment)
    #expect(summary.failures.isEmpty)
    try laboratory.report(experiment.plan.name)
    return try laboratory.store(experiment.plan.name).records()
  }

  private static let people = ["Anna Groß", "Jörg", "Zoë", "Lea Maria"]
  private static let classes = ["Wut", "große Freude", "neutral"]

  /// A folder as people have them: mixed rates, odd names, odd files.
  private func messy(_ laboratory: Laboratory) throws {
    for (number, person) in Self.people.enumerated() {
      for (pitch, label) in Self.classes.enumerated() {
        for take in 1...4 {
          let rate = [16000, 22050, 44100, 48000][(number + take) % 4]
          try write(
            wav(pitch, rateHz: rate), "Aufnahmen für Uni/\(label)/\(person) \(take).wav",
            in: laboratory)
        }
      }
    }
    let root = "Aufnahmen für Uni"
    try write(Data(), "\(root)/Wut/Jörg 9.wav", in: laboratory)
    try write(Data("kein Ton".utf8), "\(root)/Wut/Zoë 8.wav", in: laboratory)
    try write(
      ToneCorpus.wav([Float](repeating: 0, count: 8000)), "\(root)/neutral/Jörg 7.wav",
      in: laboratory)
    try write(wav(1, seconds: 0.05), "\(root)/neutral/Jörg 6.wav", in: laboratory)
    try write(Data("Notizen".utf8), "\(root)/Notizen.txt", in: laboratory)
    try write(wav(2), "\(root)/loose.wav", in: laboratory)
  }

  @Test("of a messy folder runs as it is; odd files are named and dropped, by nobody else's name")
  func messyFolder() throws {
    try Laboratory.with { laboratory in
      try messy(laboratory)
      let (text, outcome) = try initialize("Aufnahmen für Uni", in: laboratory)
      #expect(outcome.files.count == 1)
      #expect(
        text.contains(
          "  aufnahmen-fuer-uni:\n    adapter: folders\n    path: \"Aufnahmen für Uni\"\n    speaker: "
        ))
      for line in [
        "# Cannot be used and are dropped:",
        "#   Wut/Jörg 9.wav: the file is empty (0 bytes); copy it",
        "#   Wut/Zoë 8.wav: this is not audio in a format that is read;",
        "#   neutral/Jörg 6.wav: 0.05 s of speech are too short to use.",
        "#   neutral/Jörg 7.wav: the 1.000 s that would be used are silent",
        "#   loose.wav: It is in no class folder.", "#   Notizen.txt", "  unreadable: drop",
        "  rate_hz: 16000", "  clip_s: 1", "  within: leave_one_speaker_out",
        "# Speakers (4): Anna, Jörg, Lea, Zoë.",
      ] {
        #expect(text.contains(line), "\(line) in\n\(text)")
      }
      let records = try run(in: laboratory)
      #expect(records.count == 4)
      #expect(records.map { $0.evaluations[0].utterances }.reduce(0, +) == 48)
      let dropped = try Table(contentsOf: laboratory.url("Results/mine/dropped.csv")).rows
      #expect(dropped.count == 5)
    }
  }

  @Test("of a clean folder does not drop anything, and says nothing of odd files")
  func clean() throws {
    try Laboratory.with { laboratory in
      for speaker in 1...12 {
        for (pitch, label) in ["angry", "sad"].enumerated() {
          for take in 1...2 {
            try write(
              wav(pitch, rateHz: 8000), "calls/s\(speaker)_\(label)_\(take).wav", in: laboratory)
          }
        }
      }
      let (text, _) = try initialize("calls", in: laboratory)
      #expect(!text.contains("unreadable"))
      #expect(!text.contains("Cannot"))
      let plan = try plan(in: laboratory)
      #expect(plan.splitProtocol.within == .speakerFolds(5))
      #expect(plan.splitProtocol.validation == .speakers(2))
      #expect(plan.splitProtocol.missingClasses == .refuse)
      #expect(plan.base.audio.rateHz == 8000)
      #expect(plan.base.features.mel.highHz == 4000)
      #expect(try run(in: laboratory).count == 5)
    }
  }

  @Test("copies of a recording that fall into several folds leave training, and the file says so")
  func copies() throws {
    try Laboratory.with { laboratory in
      for (pitch, label) in ["angry", "happy", "sad"].enumerated() {
        for take in 1...15 {
          try write(wav(pitch), "calls/\(label)/\(take).wav", in: laboratory)
          guard label == "sad", take <= 6 else { continue }
          try FileManager.default.copyItem(
            at: laboratory.url("calls/sad/\(take).wav"),
            to: laboratory.url("calls/sad/\(take) (1).wav"))
        }
      }
      let (text, outcome) = try initialize("calls", in: laboratory)
      #expect(text.contains("\n  duplicates: leave_out_of_training"))
      #expect(outcome.files.count == 2)
      let plan = try plan("mine.yaml", Self.tiny, in: laboratory)
      #expect(plan.splitProtocol.duplicates == .leaveOutOfTraining)
      let remarks = try Experiment(plan).corpora[0].foldRemarks
      #expect(remarks.contains { $0.contains("left out of training") }, "\(remarks)")
    }
  }

  @Test(
    "with unknown speakers random folds are written beside it, and the file says what that means")
  func unknownSpeakers() throws {
    try Laboratory.with { laboratory in
      for (pitch, label) in ["angry", "happy", "sad"].enumerated() {
        for take in 1...15 {
          try write(wav(pitch), "calls/\(label)/\(take).wav", in: laboratory)
        }
      }
      for take in 1...2 { try write(wav(3), "calls/odd/\(take).wav", in: laboratory) }
      let (text, outcome) = try initialize("calls", in: laboratory)
      #expect(
        outcome.files.map { URL(filePath: $0).lastPathComponent } == [
          "mine.yaml", "mine-folds.csv",
        ])
      #expect(text.contains("  within: {csv: mine-folds.csv}"))
      #expect(text.contains("Networks may be tested on speakers whom they know"))
      #expect(text.contains("# Left out, as too few files or speakers have them: odd 2."))
      let folds = try Table(contentsOf: laboratory.url("mine-folds.csv"))
      #expect(folds.columns == ["file", "fold"])
      // 15 of each class in five folds: three each.
      let counts = Dictionary(grouping: folds.rows) { "\($0[0].prefix { $0 != "/" }) \($0[1])" }
      #expect(counts.count == 15)
      #expect(counts.values.allSatisfy { $0.count == 3 })
      #expect(try run(in: laboratory).count == 5)
    }
  }

  @Test("a class of one speaker is left out, or folds may lack classes, whatever the checks allow")
  func unevenClasses() throws {
    try Laboratory.with { laboratory in
      // Each of nine speakers has one class, as in URDU; one more has a class of their own.
      for speaker in 1...9 {
        let label = ["angry", "happy", "sad"][speaker % 3]
        for take in 1...4 {
          try write(
            wav(speaker % 3), "calls/\(label)/s\(speaker)_\(take).wav", in: laboratory)
        }
      }
      for take in 1...12 { try write(wav(3), "calls/fear/s10_\(take).wav", in: laboratory) }
      for speaker in 1...3 {
        try write(wav(1), "calls/sad/s\(speaker)_9.wav", in: laboratory)
        try write(wav(1), "calls/angry/s\(speaker)_9.wav", in: laboratory)
        try write(wav(1), "calls/happy/s\(speaker)_9.wav", in: laboratory)
      }
      let (text, _) = try initialize("calls", in: laboratory)
      #expect(text.contains("  drop: [fear]"), "\(text)")
      #expect(
        text.contains("# 6 of them have one class only"),
        "\(text)")
      #expect(try !run(in: laboratory).isEmpty)
    }
  }

  @Test("speakers and classes of whom no file can be used are none, and take no fold")
  func ghosts() throws {
    try Laboratory.with { laboratory in
      for (pitch, label) in ["angry", "happy", "sad"].enumerated() {
        for speaker in ["anna", "ben", "cleo", "dan"] {
          for take in 1...3 {
            try write(wav(pitch), "calls/\(label)/\(speaker)_\(take).wav", in: laboratory)
          }
        }
      }
      for take in 1...3 { try write(Data(), "calls/sad/emil_\(take).wav", in: laboratory) }
      for take in 1...2 { try write(Data(), "calls/fear/anna_\(take).wav", in: laboratory) }
      let (text, _) = try initialize("calls", in: laboratory)
      for line in [
        "# 36 utterances, 1 min;", "# Utterances by class: angry 12, happy 12, sad 12.\n",
        "# Speakers (4): anna, ben, cleo, dan.\n", "  drop: [fear]", "  unreadable: drop",
        "# Each of the 4 speakers is the test of networks that never heard them: 4 folds.\n",
      ] {
        #expect(text.contains(line), "\(line) in\n\(text)")
      }
      let records = try run(in: laboratory)
      #expect(records.count == 4)
      #expect(records.map { $0.evaluations[0].utterances } == [9, 9, 9, 9])
    }
  }

  @Test("no file is overwritten, and a folder that is no use leaves nothing behind")
  func refusals() throws {
    try Laboratory.with { laboratory in
      try write(wav(1), "calls/angry/1.wav", in: laboratory)
      try laboratory.folder.write(["mine.yaml": "name: precious", "other-folds.csv": "precious"])
      for name in ["mine.yaml", "other.yaml"] {
        let sentence = laboratory.sentence {
          _ = try initialize("calls", out: name, in: laboratory)
        }
        let file = name == "mine.yaml" ? name : "other-folds.csv"
        #expect(
          sentence
            == "\(file): this file is there already and is not overwritten; give another name with "
            + "--out.")
      }
      #expect(try laboratory.text("mine.yaml") == "name: precious")
      let one = laboratory.sentence { _ = try initialize("calls", out: "a.yaml", in: laboratory) }
      #expect(
        one?.hasSuffix("every audio file here is 'angry'; it takes two classes or more.") == true,
        "\(one ?? "accepted")")
      try write(Data("text".utf8), "bad/angry/1.wav", in: laboratory)
      try write(Data("text".utf8), "bad/sad/1.wav", in: laboratory)
      let bad = laboratory.sentence { _ = try initialize("bad", out: "a.yaml", in: laboratory) }
      #expect(bad?.contains("not one audio file here can be used") == true, "\(bad ?? "accepted")")
      try write(
        ToneCorpus.wav([Float](repeating: 0, count: 16_000)), "mute/angry/1.wav", in: laboratory)
      try write(
        ToneCorpus.wav([Float](repeating: 0, count: 16_000)), "mute/sad/1.wav", in: laboratory)
      let mute = laboratory.sentence { _ = try initialize("mute", out: "a.yaml", in: laboratory) }
      #expect(
        mute?.contains("not one audio file here can be used") == true, "\(mute ?? "accepted")")
      let left = try FileManager.default.contentsOfDirectory(atPath: laboratory.folder.url.path)
      #expect(left.sorted() == ["bad", "calls", "mine.yaml", "mute", "other-folds.csv"])
    }
  }

  @Test(
    "is right for published corpora without their tables",
    .enabled(if: SharedData.isThere, "needs the shared corpora"),
    arguments: [
      ("ravdess", "speaker_folds: 5", 1440), ("emovo", "leave_one_speaker_out", 588),
      ("urdu", "speaker_folds: ", 400), ("emodb", "leave_one_speaker_out", 339),
    ])
  func published(name: String, within: String, utterances: Int) throws {
    try Laboratory.with { laboratory in
      let source = try SharedData.url("corpora/\(name)")
      try FileManager.default.createDirectory(
        at: laboratory.url(name), withIntermediateDirectories: true)
      for file in try FileManager.default.contentsOfDirectory(atPath: source.path)
      where file != "manifest.csv" {
        try FileManager.default.createSymbolicLink(
          at: laboratory.url("\(name)/\(file)"), withDestinationURL: source.appending(path: file))
      }
      let (text, outcome) = try initialize(name, in: laboratory)
      #expect(outcome.files.count == 1)
      #expect(text.contains("  \(name):\n    adapter: \(name)\n    path: \"\(name)\"\n"), "\(text)")
      #expect(text.contains(within), "\(text)")
      #expect(text.contains("#   ABOUT.md"))
      #expect(!text.contains("unreadable"), "\(text)")
      // Two speakers of URDU's 29 may have four utterances between them.
      #expect(text.contains("validation: {fraction: 0.15}") == (name == "urdu"), "\(text)")
      #expect(text.contains("26 of them have one class only") == (name == "urdu"), "\(text)")
      let plan = try plan(in: laboratory)
      #expect(plan.labels == .native)
      let experiment = try Experiment(plan)
      #expect(experiment.corpora[0].labeled.utterances.count == utterances)
      let tested = experiment.corpora[0].folds.flatMap(\.test)
      #expect(tested.sorted() == Array(0..<utterances))
    }
  }
}
