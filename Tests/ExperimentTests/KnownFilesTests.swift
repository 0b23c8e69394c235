import Foundation
import Synchronization
import Testing
import ValenceAudio
import ValenceCore
import ValenceCorpora
import ValencePlan
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceTraining

@Suite("What is made of a file is made of the content that it is known by")
struct KnownFilesTests {
  private static let drop = ["training.epochs=2", "audio.unreadable=drop"]

  private static let changed =
    "this file is not what it was when the run began; start the run again."

  /// A known file that is read by `body`; the sentence that it ends with, if it fails.
  private func outcome(_ laboratory: Laboratory, _ body: (URL) throws -> Int) -> String? {
    laboratory.sentence {
      let file = laboratory.url("a.wav")
      try Data("sound".utf8).write(to: file)
      let files = KnownFiles()
      let item = LabeledUtterance(
        utterance: Utterance(id: "a.wav", filePath: file.path, speaker: nil, label: "low"),
        target: 0)
      _ = try files.contents(of: [item], record: nil)
      #expect(try files.reading(file.path) { try body(file) } == 7)
    }
  }

  @Test("the machine's faults are told from those of the content")
  func blame() throws {
    try Laboratory.with { laboratory in
      #expect(outcome(laboratory) { _ in 7 } == nil)
      for fault in [
        AudioError.Fault.missing, .directory, .notARegularFile, .refused("Too many open files"),
        .ffmpegMissing("MP4"), .ffmpegFailed("no room for its work"),
      ] {
        let sentence = outcome(laboratory) { throw AudioError(file: $0.path, fault: fault) }
        #expect(sentence?.hasSuffix("what was finished before is kept.") == true, "\(fault)")
      }
      let damaged = "a.wav: the audio data are damaged or cut off; copy the file again."
      #expect(
        outcome(laboratory) { throw AudioError(file: $0.path, fault: .damaged) } == damaged)
    }
  }

  @Test("damage that is not found a second time was none")
  func hiccup() throws {
    try Laboratory.with { laboratory in
      var calls = 0
      let sentence = outcome(laboratory) { file in
        calls += 1
        if calls == 1 { throw AudioError(file: file.path, fault: .truncated(promisedS: 1)) }
        return 7
      }
      #expect(sentence == nil)
      #expect(calls == 2)
    }
  }

  @Test("what was read of a file that was another one meanwhile is not used")
  func meanwhile() throws {
    try Laboratory.with { laboratory in
      let changed = "a.wav: " + Self.changed
      #expect(
        outcome(laboratory) { file in
          try Data("noise".utf8).write(to: file)
          return 6
        } == changed)
      #expect(
        outcome(laboratory) { file in
          try FileManager.default.removeItem(at: file)
          return 6
        }?.contains("there is no such file any more") == true)
      // Put back before anybody looks: what was read of it then is read again.
      var calls = 0
      let sentence = outcome(laboratory) { file in
        calls += 1
        guard calls == 1 else { return 7 }
        try Data("noise".utf8).write(to: file)
        try Data("sound".utf8).write(to: file, options: .atomic)
        return 6
      }
      #expect(sentence == nil)
      #expect(calls == 2)
      // Touched, with the bytes as they were.
      calls = 0
      let touched = outcome(laboratory) { file in
        calls += 1
        if calls == 1 { try Data("sound".utf8).write(to: file) }
        return 7
      }
      #expect(touched == nil)
    }
  }

  /// Harm that is done to one of the files after they were read.
  enum Harm: String, CaseIterable, Sendable {
    case removed, edited, emptied, folder, link

    func apply(to file: URL) throws {
      let manager = FileManager.default
      switch self {
      case .edited:
        var bytes = try Data(contentsOf: file)
        for index in bytes.indices.suffix(1000) { bytes[index] ^= 1 }
        try bytes.write(to: file)
      case .emptied: try Data().write(to: file)
      case .removed, .folder, .link:
        try manager.removeItem(at: file)
        if self == .folder {
          try manager.createDirectory(at: file, withIntermediateDirectories: false)
        }
        if self == .link {
          try manager.createSymbolicLink(atPath: file.path, withDestinationPath: "gone.wav")
        }
      }
    }
  }

  @Test(
    "a file that changes or goes after it was read ends the run, though damaged ones are dropped",
    arguments: Harm.allCases)
  func harmed(_ harm: Harm) throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try Data("no sound".utf8).write(to: laboratory.url("one/low-s1-0.wav"))
      let experiment = try laboratory.experiment(laboratory.plan(), Self.drop)
      let file = laboratory.url("one/mid-s2-1.wav")
      let whole = try Data(contentsOf: file)
      try harm.apply(to: file)
      let sentence = laboratory.sentence { _ = try laboratory.run(experiment) }
      #expect(sentence?.hasPrefix("one/mid-s2-1.wav: ") == true, "\(sentence ?? "no fault")")
      #expect(try laboratory.store().records().isEmpty)
      #expect(laboratory.store().text(of: .dropped) == nil)

      if harm == .folder || harm == .link { try FileManager.default.removeItem(at: file) }
      try whole.write(to: file)
      let summary = try laboratory.run(laboratory.plan(), Self.drop)
      #expect(summary.trained == 2)
      let rows = try Table(contentsOf: laboratory.url("Results/study/dropped.csv")).rows
      #expect(rows.map { $0[1] } == ["low-s1-0.wav"])
      let fresh = Laboratory.Way(results: "Fresh", cache: "fresh")
      try laboratory.run(laboratory.plan(), Self.drop, fresh)
      expectSame(
        try laboratory.files("Results/study/trials"), try laboratory.files("Fresh/study/trials"))
    }
  }

  @Test("a file that is not there when the run begins is a property of the data, until it comes")
  func missing() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let manager = FileManager.default
      try manager.createSymbolicLink(
        atPath: laboratory.url("one/link.wav").path, withDestinationPath: "gone.wav")
      let names = ["link.wav", "never.wav", "low-s1-0.wav"]
      let utterances = names.map { name in
        Utterance(
          id: name, filePath: laboratory.url("one/\(name)").path, speaker: nil, label: "low")
      }
      let corpus = Corpus(name: "one", root: laboratory.url("one"), utterances: utterances)
      let labeled = try corpus.labeled(by: .native(labels: ["low"]))
      let files = KnownFiles()
      let loader = ClipLoader(
        corpus: PreparedCorpus(
          corpus: corpus, labeled: labeled,
          contents: try files.contents(of: labeled.utterances, record: nil), files: files),
        cache: FeatureCache(folder: laboratory.url("cache")))
      let faults = try labeled.utterances.indices.map { index in
        try loader.prepare(index, for: [], wantsSound: true).clip.fault
      }
      let there = labeled.utterances.map { $0.utterance.id == "low-s1-0.wav" }
      #expect(faults.map { $0 == nil } == there)
      #expect(faults.compactMap(\.self).allSatisfy { $0.contains("there is no such file") })
      try files.verify()
      // What comes while the run works is no part of it.
      try Data(contentsOf: laboratory.url("one/low-s1-1.wav"))
        .write(to: laboratory.url("one/gone.wav"))
      let sentence = "one/link.wav: " + Self.changed
      #expect(laboratory.sentence { try files.verify() } == sentence)
      let index = try #require(labeled.utterances.firstIndex { $0.utterance.id == "link.wav" })
      #expect(laboratory.sentence { _ = try loader.prepare(index, for: []) } == sentence)
    }
  }

  // MARK: - Spans

  /// A corpus of two long recordings, cut into the utterances of a tone corpus.
  private func writeSpans(_ laboratory: Laboratory) throws {
    var corpus = ToneCorpus()
    corpus.rows = corpus.rows.sorted { $0.speaker < $1.speaker }
    try corpus.write(to: laboratory.url("clips"))
    var rows: [[String]] = []
    for (name, speakers) in [("early", ["s1", "s2"]), ("late", ["s3", "s4"])] {
      var body = Data()
      for row in corpus.rows where speakers.contains(row.speaker) {
        let startS = Double(body.count) / 16000
        body += try Data(contentsOf: laboratory.url("clips/\(row.file)")).dropFirst(44)
        rows.append(["\(name).wav", row.speaker, row.label, "\(startS)", "\(startS + 0.5)"])
      }
      try FileManager.default.createDirectory(
        at: laboratory.url("one"), withIntermediateDirectories: true)
      let header = ToneCorpus.wav([Float](repeating: 0, count: body.count / 2)).prefix(44)
      try (header + body).write(to: laboratory.url("one/\(name).wav"))
    }
    let table = Table(columns: ["file", "speaker", "emotion", "start", "end"], rows: rows)
    try Data(table.text.utf8).write(to: laboratory.url("one/manifest.csv"))
  }

  @Test(
    "a recording of many utterances that changes while it is read leaves nothing in the cache",
    arguments: ["at once", "later", "and is put back"])
  func spans(_ when: String) throws {
    try Laboratory.with { laboratory in
      try writeSpans(laboratory)
      let file = laboratory.url("one/late.wav")
      let whole = try Data(contentsOf: file)
      let noise = Data(whole.map { $0 ^ 0x15 })
      let experiment = try laboratory.experiment(laboratory.plan(), Self.drop)
      // Told of 32 clips of 36: some of `late` are done, and some are to come.
      let control = RunControl { event in
        guard case .features(_, let done, let count) = event else { return }
        do {
          if done == 32, when != "at once" {
            try (whole.prefix(44) + noise.dropFirst(44)).write(to: file)
          }
          if done == count, when == "and is put back" { try whole.write(to: file) }
        } catch { Issue.record(error) }
      }
      if when == "at once" { try (whole.prefix(44) + noise.dropFirst(44)).write(to: file) }
      let sentence = laboratory.sentence {
        _ = try laboratory.run(experiment, .init(control: control))
      }
      #expect(sentence == "one/late.wav: " + Self.changed)
      try whole.write(to: file)
      try laboratory.run(laboratory.plan(), Self.drop)
      try laboratory.run(laboratory.plan(), Self.drop, .init(results: "Fresh", cache: "fresh"))
      expectSame(
        try laboratory.files("cache/features"), try laboratory.files("fresh/features"))
      expectSame(
        try laboratory.files("Results/study/trials"), try laboratory.files("Fresh/study/trials"))
    }
  }

  @Test("a file that changes while networks are trained leaves no result")
  func inTraining() throws {
    try Laboratory.with { laboratory in
      try writeSpans(laboratory)
      let file = laboratory.url("one/late.wav")
      let control = RunControl { event in
        guard case .epoch(1, _, _) = event else { return }
        do {
          try (Data(contentsOf: file).dropLast(2) + [9, 9]).write(to: file)
        } catch { Issue.record(error) }
      }
      let experiment = try laboratory.experiment(laboratory.plan(), Self.drop)
      _ = laboratory.sentence { _ = try laboratory.run(experiment, .init(control: control)) }
      #expect(try laboratory.store().records().isEmpty)
    }
  }

  // MARK: - The record

  @Test("a file whose record stands is not read again; one whose stamp has changed is")
  func record() throws {
    try Laboratory.with { laboratory in
      try writeSpans(laboratory)
      let cache = FeatureCache(folder: laboratory.url("cache"))
      let record = DigestCache(beside: cache, of: laboratory.url("one").path)
      let names = ["early", "late"].map { laboratory.url("one/\($0).wav").path }
      let honest = try laboratory.experiment(laboratory.plan()).corpora[0].contents
      #expect(record.files().isEmpty, "they were written just now")
      // Were they read, they would not have these digests.
      let stamps = try names.map { try #require(try FileContent.stamp(of: $0)) }
      record.keep(
        Dictionary(
          uniqueKeysWithValues: zip(names, stamps).map { name, stamp in
            (DigestCache.key(of: name), .init(stamp: stamp, digest: Digest(of: name)))
          }))
      let first = try laboratory.experiment(laboratory.plan()).corpora[0].contents
      #expect(Set(first).isDisjoint(with: honest))
      try Data(contentsOf: URL(filePath: names[0])).write(to: URL(filePath: names[0]))
      let second = try laboratory.experiment(laboratory.plan()).corpora[0].contents
      #expect(Array(second[..<18]) == Array(honest[..<18]))
      #expect(Array(second[18...]) == Array(first[18...]))
    }
  }

  @Test("what decoding showed is kept for the next run, with the length, so that nothing is opened")
  func sounds() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try Data("no sound".utf8).write(to: laboratory.url("one/low-s1-0.wav"))
      let before = try laboratory.experiment(laboratory.plan(), Self.drop)
      #expect(!before.corpora[0].knowsSamples)
      _ = try laboratory.run(before)
      let corpus = try laboratory.experiment(laboratory.plan(), Self.drop).corpora[0]
      #expect(corpus.knowsSamples)
      for (index, item) in corpus.labeled.utterances.enumerated() {
        let sound = try #require(corpus.sound(of: index))
        if item.utterance.id == "low-s1-0.wav" {
          #expect(sound.samples == nil)
        } else {
          #expect(try sound.samples == AudioReader.sampleDigest(of: item.utterance.file))
          #expect(sound.durationS == 0.5)
        }
      }
    }
  }
}
