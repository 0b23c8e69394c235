import Testing
import ValenceCore
import ValenceEncoders

@testable import ValenceFeatures

@Suite("What a classic model sees of a clip")
struct ClipVectorTests {
  private var options: FeatureOptions {
    var options = FeatureOptions()
    (options.mel.bands, options.mfcc.coefficients, options.fusion) = (4, 2, .concat)
    return options
  }

  private let clip = ClipFeatures([
    .mel: FeatureMatrix(frames: 2, bins: 4, values: [1, 2, 3, 4, 3, 2, 1, 8]),
    .mfcc: FeatureMatrix(frames: 2, bins: 2, values: [-1, 5, 1, 5]),
  ])

  @Test(
    "the mean of each bin over frames, one feature behind the other, and their deviations where asked for"
  )
  func pooled() {
    let mean = ClipVector(options, pooling: .mean)
    #expect(mean.groups == [0..<4, 4..<6] && mean.count == 6)
    #expect(mean.pooled(clip).values == [2, 2, 2, 6, 0, 5])
    let both = ClipVector(options, pooling: .meanStd)
    #expect(both.groups == [0..<8, 8..<12] && both.count == 12)
    #expect(both.pooled(clip).values == [2, 2, 2, 6, 1, 0, 1, 2, 0, 5, 1, 0])
  }

  @Test("functionals are a vector already, with a group for each kind of contour")
  func functionals() {
    var options = options
    options.fusion = .functionals
    let vector = ClipVector(options, pooling: .meanStd)
    #expect(vector.count == options.bins(of: .functionals))
    #expect(vector.groups.count == FunctionalsOptions().groups.count)
    let values = (0..<vector.count).map(Float.init)
    let clip = ClipFeatures([
      .functionals: FeatureMatrix(frames: 1, bins: values.count, values: values)
    ])
    #expect(vector.pooled(clip).values == values)
  }

  @Test("deviations from the mean over clips are cut at six; what is constant is only centered")
  func standardized() {
    let vector = ClipVector(options, pooling: .mean)
    let rows: [[Float]] = (0..<100).map { [$0 == 0 ? 100 : 0, 3, 0, 0, 0, 0] }
    let moments = rows.map { BinMoments(FeatureMatrix(frames: 1, bins: 6, values: $0)) }
    let all = BinMoments.merged(moments)
    let normalizer = all.map { vector.normalizer($0, source: .trainingFold) }
    var outlier = FeatureMatrix(frames: 1, bins: 6, values: rows[0])
    ClipVector.standardize(&outlier, by: normalizer)
    #expect(outlier.values == [6, 0, 0, 0, 0, 0])
    ClipVector.standardize(&outlier, by: nil)
    #expect(outlier.values[0] == 6)
  }

  @Test("a choice is the vector of its layer and pooling, cut from that of all")
  func choices() {
    var options = options
    options.fusion = .branches
    let shape = EncoderShape(family: .whisper, layers: 2, width: 2)
    let identity = EncoderIdentity(shape: shape, digest: Digest(ofParts: ["tiny"]))
    options.encoder = EncoderOptions(identity, folder: nil)
    var clip: [FeatureKind: FeatureMatrix] = [.mel: clip[.mel], .mfcc: clip[.mfcc]]
      .compactMapValues(
        \.self)
    let states = FeatureMatrix(frames: 2, bins: 6, values: [1, 2, 3, 4, 5, 6, 3, 2, 5, 4, 9, 0])
    options.encoder?.layer = .nested
    clip[.encoder] = states
    let all = ClipVector(options, pooling: .nested)
    #expect(
      all.choices.map { [$0.layer ?? -1, $0.pooling == .mean ? 0 : 1] }
        == [[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 1]])
    let pooled = all.pooled(ClipFeatures(clip)).values
    #expect(pooled.count == all.count && all.count == 2 * 12)
    for choice in all.choices {
      let layer = choice.layer ?? 0
      options.encoder?.layer = .state(layer)
      clip[.encoder] = FeatureMatrix(
        frames: 2, bins: 2,
        values: [0, 6].flatMap { states.values[$0 + 2 * layer..<$0 + 2 * layer + 2] })
      let own = ClipVector(options, pooling: choice.pooling)
      #expect(own.choices.count == 1 && own.choices[0].layer == nil)
      let columns = all.columns(of: choice)
      #expect(own.pooled(ClipFeatures(clip)).values == columns.flatMap { pooled[$0] })
      let normalizer = Normalizer(
        means: pooled, deviations: pooled.map { _ in 2 }, source: .trainingFold)
      #expect(normalizer.picking(columns).means == own.pooled(ClipFeatures(clip)).values)
    }
    #expect(
      ClipVector(options, pooling: .mean).columns(of: .init(layer: nil, pooling: .mean)) == [
        0..<4, 4..<6, 6..<8,
      ])
  }
}
