import ValenceCore

@testable import ValenceClassic

/// Vectors of classes that overlap, each speaker a little apart.
struct SampleClips {
  var speakers = 8
  var clipsEach = 12
  var classes = 3
  var dimensions = 20
  var noise = 2.0
  var seed: UInt64 = 1

  var data: ClassicData {
    var random = RandomStream(seed: seed, "sample clips")
    let centers = (0..<classes * dimensions).map { _ in random.normal() }
    var data = ClassicData(vectors: [], targets: [], speakers: [], classCount: classes)
    for speaker in 0..<speakers {
      let own = (0..<dimensions).map { _ in 0.5 * random.normal() }
      for clip in 0..<clipsEach {
        let target = clip % classes
        data.targets.append(target)
        data.speakers.append(speaker)
        for number in 0..<dimensions {
          let mean = centers[target * dimensions + number] + own[number]
          data.vectors.append(Float(mean + noise * random.normal()))
        }
      }
    }
    return data
  }
}

extension SampleClips {
  /// The same with a deviation of about 1, as the kernel wants them.
  var standardized: ClassicData {
    var data = data
    let deviation = Float((noise * noise + 1.25).squareRoot())
    data.vectors = data.vectors.map { $0 / deviation }
    return data
  }
}

extension ClassicData {
  /// Some of the clips, in that order.
  func clips(_ picked: [Int]) -> ClassicData {
    ClassicData(
      vectors: picked.flatMap { vectors[$0 * dimensions..<($0 + 1) * dimensions] },
      targets: picked.map { targets[$0] }, speakers: picked.map { speakers[$0] },
      classCount: classCount, groups: groups)
  }

  /// The clips of some speakers.
  func of(_ some: Range<Int>) -> ClassicData {
    clips(targets.indices.filter { some.contains(speakers[$0]) })
  }
}
