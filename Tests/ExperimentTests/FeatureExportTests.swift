import Foundation
import Testing
import ValenceAudio
import ValenceCore
import ValenceFeatures
import ValencePlan
import ValenceStore
import ValenceTestSupport

@testable import ValenceData

@Suite("Exported features")
struct FeatureExportTests {
  private func plan(_ overrides: [String] = [], in laboratory: Laboratory) throws -> Plan {
    try laboratory.folder.write(["plan.yaml": laboratory.plan()])
    let document = try PlanDocument(
      contentsOf: laboratory.url("plan.yaml").path,
      overrides: ["features.fusion=concat", "features.mfcc.deltas=1"] + overrides)
    return try PlanReader(document, environment: [:]).read()
  }

  private func export(
    _ plan: Plan, in laboratory: Laboratory
  ) throws -> FeatureExport.CorpusFeatures {
    try FeatureExport(plan).corpus(
      "one", cache: FeatureCache(folder: laboratory.url("cache")), threads: 2)
  }

  @Test("of a corpus are the extractor's, an array a feature and utterance, with every parameter")
  func corpus() throws {
    try Laboratory.with { laboratory in
      var corpus = ToneCorpus()
      // Labels that the plan has no class for are exported too.
      corpus.rows[0].label = "other"
      try laboratory.write(corpus, as: "one")
      let plan = try plan(in: laboratory)
      let features = try export(plan, in: laboratory)
      #expect(features.utterances == 36)
      #expect(features.file.arrays.count == 72)
      let extractor = try FeatureExtractor(plan.base.features, rateHz: 8000)
      for name in ["low-s1-0.wav", "high-s4-2.wav"] {
        let clip = try extractor.extract(
          AudioReader.read(laboratory.url("one/\(name)"), options: plan.base.audio))
        for kind in [FeatureKind.mel, .mfcc] {
          let array = try #require(features.file.arrays["\(kind.rawValue)/\(name)"])
          #expect(array.shape == [clip.frames, kind == .mel ? 12 : 16])
          #expect(array.values == clip[kind]?.values)
        }
      }
      let notes = features.file.metadata
      for (key, value) in [
        ("rate_hz", "8000"), ("clip_s", "0.5"), ("window_ms", "32.0"), ("hop_ms", "20.0"),
        ("mel.bands", "12"), ("mel.high_hz", "4000.0"), ("mfcc.deltas", "1"), ("trim_db", "none"),
        ("corpus", "one"), ("mel.revision", "\(FeatureKind.mel.revision)"),
        ("mfcc.revision", "\(FeatureKind.mfcc.revision)"),
      ] { #expect(notes[key] == value, "\(key)") }
      #expect(notes["features_revision"] == nil && notes["feature"] == nil && notes["whole"] == nil)
      #expect(notes["mfcc.names"]?.split(separator: " ").count == 16)
      let text = try #require(notes["utterances"])
      #expect(text.contains(#"{"id":"low-s1-0.wav","label":"other","speaker":"s1"}"#))
      let whole = try export(
        self.plan(["audio.long_clips=windows"], in: laboratory), in: laboratory)
      #expect(whole.file.metadata["whole"] == "true" && whole.file.metadata["clip_s"] == nil)
      // From the cache they are the same.
      #expect(try export(plan, in: laboratory).file == features.file)
    }
  }

  @Test("files that cannot be used stop it, or are left out and named where the plan drops such")
  func odd() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try Data("text".utf8).write(to: laboratory.url("one/low-s1-0.wav"))
      let reason =
        "one/low-s1-0.wav: this is not audio in a format that is read; convert it to one of WAV, FLAC, "
        + "Ogg Vorbis, Opus, MP3, AIFF."
      let stopped = laboratory.sentence { _ = try export(plan(in: laboratory), in: laboratory) }
      #expect(
        stopped
          == "corpora.one: \(reason)\naudio.unreadable: drop would leave such files out and "
          + "list them.")
      let features = try export(plan(["audio.unreadable=drop"], in: laboratory), in: laboratory)
      #expect(features.utterances == 35)
      #expect(features.leftOut.count == 1)
      #expect(features.leftOut[0].hasSuffix(reason))
      #expect(features.file.arrays["mel/low-s1-0.wav"] == nil)
      let listed = try #require(features.file.metadata["utterances"])
      #expect(!listed.contains("low-s1-0.wav") && listed.contains("low-s1-1.wav"), "\(listed)")
      #expect(
        laboratory.sentence {
          _ = try FeatureExport(plan(in: laboratory)).corpus(
            "ona", cache: FeatureCache(folder: laboratory.url("cache")), threads: 1)
        } == "--corpus ona: the plan has no such corpus; did you mean one?")
    }
  }

  @Test("functionals beside frames are an array of one row, and the same in each row of a file")
  func vectors() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let plan = try plan(["features.functionals.of=[timing]"], in: laboratory)
      let bins = plan.base.features.binNames(of: .functionals)
      let arrays = try export(plan, in: laboratory).file.arrays
      let vector = try #require(arrays["functionals/mid-s2-1.wav"])
      #expect(vector.shape == [1, bins.count])
      let table = try FeatureExport(plan).clip(laboratory.url("one/mid-s2-1.wav"))
      #expect(Array(table.columns.suffix(bins.count)) == bins)
      #expect(table.rows.count > 1)
      for row in table.rows {
        #expect(row.suffix(bins.count).map { Float($0) } == vector.values)
      }
    }
  }

  @Test("of a file are a row a frame with its time, and the bins by names that tell them apart")
  func clip() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let plan = try plan(in: laboratory)
      let file = laboratory.url("one/mid-s2-1.wav")
      let table = try FeatureExport(plan).clip(file)
      #expect(table.columns.count == 1 + 12 + 16)
      #expect(Set(table.columns).count == table.columns.count)
      #expect(table.columns[0] == "time_s")
      #expect(table.columns[13] == "mfcc_0" && table.columns[28] == "mfcc_7_delta")
      // Half a second every 20 ms, both ends included.
      #expect(table.rows.count == 26)
      #expect(table.rows.map { $0[0] }.prefix(4) == ["0.0", "0.02", "0.04", "0.06"])
      #expect(table.rows.last?[0] == "0.5")
      let clip = try FeatureExtractor(plan.base.features, rateHz: 8000).extract(
        AudioReader.read(file, options: plan.base.audio))
      let mel = try #require(clip[.mel])
      #expect(table.rows.flatMap { $0[1...12].compactMap { Float($0) } } == mel.values)
      // An 800 Hz tone is loudest in the band that is named after it.
      let middle = table.rows[13][1...12].compactMap { Double($0) }
      let loudest = try #require(middle.indices.max { middle[$0] < middle[$1] })
      let hz = try #require(table.columns[1 + loudest].split(separator: "_").last)
      #expect(abs((Double(hz.dropLast(2)) ?? 0) - 800) < 150)
      try Data().write(to: file)
      #expect(
        laboratory.sentence { _ = try FeatureExport(plan).clip(file) }?
          .hasSuffix("mid-s2-1.wav: the file is empty (0 bytes); copy it again.") == true)
    }
  }
}
