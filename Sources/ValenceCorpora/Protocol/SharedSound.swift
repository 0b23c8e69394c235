package import ValenceCore

/// Utterances that share sound, wholly or in part, under any file names.
///
/// Two do if their files have the same bytes and their spans overlap, or if they decode to the same samples;
/// what overlaps with one of several copies overlaps with all. All of this is worked out once, so that each
/// of many folds is looked at in one pass over the few utterances that share anything.
///
/// What is found here refuses a split, or takes clips out of training and so makes other trials
/// (`SharedSoundTests`, which compare each with each).
package struct SharedSound: Sendable {
  /// The identity of an utterance's sound.
  package struct Sound: Sendable {
    /// The digest of its file's bytes; nil if it has no sound.
    package var file: Digest?
    /// The span of the file in seconds; nil is the whole.
    package var span: ClosedRange<Double>?
    /// The digest of the decoded samples, if it is known.
    package var samples: Digest?

    package init(file: Digest?, span: ClosedRange<Double>? = nil, samples: Digest? = nil) {
      (self.file, self.span, self.samples) = (file, span, samples)
    }
  }

  /// A part of a file that utterances of one group hold.
  fileprivate struct Place {
    let file: Int32
    let start: Double
    let end: Double
    let group: Int32
  }

  /// The group of each utterance: those with the very same sound; -1 for those that share nothing.
  private let groups: [Int32]
  private let groupCount: Int
  /// The spans of the groups that share anything, by file and start.
  private let places: [Place]

  /// Compares sounds; utterances are known by their positions in the list.
  package init(_ sounds: [Sound]) {
    var files: [Digest: Int32] = [:]
    let places = sounds.enumerated().compactMap { index, sound -> Place? in
      guard let digest = sound.file else { return nil }
      let next = Int32(files.count)
      let file = files[digest, default: next]
      if file == next { files[digest] = next }
      return Place(
        file: file, start: sound.span?.lowerBound ?? 0,
        end: sound.span?.upperBound ?? .infinity, group: Int32(index))
    }.sorted { ($0.file, $0.start, $0.end, $0.group) < ($1.file, $1.start, $1.end, $1.group) }
    // Every utterance is a group of its own until another is found to be the same.
    var union = Union(count: sounds.count)
    var shares = [Bool](repeating: false, count: sounds.count)
    var (file, end, last) = (Int32(-1), 0.0, 0)
    for (position, place) in places.enumerated() {
      if place.file != file { (file, end, last) = (place.file, -1, position) }
      if place.start < end {
        shares[Int(place.group)] = true
        shares[Int(places[last].group)] = true
      }
      if position > 0, places[position - 1].isWhere(place) {
        union.unite(Int(places[position - 1].group), Int(place.group))
      }
      // It is enough to remember the span that ends last: any earlier span that overlaps this one
      // overlaps that one too.
      if place.end > end { (end, last) = (place.end, position) }
    }
    var bySamples: [Digest: Int] = [:]
    for (index, sound) in sounds.enumerated() {
      guard sound.file != nil, let samples = sound.samples else { continue }
      if let first = bySamples[samples] {
        union.unite(first, index)
        (shares[first], shares[index]) = (true, true)
      } else {
        bySamples[samples] = index
      }
    }
    (groups, groupCount) = union.numbered(shares)
    let numbers = groups
    self.places = places.compactMap { place in
      let group = numbers[Int(place.group)]
      return group < 0
        ? nil : Place(file: place.file, start: place.start, end: place.end, group: group)
    }
  }

  /// Whether no utterance shares anything with another.
  package var isEmpty: Bool { groupCount == 0 }

  /// Whether two utterances hold the very same sound.
  package func areEqual(_ a: Int, _ b: Int) -> Bool { groups[a] >= 0 && groups[a] == groups[b] }

  /// Utterances of two sides that hold the same sound, wholly or in part.
  package struct Crossing: Hashable, Sendable {
    /// Those of the first side, ascending.
    package var first: [Int] = []
    /// Those of the second side, ascending.
    package var second: [Int] = []
    /// For each of `second` one of the first side that shares its sound.
    package var partners: [Int] = []
  }

  /// The sound that two sides share; an utterance on both sides shares itself.
  package func crossing(_ first: [Int], _ second: [Int]) -> Crossing {
    guard groupCount > 0 else { return Crossing() }
    let partnersOfSecond = partners(among: first)
    var crossing = Crossing()
    for index in second where groups[index] >= 0 {
      let partner = partnersOfSecond[Int(groups[index])]
      guard partner >= 0 else { continue }
      crossing.second.append(index)
      crossing.partners.append(Int(partner))
    }
    guard !crossing.second.isEmpty else { return crossing }
    let partnersOfFirst = partners(among: second)
    crossing.first = first.filter { groups[$0] >= 0 && partnersOfFirst[Int(groups[$0])] >= 0 }
    return crossing
  }

  /// For each group an utterance of a side that shares its sound; -1 where there is none.
  private func partners(among side: [Int]) -> [Int32] {
    var own = [Int32](repeating: -1, count: groupCount)
    for index in side {
      let group = Int(groups[index])
      if group >= 0, own[group] < 0 { own[group] = Int32(index) }
    }
    var found = own
    // Of the side's places that begin no later, the one that reaches furthest.
    var (file, end, reaching) = (Int32(-1), 0.0, Int32(-1))
    for place in places {
      if place.file != file { (file, end, reaching) = (place.file, -1, -1) }
      let group = Int(place.group)
      if found[group] < 0, place.start < end { found[group] = reaching }
      if own[group] >= 0, place.end > end { (end, reaching) = (place.end, own[group]) }
    }
    // Of those that begin later, the next.
    var (start, next) = (Double.infinity, Int32(-1))
    file = -1
    for place in places.reversed() {
      if place.file != file { (file, start, next) = (place.file, .infinity, -1) }
      let group = Int(place.group)
      if found[group] < 0, start < place.end { found[group] = next }
      if own[group] >= 0 { (start, next) = (place.start, own[group]) }
    }
    return found
  }

  /// The utterances of a list that hold the very same sound as another of it, together with those others;
  /// by their first.
  package func repeated(in indices: some Sequence<Int>) -> [[Int]] {
    guard groupCount > 0 else { return [] }
    var members: [Int32: [Int]] = [:]
    for index in indices where groups[index] >= 0 {
      members[groups[index], default: []].append(index)
    }
    return members.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }

  /// The utterances of a list that hold a part of the sound of another of it, and not the very same.
  package func overlapping(in indices: some Sequence<Int>) -> [Int] {
    guard groupCount > 0 else { return [] }
    let indices = Array(indices)
    var isThere = [Bool](repeating: false, count: groupCount)
    for index in indices where groups[index] >= 0 { isThere[Int(groups[index])] = true }
    var overlaps = [Bool](repeating: false, count: groupCount)
    var (file, end, reaching) = (Int32(-1), 0.0, 0)
    for place in places where isThere[Int(place.group)] {
      let group = Int(place.group)
      if place.file != file { (file, end, reaching) = (place.file, -1, group) }
      if place.start < end, group != reaching {
        overlaps[group] = true
        overlaps[reaching] = true
      }
      if place.end > end { (end, reaching) = (place.end, group) }
    }
    return indices.filter { groups[$0] >= 0 && overlaps[Int(groups[$0])] }
  }
}

extension SharedSound.Place {
  /// Whether it is the very same part of a file.
  fileprivate func isWhere(_ other: Self) -> Bool {
    file == other.file && start == other.start && end == other.end
  }
}

/// Sets of numbers that grow together.
private struct Union {
  private var parents: [Int32]

  init(count: Int) { parents = (0..<Int32(count)).map(\.self) }

  private mutating func root(_ index: Int) -> Int {
    var index = index
    while Int(parents[index]) != index {
      parents[index] = parents[Int(parents[index])]
      index = Int(parents[index])
    }
    return index
  }

  mutating func unite(_ a: Int, _ b: Int) {
    let (a, b) = (root(a), root(b))
    parents[max(a, b)] = Int32(min(a, b))
  }

  /// The sets, numbered from 0, of which a member is marked; -1 for members of all others.
  func numbered(_ isMarked: [Bool]) -> ([Int32], Int) {
    var union = self
    var numbers = [Int32](repeating: -1, count: parents.count)
    for (index, mark) in isMarked.enumerated() where mark { numbers[union.root(index)] = 0 }
    var count = 0
    for index in parents.indices {
      let root = union.root(index)
      guard numbers[root] >= 0 else { continue }
      // A root comes before all other members of its set.
      if index == root {
        numbers[index] = Int32(count)
        count += 1
      } else {
        numbers[index] = numbers[root]
      }
    }
    return (numbers, count)
  }
}
