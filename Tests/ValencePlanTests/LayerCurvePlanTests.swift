import Foundation
import Testing
import ValenceReport

@testable import ValencePlan

@Suite("Layer curves of a plan")
struct LayerCurvePlanTests {
  private func curves(_ lines: String..., encoder: String = "one") throws -> [LayerCurve] {
    try readPlan(head, overrides: overrides(encoder: encoder) + lines).layerCurves
  }

  private func layers(_ curve: LayerCurve) -> [String] { curve.points.map(\.layer) }

  @Test("a grid over layers is a curve, numbers from low to high and then words")
  func grid() throws {
    let curves = try curves(
      "sweep={grid: {features.encoder.layer: [weighted, 2, last, 0, mean, 1]}}",
      "features.encoder.heard=[fleurs]")
    #expect(curves.count == 1)
    #expect(layers(curves[0]) == ["0", "1", "2", "last", "mean", "weighted"])
    #expect(curves[0].points[3].variant == "layer=last")
    #expect(curves[0].name == "")
    #expect(curves[0].layers == 2)
    #expect(curves[0].heard == ["fleurs"])
    #expect(curves[0].encoder.hasPrefix("one (whisper-2x8-"))
    #expect(!curves[0].encoder.contains("layer"))
  }

  @Test("each combination of the other settings has a curve, which its name says")
  func others() throws {
    let curves = try curves(
      """
      sweep={grid: {features.normalization: [train, speaker], features.encoder.layer: [0, 1], \
      model.rnn.hidden: [8, 16]}, exclude: [{features.normalization: train, features.encoder.layer: 1, \
      model.rnn.hidden: 8}]}
      """)
    // Of training statistics and 8 units one layer is left, which is no curve.
    #expect(
      curves.map(\.name) == [
        "normalization=train hidden=16", "normalization=speaker hidden=8",
        "normalization=speaker hidden=16",
      ])
    #expect(curves.allSatisfy { layers($0) == ["0", "1"] })
    #expect(curves[1].points[1].variant == "normalization=speaker layer=1 hidden=8")
  }

  @Test("around a base, the base is one of the curve's layers and other settings are not on it")
  func oneAtATime() throws {
    let curves = try curves(
      "sweep={one_at_a_time: {features.encoder.layer: [0, 2], model.rnn.hidden: [8]}}")
    #expect(curves.count == 1)
    #expect(
      curves[0].points.map { "\($0.layer) \($0.variant)" } == [
        "0 layer=0", "2 layer=2", "last base",
      ])
  }

  @Test(
    "named variants make curves by their settings; where names have nothing in common, the first stands"
  )
  func named() throws {
    let curves = try curves(
      """
      sweep={variants: {low: {features.encoder.layer: 0}, high: {features.encoder.layer: 2}, wide: {features.encoder.layer: 0, model.rnn.hidden: 16}, \
      wider: {features.encoder.layer: 1, model.rnn.hidden: 16}}}
      """)
    #expect(curves.map(\.name) == ["low …", "wide …"])
    #expect(curves.map(layers) == [["0", "2"], ["0", "1"]])
  }

  @Test("different encoders are on different curves")
  func encoders() throws {
    let sweep = """
      sweep={grid: {features.encoder.path: ["${ENCODERS}/one", "${ENCODERS}/other"], \
      features.encoder.layer: [0, 1]}}
      """
    let curves = try readPlan(head, overrides: ["features.fusion=encoder", sweep]).layerCurves
    #expect(curves.map { $0.encoder.prefix { $0 != " " } } == ["one", "other"])
    #expect(curves[0].name != curves[1].name)
  }

  @Test(
    "without two layers of one setting, or without the encoder among the features, there is no curve",
    arguments: [
      "title=none", "sweep={grid: {model.rnn.hidden: [8, 16]}}",
      "sweep={variants: {a: {features.encoder.layer: 0}, b: {features.encoder.layer: 1, model.rnn.hidden: 16}}}",
    ])
  func none(line: String) throws {
    #expect(try curves(line) == [])
    // Beside a fusion that does not take the encoder in, nothing of it is heard.
    let mel = try readPlan(
      head,
      overrides: [
        "features.encoder.path=${ENCODERS}/one",
        "sweep={variants: {mel: {features.fusion: mel}, late: {features.fusion: late}}}",
      ])
    #expect(mel.layerCurves == [])
  }
}
