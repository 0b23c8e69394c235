/// A part of the training clips that is held out from a fit to the others.
struct InnerFold: Sendable, Equatable {
  /// The clips that are fitted to, in increasing order.
  let training: [Int]
  /// The clips that are held out, in increasing order.
  let testing: [Int]

  /// The most speakers that are each held out alone.
  private static let mostAlone = 6
  /// The folds of more speakers.
  private static let folds = 5

  /// The folds of the training clips: each speaker of up to six alone, else five groups of speakers of about
  /// as many clips.
  ///
  /// Speakers of most clips are dealt first, each to the group that has the fewest, so the folds follow from
  /// the numbers of clips and the order of speakers.
  static func ofSpeakers(_ data: ClassicData) -> [InnerFold] {
    var clips: [Int: Int] = [:]
    for speaker in data.speakers { clips[speaker, default: 0] += 1 }
    let speakers = clips.keys.sorted()
    if speakers.count <= mostAlone {
      let group = Dictionary(uniqueKeysWithValues: zip(speakers, speakers.indices))
      return dealt(data.speakers.map { group[$0] ?? 0 }, groups: speakers.count)
    }
    var sizes = Array(repeating: 0, count: folds)
    var group: [Int: Int] = [:]
    for speaker in speakers.sorted(by: { (clips[$0] ?? 0, $1) > (clips[$1] ?? 0, $0) }) {
      let least = sizes.indices.min { (sizes[$0], $0) < (sizes[$1], $1) } ?? 0
      group[speaker] = least
      sizes[least] += clips[speaker] ?? 0
    }
    return dealt(data.speakers.map { group[$0] ?? 0 }, groups: folds)
  }

  /// Folds of clips of each class in turn, for a calibration where speakers cannot be kept apart.
  static func ofClips(_ data: ClassicData) -> [InnerFold] {
    let groups = min(folds, data.count)
    var group = Array(repeating: 0, count: data.count)
    let order = data.targets.indices.sorted { (data.targets[$0], $0) < (data.targets[$1], $1) }
    for (turn, clip) in order.enumerated() { group[clip] = turn % groups }
    return dealt(group, groups: groups)
  }

  private static func dealt(_ group: [Int], groups: Int) -> [InnerFold] {
    guard groups >= 2 else { return [] }
    return (0..<groups).map { held in
      InnerFold(
        training: group.indices.filter { group[$0] != held },
        testing: group.indices.filter { group[$0] == held })
    }
  }
}
