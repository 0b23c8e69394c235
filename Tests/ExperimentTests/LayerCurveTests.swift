import Foundation
import Testing
import ValenceCore
import ValencePlan
import ValenceStore
import ValenceTestSupport

@testable import ValenceData
@testable import ValenceReport

@Suite("Reports on the layers of an encoder")
struct LayerCurveTests {
  private static let sweep =
    "sweep: {grid: {model.rnn.hidden: [2, 4, 8], model.cnn.channels: [[4], [6]]}}\n"
  private static let settings = [
    "training.epochs=1", "report.figures=[layers]", "report.formats=[svg]",
  ]

  /// The rows of a block, numbers alone.
  private func block(_ name: String, in data: String) throws -> [[Double]] {
    let text = try #require(data.components(separatedBy: "# \(name): ").dropFirst().first)
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
      .prefix { !$0.isEmpty }.map { line in
        line.prefix { $0 != "#" }.split(separator: " ").map { Double($0) ?? .nan }
      }
  }

  private func curve(_ channels: Int, name: String) -> LayerCurve {
    LayerCurve(
      name: name, encoder: "tiny (whisper-6x512-0123456789ab)", heard: ["one", "fleurs"],
      layers: 6,
      points: [("0", 2), ("5", 4), ("mean", 8)].map { layer, hidden in
        .init(layer: layer, variant: "hidden=\(hidden) channels=\(channels)")
      })
  }

  /// Says that the variants of a finished experiment are those of an encoder's layers, and reports again.
  private func report(_ curves: [LayerCurve]?, in laboratory: Laboratory) throws {
    let store = laboratory.store()
    var spec = try store.read(ReportSpec.self, from: .reportSpec)
    spec.layerCurves = curves
    try store.write(json: spec, to: .reportSpec)
    try laboratory.report()
  }

  private func uar(_ variant: String, _ test: String, in laboratory: Laboratory) throws -> Double {
    let rows = try Table(contentsOf: laboratory.url("Results/study/results.csv")).rows
    let values = rows.filter {
      $0[0] == variant && $0[2] == test && $0[5] == "uar"
        && ($0[3] == "pooled") == (test == "one")
    }.compactMap { Double($0[6]) }
    return values.reduce(0, +) / Double(values.count)
  }

  @Test("a curve has the scores of the table at its layers, in a line for each corpus")
  func oneCurve() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(speakers: 3, seed: 2), as: "two")
      let text = laboratory.plan(corpora: ["one", "two"], Self.sweep)
      try laboratory.run(text, Self.settings + ["train_on=[one]"])
      #expect(!FileManager.default.fileExists(atPath: laboratory.url("Plots/study/layers.gp").path))
      try report([curve(4, name: "")], in: laboratory)
      let data = try laboratory.text("Plots/study/layers.dat")
      for (number, test) in [(1, "one"), (2, "two")] {
        let layers = try block("layers1-\(number)", in: data)
        #expect(layers.map { $0[0] } == [0, 5])
        for (row, hidden) in zip(layers, [2, 4]) {
          let expected = try uar("hidden=\(hidden) channels=4", test, in: laboratory)
          #expect(abs(row[2] - 100 * expected) < 1e-3)
        }
        let words = try block("words1-\(number)", in: data)
        let expected = try uar("hidden=8 channels=4", test, in: laboratory)
        #expect(words.count == 1 && abs(words[0][2] - 100 * expected) < 1e-3)
      }
      let script = try laboratory.text("Plots/study/layers.gp")
      #expect(script.contains("'one → two (N = "))
      #expect(
        script.contains(
          "Frozen encoder tiny (whisper-6x512-0123456789ab); it has heard one, fleurs."))
      let summary = try laboratory.text("Results/study/summary.md")
      #expect(summary.contains("layers.svg"))
    }
  }

  @Test("several curves meet in a panel for each corpus; what is missing leaves a gap in its line")
  func twoCurves() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      let text = laboratory.plan("study", Self.sweep)
      let left = "hidden=4 channels=6"
      try laboratory.run(text, Self.settings, .init(only: { $0.variant.name != left }))
      try report([curve(4, name: "channels=4"), curve(6, name: "channels=6")], in: laboratory)
      let data = try laboratory.text("Plots/study/layers.dat")
      #expect(try block("layers1-1", in: data).allSatisfy { $0[2].isFinite })
      let gapped = try block("layers1-2", in: data)
      #expect(gapped.map { $0[0] } == [0, 5])
      #expect(gapped[0][2].isFinite && gapped[1][2].isNaN)
      #expect(try block("missing1-2", in: data).count == 1)
      let script = try laboratory.text("Plots/study/layers.gp")
      #expect(script.contains("set label 'channels=4'") && script.contains("Dash: no result."))
      #expect(script.contains("set label 'one (N = "))
    }
  }

  @Test("tested on other corpora, each training corpus has a figure of its own")
  func across() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.write(ToneCorpus(seed: 2), as: "two")
      let text = laboratory.plan(corpora: ["one", "two"], Self.sweep)
      try laboratory.run(text, Self.settings)
      try report([curve(4, name: "")], in: laboratory)
      for train in ["one", "two"] {
        let data = try laboratory.text("Plots/study/layers-\(train).dat")
        #expect(data.contains("# two → one: layer 5") == (train == "two"))
        #expect(data.contains("# one → two: layer 5") == (train == "one"))
      }
    }
  }

  @Test("a sweep over the layers of an encoder has its curve, and one sentence on the encoder")
  func sweptLayers() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      _ = try TinyEncoder(in: laboratory.url(""))
      let layers = ["0", "1", "2", "last", "mean", "weighted"]
      let sweep = layers.joined(separator: ", ")
      try laboratory.run(
        laboratory.plan(),
        Self.settings + [
          "audio.rate_hz=16000", "model.projection.width=6", "model.rnn=none",
          "features.fusion=encoder", "features.encoder.path=tiny-whisper",
          "sweep={grid: {features.encoder.layer: [\(sweep)]}}",
        ])
      let data = try laboratory.text("Plots/study/layers.dat")
      #expect(try block("layers1-1", in: data).map { $0[0] } == [0, 1, 2])
      #expect(try block("words1-1", in: data).count == 3)
      for layer in layers {
        let score = try 100 * uar("layer=\(layer)", "one", in: laboratory)
        let place = Int(layer) == nil ? layer : "layer \(layer)"
        let line = try #require(
          data.split(separator: "\n").first { $0.hasSuffix("# one: \(place)") })
        let drawn = try #require(Double(line.split(separator: " ")[2]))
        #expect(abs(drawn - score) < 1e-3)
      }
      let summary = try laboratory.text("Results/study/summary.md")
      let parts = summary.components(separatedBy: "rozen encoder ")
      #expect(parts.count == 2, "one sentence for all layers")
      #expect(parts[1].hasPrefix("tiny-whisper (whisper-2x8-"))
      #expect(parts[1].contains("); what it has heard is not stated."))
    }
  }

  @Test("the outline of a plan without curves has no word of them")
  func outline() throws {
    try Laboratory.with { laboratory in
      try laboratory.write(ToneCorpus(), as: "one")
      try laboratory.run(laboratory.plan("study", Self.sweep), Self.settings)
      #expect(try !laboratory.text("Results/study/outline.json").contains("layer_curves"))
      #expect(try !laboratory.text("Results/study/outline.json").contains("layerCurves"))
    }
  }
}
