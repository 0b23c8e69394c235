import ValenceCore
import ValenceCorpora

/// Collects utterances whose length suggests that the corpus was cut wrongly.
struct OddLengths {
  /// Nobody speaks an utterance for longer than this.
  static let longestS = 60.0
  /// A clip that differs by more from what the corpus's table states was cut elsewhere.
  static let greatestDifferenceS = 1.0

  private var long: [String] = []
  private var different: [String] = []
  private var unstated: [String] = []

  /// Looks at an utterance and the length of its audio.
  mutating func add(_ utterance: Utterance, lengthS: Double) {
    let actual = Self.text(lengthS)
    if lengthS > Self.longestS { long.append("\(utterance.id) (\(actual))") }
    guard let stated = utterance.statedS else { return }
    if stated <= 0 {
      unstated.append("\(utterance.id) (\(actual))")
    } else if abs(stated - lengthS) > Self.greatestDifferenceS {
      different.append("\(utterance.id) (\(actual), not \(Self.text(stated)))")
    }
  }

  /// A sentence for each kind that was found.
  var sentences: [String] {
    [
      Self.sentence(
        long, "lasts longer than \(Int(Self.longestS)) s",
        "last longer than \(Int(Self.longestS)) s"),
      Self.sentence(
        different,
        "is more than \(Int(Self.greatestDifferenceS)) s off the length in the corpus's table",
        "are more than \(Int(Self.greatestDifferenceS)) s off the lengths in the corpus's table"),
      Self.sentence(
        unstated, "ends where it starts by the corpus's table",
        "end where they start by the corpus's table"),
    ].compactMap { $0 }
  }

  private static func sentence(_ found: [String], _ one: String, _ many: String) -> String? {
    guard !found.isEmpty else { return nil }
    let what = "\(Wording.counted(found.count, "utterance")) \(found.count == 1 ? one : many)"
    return "\(what): \(Wording.list(found, limit: 3))."
  }

  private static func text(_ seconds: Double) -> String { "\(NumberText.decimal(seconds, 1)) s" }
}
