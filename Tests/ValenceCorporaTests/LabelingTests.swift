import Foundation
import Testing
import ValenceCore
import ValenceTestSupport

@testable import ValenceCorpora

/// A corpus of made-up utterances: speaker, label and how many of them.
func corpus(
  _ groups: [(speaker: String?, label: String, count: Int)], named name: String = "mine"
) -> Corpus {
  var utterances: [Utterance] = []
  for group in groups {
    for _ in 0..<group.count {
      let id = "\(group.speaker ?? "nobody")-\(group.label)-\(utterances.count).wav"
      utterances.append(
        Utterance(
          id: id, filePath: "/nowhere/\(id)",
          .init(
            speaker: group.speaker, label: group.label,
            gender: group.speaker.map { $0.hasPrefix("f") ? .female : .male })))
    }
  }
  return Corpus(name: name, root: URL(filePath: "/nowhere"), utterances: utterances)
}

@Suite("Labels")
struct LabelingTests {
  private var emotion4: LabelSpace {
    get throws { try #require(LabelSpace.builtIn("emotion4")) }
  }

  @Test("each native label becomes a class or is dropped, and both are counted")
  func counts() throws {
    let labeled = try corpus([("f1", "joy", 3), ("m1", "anger", 2), (nil, "calm", 4)])
      .labeled(by: emotion4)
    #expect(labeled.utterances.count == 5)
    #expect(labeled.dropped.count == 4)
    #expect(labeled.classCounts == [2, 3, 0, 0])
    #expect(labeled.emptyClasses == ["neutral", "sad"])
    #expect(labeled.speakers == ["f1", "m1"])
    #expect(labeled.labels.map(\.label) == ["anger", "calm", "joy"])
    #expect(labeled.labels.map(\.count) == [2, 4, 3])
    #expect(labeled.labels.map(\.target) == [0, nil, 1])
    #expect(
      labeled.utterances.map(\.utterance.id) == labeled.utterances.map(\.utterance.id).sorted())
  }

  @Test("labels that the space does not know are refused with the nearest word")
  func unknown() throws {
    let problems = #expect(throws: ErrorList<LabelError>.self) {
      try corpus([("f1", "angr", 1), ("f1", "sad", 2), ("f1", "zzzzzz", 3)]).labeled(by: emotion4)
    }
    let messages = try #require(problems).all
    #expect(messages.map(\.label) == ["angr", "zzzzzz"])
    #expect(
      messages.first?.description
        == "labels: the label space emotion4 does not know the label 'angr' of corpus mine (1 utterance); "
        + "map it in labelMap or list it in labelDrop; did you mean angry?")
    #expect(
      messages.last?.description.hasPrefix(
        "labels: the label space emotion4 does not know the label 'zzzzzz' of corpus mine (3 utterances); "
          + "map it in labelMap or list it in labelDrop; valid are afraid, ang, anger, angry, ")
        == true)
  }

  @Test("a corpus's own map comes before the common one")
  func ownMap() throws {
    let space = LabelSpace(
      name: "custom", classes: ["high", "low"],
      maps: ["mine": ["Calm": "high"], "*": ["calm": "low", "sad": "low"]], dropped: ["Surprise"])
    let labeled = try corpus([("f1", "calm", 1), ("f1", "sad", 1), ("f1", "surprise", 1)])
      .labeled(by: space)
    #expect(labeled.classCounts == [1, 1])
    #expect(labeled.dropped.map(\.label) == ["surprise"])
  }
}
