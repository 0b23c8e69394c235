import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceCorpora

@Suite("MELD, by its tables and clips")
struct MELDTests {
  private static let header =
    "Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID,Season,Episode,StartTime,EndTime\r\n"

  /// A row as the publishers write it.
  private static func row(
    _ dialogue: Int, _ utterance: Int, _ speaker: String = "Joey", _ emotion: String = "joy",
    _ sentiment: String = "positive", episode: Int = 1, start: String = "00:00:01,000",
    end: String = "0:00:03,500"
  ) -> String {
    "1,\"Well, hello!\",\(speaker),\(emotion),\(sentiment),\(dialogue),\(utterance),8,\(episode),"
      + "\"\(start)\",\"\(end)\"\r\n"
  }

  /// Small tables; numbers restart in each.
  private static let tables = [
    "train/train_sent_emo.csv": header + row(0, 0) + row(0, 1, "Ross", "surprise", "negative")
      + row(1, 0, "Rachel", "neutral", "neutral", episode: 2),
    "dev_sent_emo.csv": header + row(0, 0, "Mona", "anger", "negative", episode: 3),
    "test_sent_emo.csv": header + row(0, 0, "Ross", "sadness", "negative", episode: 4)
      + row(0, 1, "Julie", "fear", "negative", episode: 5),
  ]
  private static let clips = [
    "train/train_splits/dia0_utt0.mp4", "train/train_splits/dia0_utt1.mp4",
    "train/train_splits/dia1_utt0.mp4", "dev/dev_splits_complete/dia0_utt0.mp4",
    "test/output_repeated_splits_test/dia0_utt0.mp4",
    "test/output_repeated_splits_test/dia0_utt1.mp4",
  ]

  private func load(
    _ files: [String] = clips, tables: [String: String] = tables,
    labels: CorpusOptions.MELDLabels = .emotion
  ) throws -> Corpus {
    try TemporaryFolder.with { folder in
      try folder.touch(files)
      try folder.write(tables)
      return try CorpusLoader.load(
        CorpusOptions(name: "meld", adapter: .meld(labels: labels), path: folder.url))
    }
  }

  private func refusal(_ files: [String] = clips, tables: [String: String]) throws -> String {
    try TemporaryFolder.with { folder in
      try folder.touch(files)
      try folder.write(tables)
      let problems = #expect(throws: CorpusErrors.self) {
        try CorpusLoader.load(
          CorpusOptions(name: "meld", adapter: .meld(labels: .emotion), path: folder.url))
      }
      return try #require(problems).description
        .replacing(folder.url.path, with: "HERE")
    }
  }

  @Test("the published layout is read; equal numbers of different splits are different utterances")
  func layout() throws {
    let corpus = try load()
    #expect(corpus.utterances.map(\.id) == Self.clips.sorted())
    #expect(corpus.skipped.isEmpty)
    #expect(corpus.remarks.isEmpty)
    let bySplit = Dictionary(grouping: corpus.utterances, by: \.split)
    #expect(
      bySplit.mapValues { $0.map(\.label) } == [
        .train: ["joy", "surprise", "neutral"], .validation: ["anger"],
        .test: ["sadness", "fear"],
      ])
    #expect(bySplit[.train]?.map(\.speaker) == ["Joey", "Ross", "Rachel"])
    let first = try #require(corpus.utterances.last)
    #expect((first.sentence, first.language, first.statedS) == ("Well, hello!", "en", 2.5))
  }

  @Test("sentiment comes from its own column, not from the emotion")
  func sentiment() throws {
    let corpus = try load(labels: .sentiment)
    let train = corpus.utterances.filter { $0.split == .train }
    #expect(train.map(\.label) == ["positive", "negative", "neutral"])
    let space = try #require(LabelSpace.builtIn("sentiment3"))
    #expect(try corpus.labeled(by: space).classCounts == [4, 1, 1])
  }

  @Test("sound that was taken out is found in sibling folders, and counts before the film")
  func extracted() throws {
    let corpus = try load(Self.clips + ["train_wav/dia0_utt0.flac", "TEST/dia0_utt0.wav"])
    #expect(
      corpus.utterances.map(\.id).filter { !$0.hasSuffix("mp4") } == [
        "TEST/dia0_utt0.wav", "train_wav/dia0_utt0.flac",
      ])
    #expect(
      corpus.skipped.map(\.reason) == [
        "It is a second copy of TEST/dia0_utt0.wav: MELD has each clip once in a split.",
        "It is a second copy of train_wav/dia0_utt0.flac: MELD has each clip once in a split.",
      ])
    let flat = try load(["train/dia0_utt0.wav", "dev/dia0_utt0.wav", "test/dia0_utt0.wav"])
    #expect(flat.utterances.count == 6)
  }

  @Test("the publishers' corrected test clip is used in place of the plain one")
  func corrected() throws {
    let mended = "test/output_repeated_splits_test/final_videos_testdia0_utt1.mp4"
    let corpus = try load(Self.clips + [mended])
    #expect(corpus.utterances.contains { $0.id == mended && $0.label == "fear" })
    #expect(
      corpus.skipped == [
        SkippedFile(
          id: "test/output_repeated_splits_test/dia0_utt1.mp4",
          reason: "\(mended) replaces it, the publishers' corrected clip.")
      ])
    #expect(corpus.utterances.count == 6)
  }

  @Test("a clip that is missing stays an utterance, so that reading it stops the run or drops it")
  func missing() throws {
    let corpus = try load(Self.clips.filter { !$0.contains("dev/") && !$0.contains("dia1") })
    #expect(corpus.utterances.count == 6)
    #expect(corpus.utterances.map(\.id).contains("train/train_splits/dia1_utt0.mp4"))
    #expect(corpus.utterances.map(\.id).contains("dev_splits_complete/dia0_utt0.mp4"))
  }

  @Test("clips of no row, of no split and with other names are skipped, each with the reason")
  func strays() throws {
    let corpus = try load(
      Self.clips + [
        "train/train_splits/dia9_utt9.mp4", "dia0_utt0.mp4", "train/train_splits/intro.mp4",
        "train_and_test/dia0_utt0.mp4", "train/train_splits/._dia0_utt0.mp4",
      ])
    #expect(corpus.utterances.map(\.id) == Self.clips.sorted())
    let unknown =
      "No folder above it says whether it is of train, dev or test, and MELD numbers each alone."
    #expect(
      corpus.skipped.map { "\($0.id): \($0.reason)" } == [
        "dia0_utt0.mp4: \(unknown)",
        "train/train_splits/dia9_utt9.mp4: train_sent_emo.csv has no utterance dia9_utt9.",
        "train/train_splits/intro.mp4: Its name is not of MELD's form diaX_uttY.mp4.",
        "train_and_test/dia0_utt0.mp4: \(unknown)",
      ])
  }

  @Test("tables in Windows-1252, in UTF-8, and in UTF-8 that was read wrongly say the same")
  func encodings() throws {
    let name = "Richard\u{2019}s Date"
    func speaker(_ bytes: Data) throws -> String? {
      try TemporaryFolder.with { folder in
        try folder.touch(Self.clips)
        try folder.write(Self.tables)
        try bytes.write(to: folder.url.appending(path: "dev_sent_emo.csv"))
        return try CorpusLoader.load(
          CorpusOptions(name: "meld", adapter: .meld(labels: .emotion), path: folder.url)
        ).utterances.first { $0.split == .validation }?.speaker
      }
    }
    let text = Self.header + Self.row(0, 0, name)
    let windows = try #require(text.data(using: .windowsCP1252))
    let twice = try #require(String(data: Data(text.utf8), encoding: .windowsCP1252))
    let control = text.replacing("\u{2019}", with: "\u{92}")
    #expect(try speaker(Data(text.utf8)) == name)
    #expect(try speaker(Data([0xEF, 0xBB, 0xBF] + text.utf8)) == name)
    #expect(try speaker(windows) == name)
    #expect(try speaker(Data(twice.utf8)) == name)
    #expect(try speaker(Data(control.utf8)) == name)
    #expect(try speaker(Data((Self.header + Self.row(0, 0, "André Ã")).utf8)) == "André Ã")
  }

  @Test("what is wrong with a table is told with its file and line")
  func wrongTables() throws {
    func told(_ row: String) throws -> String {
      try refusal(
        tables: Self.tables.merging(["dev_sent_emo.csv": Self.header + row]) { $1 })
    }
    let start = "path: HERE/dev_sent_emo.csv:2: "
    #expect(
      try told(Self.row(0, 0, "Joey", "happy")) == start
        + "its Emotion 'happy' is not one of anger, disgust, fear, joy, neutral, sadness, surprise."
    )
    #expect(
      try told(Self.row(0, 0, "Joey", "joy", "good"))
        == start + "its Sentiment 'good' is not one of negative, neutral, positive.")
    #expect(try told(Self.row(0, 0, " ")) == start + "its Speaker is empty.")
    #expect(
      try told(Self.row(0, 0, start: "12.5")) == start
        + "its StartTime '12.5' is not a time (hours:minutes:seconds,thousandths).")
    #expect(try told(Self.row(-1, 0)) == start + "its Dialogue_ID '-1' is not a whole number.")
    #expect(
      try told(Self.row(0, 0) + Self.row(0, 0))
        == "path: HERE/dev_sent_emo.csv:3: dia0_utt0 is on line 2 already.")
    #expect(
      try told("") == "path: HERE/dev_sent_emo.csv: this manifest has no rows below its "
        + "header.")
    let many = (0..<9).map { Self.row(0, $0, "Joey", "glad") }.joined()
    #expect(
      try told(many).hasSuffix(
        "dev_sent_emo.csv: 4 further lines are wrong as line 2 is."))
  }

  @Test("a table that is missing, has other columns or lies here twice is refused")
  func tablesAtFault() throws {
    #expect(
      try refusal(tables: Self.tables.filter { $0.key != "dev_sent_emo.csv" })
        == "path: HERE: there is no dev_sent_emo.csv here; copy it from the publisher's "
        + "repository.")
    #expect(
      try refusal(
        tables: Self.tables.merging([
          "dev_sent_emo.csv": "Dialogue,Utterance_ID,Speaker,Emotion,Sentiment,Utterance,Season,"
            + "Episode,StartTime,EndTime\n0,0,Joey,joy,positive,Hi,1,1,0:0:0,0:0:1\n"
        ]) { $1 })
        == "path: HERE/dev_sent_emo.csv: there is no column 'Dialogue_ID', which the "
        + "publisher's table has; did you mean Dialogue?")
    let copy = ["old/dev_sent_emo.csv": Self.header + Self.row(5, 5)]
    #expect(
      try refusal(tables: Self.tables.merging(copy) { $1 })
        == "path: HERE: dev_sent_emo.csv and old/dev_sent_emo.csv differ; keep the one that "
        + "belongs to the clips.")
    let same = ["old/dev_sent_emo.csv": Self.tables["dev_sent_emo.csv"] ?? ""]
    #expect(try load(tables: Self.tables.merging(same) { $1 }).utterances.count == 6)
  }

  @Test("tables without one clip are refused")
  func noClips() throws {
    #expect(
      try refusal(["talk.wav"], tables: Self.tables)
        == "path: HERE: no file here is named as MELD names its clips "
        + "(train_splits/diaX_uttY.mp4); 1 audio file is here.")
  }

  @Test("speech that the tables have on both sides of the split is told")
  func overlaps() throws {
    let test =
      Self.header + Self.row(0, 0, start: "00:00:03,400", end: "00:00:09,000")
      + Self.row(0, 1, start: "00:00:03,500", end: "00:00:09,000")
    let corpus = try load(tables: Self.tables.merging(["test_sent_emo.csv": test]) { $1 })
    #expect(
      corpus.remarks == [
        "meld: by the times in its tables, 1 of 2 test utterances overlaps with 2 training "
          + "utterances of the same episode; this sound is on both sides of the published split."
      ])
  }

  @Test("the official split is trained, validated and tested on, and shared speakers are told")
  func official() throws {
    let space = LabelSpace(
      name: "two", classes: ["up", "down"],
      maps: ["*": ["joy": "up", "neutral": "up", "anger": "up", "sadness": "up"]],
      dropped: [])
    let mapped = LabelSpace(
      name: "two", classes: space.classes,
      maps: ["*": (space.maps["*"] ?? [:]).merging(["surprise": "down", "fear": "down"]) { $1 }])
    let corpus = try load().labeled(by: mapped)
    let made = try FoldMaker(options: options(.official)).folds(of: corpus)
    let fold = try #require(made.folds.first)
    #expect(made.folds.count == 1)
    #expect((fold.train.count, fold.validation.count, fold.test.count) == (3, 1, 2))
    #expect(fold.sharedSpeakers == ["Ross"])
    #expect(
      made.remarks.first
        == "meld, fold official: 1 of 2 test speakers is also trained on, as the split was published; "
        + "the result depends on the speakers.")
  }
}

/// The publishers' own tables, which lie beside the project.
@Suite("MELD's official tables", .enabled(if: SharedData.isThere, "needs MELD's tables"))
struct MELDTableTests {
  private func tables() throws -> [MELDTable] {
    try MELDTable.Split.allCases.map {
      try MELDTable($0, contentsOf: SharedData.url("meld/\($0.file)"))
    }
  }

  private func counts(_ table: MELDTable, _ key: (MELDTable.Row) -> String) -> [String: Int] {
    table.rows.reduce(into: [:]) { $0[key($1), default: 0] += 1 }
  }

  @Test("9989, 1109 and 2610 utterances, with the published counts by emotion and of speakers")
  func published() throws {
    let tables = try tables()
    #expect(tables.map(\.rows.count) == [9989, 1109, 2610])
    #expect(tables.map { Set($0.rows.map(\.speaker)).count } == [260, 47, 100])
    #expect(
      tables.map { counts($0, \.emotion) } == [
        [
          "neutral": 4710, "joy": 1743, "surprise": 1205, "anger": 1109, "sadness": 683,
          "disgust": 271, "fear": 268,
        ],
        [
          "neutral": 470, "joy": 163, "surprise": 150, "anger": 153, "sadness": 111, "disgust": 22,
          "fear": 40,
        ],
        [
          "neutral": 1256, "joy": 402, "surprise": 281, "anger": 345, "sadness": 208, "disgust": 68,
          "fear": 50,
        ],
      ])
    let surprise = tables[0].rows.filter { $0.emotion == "surprise" }
    #expect(surprise.count { $0.sentiment == "negative" } == 614)
    #expect(surprise.count { $0.sentiment == "positive" } == 591)
    let train = Set(tables[0].rows.map(\.speaker))
    #expect(Set(tables[2].rows.map(\.speaker)).intersection(train).count == 69)
    #expect(Set(tables[1].rows.map(\.speaker)).intersection(train).count == 33)
  }

  @Test("what is known to be odd is there: a row of no length, one of minutes, a quote in a name")
  func oddities() throws {
    let test = try #require(try tables().last)
    func lengthS(_ dialogue: Int, _ utterance: Int) throws -> Double {
      let id = MELDTable.ID(dialogue: dialogue, utterance: utterance)
      let row = try #require(test.rows.first { $0.id == id })
      return row.endS - row.startS
    }
    #expect(try lengthS(155, 3) == 0)
    #expect(abs(try lengthS(38, 4) - 304.9) < 0.1)
    #expect(abs(try lengthS(220, 0) - 235.1) < 0.1)
    let names = Set(try tables().flatMap { $0.rows.map(\.speaker) })
    #expect(names.contains("Richard\u{2019}s Date"))
    #expect(names.count == 304)
  }

  @Test("35 test and 8 validation utterances overlap with training utterances of their episode")
  func overlaps() throws {
    let tables = try tables()
    #expect(MELDReader.overlaps(of: tables[2], with: tables[0]) == (35, 37))
    #expect(MELDReader.overlaps(of: tables[1], with: tables[0]) == (8, 7))
  }

  @Test("every clip that EmoBox lists has a row, and only the two known ones have no clip")
  func emobox() throws {
    struct Line: Decodable { let wav: String }
    for (table, kind) in zip(try tables(), ["train", "valid", "test"]) {
      let url = try SharedData.url("emobox/meld/fold_1/meld_\(kind)_fold_1.jsonl")
      let listed = try Set(
        Data(contentsOf: url).split(separator: UInt8(ascii: "\n")).map {
          CorpusFolder.stem(of: try JSONDecoder().decode(Line.self, from: $0).wav)
        })
      let rows = Set(table.rows.map(\.id.stem))
      #expect(listed.isSubset(of: rows))
      #expect(
        rows.subtracting(listed).sorted()
          == ["train": ["dia125_utt3"], "valid": ["dia110_utt7"], "test": []][kind])
    }
  }
}
