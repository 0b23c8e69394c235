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
