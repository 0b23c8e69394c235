import Foundation
import Testing
import ValenceAudio
import ValenceCore
import ValenceEGeMAPS
import ValenceFeatures
import ValenceTestSupport

@Suite("The revision of the features")
struct RevisionTests {
  static let file = "revision/features.safetensors"

  /// The features that are computed here; an encoder's frames are held by the fixtures of its own target.
  static let kinds = FeatureKind.allCases.filter { $0 != .encoder }

  /// What revisions are told apart by: every feature of one clip, with deltas.
  func features() throws -> [String: Safetensors.Array] {
    let reference = try Reference("narrow")
    var options = reference.options
    options.mfcc.deltas = 2
    var features = try Dictionary(
      uniqueKeysWithValues: Self.kinds.map { kind in
        options.fusion = try #require(
          FeatureOptions.Fusion.allCases.first {
            options.fusion = $0
            return options.kinds.contains(kind)
          })
        let clip = try FeatureExtractor(options, rateHz: reference.waveform.rateHz)
          .extract(reference.waveform)
        let matrix = try #require(clip[kind])
        return (
          kind.rawValue,
          Safetensors.Array(shape: [matrix.frames, matrix.bins], values: matrix.values)
        )
      })
    let egemaps = EGeMAPS(rateHz: reference.waveform.rateHz).extract(reference.waveform.samples)
    features["egemaps"] = Safetensors.Array(shape: [1, egemaps.count], values: egemaps)
    return features
  }

  @Test("of functionals moves with the parameters of eGeMAPS too")
  func egemaps() throws {
    let ours = try #require(features()["egemaps"])
    let url = Fixture(.module).folder.appending(path: Self.file)
    let recorded = try Safetensors(decoding: Data(contentsOf: url), name: Self.file)
    let theirs = try #require(recorded.arrays["egemaps"], "record it with VALENCE_RECORD=1")
    let deviation = Deviation(ours.values, from: theirs.values, absolute: 1e-3, relative: 1e-3)
    #expect(
      deviation.isWithin,
      "eGeMAPS moved: raise the revision of functionals, then record; \(deviation)")
  }

  @Test("moves if and only if the numbers do")
  func recorded() throws {
    let features = try features()
    if ProcessInfo.processInfo.environment["VALENCE_RECORD"] == "1" {
      let metadata = Dictionary(
        uniqueKeysWithValues: Self.kinds.map { ($0.rawValue, "\($0.revision)") })
      let target = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/\(Self.file)")
      try Safetensors(arrays: features, metadata: metadata).encoded().write(to: target)
      Issue.record("recorded \(metadata); run again without recording")
      return
    }
    let url = Fixture(.module).folder.appending(path: Self.file)
    let recorded = try Safetensors(decoding: Data(contentsOf: url), name: Self.file)
    for kind in Self.kinds {
      #expect(
        recorded.metadata[kind.rawValue] == "\(kind.revision)",
        "the revision of \(kind) moved: record its numbers with VALENCE_RECORD=1")
      let ours = try #require(features[kind.rawValue])
      let theirs = try #require(
        recorded.arrays[kind.rawValue], "\(kind) is new: record it with VALENCE_RECORD=1")
      // Not the bytes: other processors round the last digits of an FFT in another way.
      let deviation = Deviation(ours.values, from: theirs.values, absolute: 1e-3, relative: 1e-6)
      #expect(
        deviation.isWithin,
        "\(kind) moved: raise its revision, then record; \(deviation)")
    }
  }
}
