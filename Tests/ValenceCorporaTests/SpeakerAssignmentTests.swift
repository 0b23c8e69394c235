import Testing
import ValenceCore

@testable import ValenceCorpora

/// Recorded assignments; another one trains every experiment with speaker folds anew.
@Suite("Which speakers are tested together")
struct SpeakerAssignmentTests {
  private func folds(_ speakers: [SpeakerProfile], _ count: Int) -> [[String]] {
    let assignment = SpeakerAssignment(speakers, folds: count)
    return (0..<count).map { fold in
      zip(speakers, assignment.foldOfSpeaker).filter { $0.1 == fold }.map(\.0.name)
    }
  }

  private func speaker(_ name: String, _ gender: Gender, _ classCounts: [Int]) -> SpeakerProfile {
    SpeakerProfile(
      name: name, gender: gender, indices: Array(0..<classCounts.reduce(0, +)),
      classCounts: classCounts)
  }

  @Test("24 equal speakers, men and women in turn as in RAVDESS, are dealt out by name")
  func equal() {
    let speakers = (1...24).map { number in
      speaker(
        (number < 10 ? "0" : "") + "\(number)", number.isMultiple(of: 2) ? .female : .male,
        [4, 8, 8, 8, 8, 8, 8, 8])
    }
    #expect(
      folds(speakers, 5) == [
        ["01", "06", "11", "16", "21"], ["02", "07", "12", "17", "22"],
        ["03", "08", "13", "18", "23"], ["04", "09", "14", "19", "24"], ["05", "10", "15", "20"],
      ])
  }

  @Test("unequal speakers are placed by size, then moved and swapped, as a twin in Python does it")
  func unequal() {
    let counts = [
      ("f1", 7, 7), ("f2", 1, 5), ("f3", 9, 8), ("f4", 7, 5), ("m1", 8, 6), ("m2", 4, 9),
      ("m3", 3, 5), ("m4", 3, 2), ("m5", 5, 9),
    ]
    let speakers = counts.map { name, high, low in
      speaker(name, name.hasPrefix("f") ? .female : .male, [high, low])
    }
    // Without the sweeps m2 and m3 would be elsewhere.
    #expect(
      folds(speakers, 3) == [["f3", "m4", "m5"], ["f1", "m2", "m3"], ["f2", "f4", "m1"]])
  }
}
